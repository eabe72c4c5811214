/**
 * Finds by selectors without happy-dom's caches: each search of its own leaves an entry in every element that it passes, and
 * every change of the page throws the entries away. Only selectors of one element each are found here, all others by happy-dom.
 */
import {
  type Attr,
  type Document,
  type DocumentFragment,
  type Element,
  PropertySymbol,
  type Window,
} from "happy-dom";
import { type Changes, changesOf, mendChanges } from "./browser-changes.ts";
import { classWith } from "./browser-costs.ts";

type Test = (element: Element) => boolean;

interface Selector {
  readonly test: Test;
  /** Names of the attributes that it asks for. */
  readonly attributes: readonly string[];
}

/** Elements within a node, as happy-dom keeps them, and attributes by their names. */
interface Within {
  readonly [PropertySymbol.elementArray]: readonly (Element & Within)[];
}
interface Attributed {
  readonly [PropertySymbol.attributes]: {
    readonly [PropertySymbol.itemsByName]: ReadonlyMap<string, readonly Attr[]>;
  };
  readonly [PropertySymbol.tagName]: string;
}

const attributeOf = (element: Element, name: string): string | null | undefined =>
  (element as unknown as Attributed)[PropertySymbol.attributes][PropertySymbol.itemsByName].get(name)?.[0]
    ?.value;

/** A name, an id, a class, an attribute or the absence of one. */
const part =
  /^(?:(\*)|([a-z][a-z0-9]*)|#([A-Za-z_][\w-]*)|(:not\()?\[([a-z][a-z0-9_-]*)(?:="([^"\\\n]*)"|=([A-Za-z_][\w-]*))?\](\))?)/;

/**
 * @param attributes to which the names of those that it asks for are added
 * @returns undefined if happy-dom is to find it
 */
function testOfOne(selector: string, attributes: string[]): Test | undefined {
  const tests: Test[] = [];
  let rest = selector.trim();
  if (!rest) return undefined;
  for (let isFirst = true; rest; isFirst = false) {
    const found = part.exec(rest);
    if (!found) return undefined;
    const [all, any, tag, id, not, name, quoted, bare, end] = found;
    if ((any || tag) && !isFirst) return undefined;
    if (!not !== !end) return undefined;
    rest = rest.slice(all.length);
    const value = quoted ?? bare;
    if (tag) {
      const wanted = tag.toUpperCase();
      tests.push((element) => {
        const name = (element as unknown as Attributed)[PropertySymbol.tagName];
        return name === wanted || (name.length === wanted.length && name.toUpperCase() === wanted);
      });
    } else if (id) {
      attributes.push("id");
      tests.push((element) => attributeOf(element, "id") === id);
    } else if (name) {
      attributes.push(name);
      const has: Test =
        value === undefined
          ? (element) => attributeOf(element, name) !== undefined
          : (element) => attributeOf(element, name) === value;
      tests.push(not ? (element) => !has(element) : has);
    }
  }
  const [only, ...others] = tests;
  if (!only) return () => true;
  if (!others.length) return only;
  return (element) => {
    for (const test of tests) if (!test(element)) return false;
    return true;
  };
}

function selectorOf(text: string): Selector | undefined {
  const tests: Test[] = [];
  const attributes: string[] = [];
  for (const one of text.split(",")) {
    const test = testOfOne(one, attributes);
    if (!test) return undefined;
    tests.push(test);
  }
  return { test: anyOf(tests), attributes };
}

function anyOf(tests: Test[]): Test {
  const [only, ...others] = tests as [Test, ...Test[]];
  if (!others.length) return only;
  return (element) => {
    for (const test of tests) if (test(element)) return true;
    return false;
  };
}

/** As many selectors as a page's code may have; a test that makes ever new ones keeps no more of them. */
const MOST = 1000;
const selectors = new Map<string, Selector | undefined>();

function known(text: unknown): Selector | undefined {
  if (typeof text !== "string") return undefined;
  const selector = selectors.get(text);
  if (selector || selectors.has(text)) return selector;
  const made = selectorOf(text);
  if (selectors.size === MOST) selectors.clear();
  selectors.set(text, made);
  return made;
}

/** Something that was found in a document, and when. */
interface Found<Result> {
  readonly result: Result;
  readonly time: number;
}

interface Results {
  all?: Found<ArrayLike<Element>>;
  first?: Found<Element | null>;
}

/** Results of searches in a whole document, which keeps them. */
const results = Symbol("results");

function resultsOf(document: { [results]?: Map<Selector, Results> }, selector: Selector): Results {
  document[results] ??= new Map();
  const all = document[results];
  const before = all.get(selector);
  if (before) return before;
  if (all.size === MOST) all.clear();
  const own = {};
  all.set(selector, own);
  return own;
}

/** If nothing has changed since that a selector could tell. */
function isFresh({ time }: Found<unknown>, { attributes }: Selector, changes: Changes): boolean {
  if (time === changes.latest) return true;
  if (changes.structure > time) return false;
  for (const name of attributes) if ((changes.attributes.get(name) ?? 0) > time) return false;
  return true;
}

/** Result of a search in a document, made now if there is none. */
function recall<Kind extends "all" | "first", Result>(
  document: Document,
  selector: Selector,
  kind: Kind,
  search: () => Result,
): Result {
  const own = resultsOf(document as object, selector) as { [kind in Kind]?: Found<Result> };
  const changes = changesOf(document);
  const before = own[kind];
  if (before && isFresh(before, selector, changes)) return before.result;
  const result = search();
  own[kind] = { result, time: changes.latest };
  return result;
}

function collect(within: Within, test: Test, found: Element[]): void {
  const elements = within[PropertySymbol.elementArray];
  for (const element of elements) {
    if (test(element)) found.push(element);
    collect(element, test, found);
  }
}

function first(within: Within, test: Test): Element | null {
  for (const element of within[PropertySymbol.elementArray]) {
    const found = test(element) ? element : first(element, test);
    if (found) return found;
  }
  return null;
}

type Searched = Element | Document | DocumentFragment;
type ListClass = new (key: symbol, found: Element[]) => ArrayLike<Element>;

/**
 * Mends a window's classes, which all windows share. A document in which nothing has changed that a selector could tell gives
 * the same list again.
 */
export function mendSelectors(window: Window): void {
  mendChanges();
  const { Element } = window;
  const List = window.NodeList as unknown as ListClass;
  const listOf = (within: Within, test: Test) => {
    const found: Element[] = [];
    collect(within, test, found);
    return new List(PropertySymbol.illegalConstructor, found);
  };
  const document = classWith(window.document, "querySelectorAll");
  const fragment = classWith(window.document.createDocumentFragment(), "querySelectorAll");
  for (const searched of [Element.prototype, document, fragment] as Searched[]) {
    const isDocument = searched === document;
    const all = searched.querySelectorAll as (text: string) => ArrayLike<Element>;
    const one = searched.querySelector as (text: string) => Element | null;
    Object.assign(searched, {
      querySelectorAll(this: Searched & Within, text: string) {
        const selector = known(text);
        if (!selector) return all.call(this, text);
        const search = () => listOf(this, selector.test);
        return isDocument ? recall(this as unknown as Document, selector, "all", search) : search();
      },
      querySelector(this: Searched & Within, text: string) {
        const selector = known(text);
        if (!selector) return one.call(this, text);
        const search = () => first(this, selector.test);
        return isDocument ? recall(this as unknown as Document, selector, "first", search) : search();
      },
    });
  }
  const { matches, closest } = Element.prototype;
  Object.assign(Element.prototype, {
    matches(this: Element, text: string) {
      const selector = known(text);
      return selector ? selector.test(this) : matches.call(this, text);
    },
    closest(this: Element, text: string) {
      const selector = known(text);
      if (!selector) return closest.call(this, text);
      for (let at: Element | null = this; at; at = at.parentElement) if (selector.test(at)) return at;
      return null;
    },
  });
}
