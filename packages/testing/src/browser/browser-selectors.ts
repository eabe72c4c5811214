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
import { classWith } from "./browser-costs.ts";

type Test = (element: Element) => boolean;

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

/** @returns undefined if happy-dom is to find it */
function testOfOne(selector: string): Test | undefined {
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
    } else if (id) tests.push((element) => attributeOf(element, "id") === id);
    else if (name) {
      const has: Test =
        value === undefined
          ? (element) => attributeOf(element, name) !== undefined
          : (element) => attributeOf(element, name) === value;
      tests.push(not ? (element) => !has(element) : has);
    }
  }
  const [only, ...others] = tests;
  if (!only) return () => true;
  return others.length ? (element) => tests.every((test) => test(element)) : only;
}

function testOf(selector: string): Test | undefined {
  const tests: Test[] = [];
  for (const one of selector.split(",")) {
    const test = testOfOne(one);
    if (!test) return undefined;
    tests.push(test);
  }
  return tests.length === 1 ? tests[0] : (element) => tests.some((test) => test(element));
}

/** As many selectors as a page's code may have; a test that makes ever new ones keeps no more of them. */
const MOST = 1000;
const tests = new Map<string, Test | undefined>();

function known(selector: unknown): Test | undefined {
  if (typeof selector !== "string") return undefined;
  const test = tests.get(selector);
  if (test || tests.has(selector)) return test;
  const made = testOf(selector);
  if (tests.size === MOST) tests.clear();
  tests.set(selector, made);
  return made;
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

/** Mends a window's classes, which all windows share. */
export function mendSelectors(window: Window): void {
  const { Element } = window;
  const List = window.NodeList as unknown as ListClass;
  const document = classWith(window.document, "querySelectorAll");
  const fragment = classWith(window.document.createDocumentFragment(), "querySelectorAll");
  for (const searched of [Element.prototype, document, fragment] as Searched[]) {
    const all = searched.querySelectorAll as (selector: string) => ArrayLike<Element>;
    const one = searched.querySelector as (selector: string) => Element | null;
    Object.assign(searched, {
      querySelectorAll(this: Searched & Within, selector: string) {
        const test = known(selector);
        if (!test) return all.call(this, selector);
        const found: Element[] = [];
        collect(this, test, found);
        return new List(PropertySymbol.illegalConstructor, found);
      },
      querySelector(this: Searched & Within, selector: string) {
        const test = known(selector);
        return test ? first(this, test) : one.call(this, selector);
      },
    });
  }
  const { matches, closest } = Element.prototype;
  Object.assign(Element.prototype, {
    matches(this: Element, selector: string) {
      return known(selector)?.(this) ?? matches.call(this, selector);
    },
    closest(this: Element, selector: string) {
      const test = known(selector);
      if (!test) return closest.call(this, selector);
      for (let at: Element | null = this; at; at = at.parentElement) if (test(at)) return at;
      return null;
    },
  });
}
