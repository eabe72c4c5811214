/** Brings a view's changes into the page: merges them into its tree and morphs the smallest elements that hold them. */
import {
  ATTR_KEEP,
  ATTR_MARK,
  type Change,
  type Diff,
  emptyElement,
  type FullInstance,
  type Instance,
  type Marking,
  stringify,
  stringifyElement,
  type Templates,
  Tree,
} from "@overwire/server/wire";
import { morph } from "./morphdom.ts";
import { order } from "./order.ts";

/** What patches must be careful with. */
export interface Policy {
  /** What to do with an element before it is morphed: leave it alone, go on, or go on and call back after it. */
  before(from: Element, to: Element): boolean | (() => void);
  /** The element, itself or around it, whose content is not to be touched. */
  guard(element: Element): Element | undefined;
}

export interface Patcher {
  /** Shows a whole tree. What stands in the page already is kept where it fits. */
  load(tree: FullInstance, templates: Templates | undefined): void;
  /** @throws Error where the difference does not fit what the client has; the view must be joined again. */
  merge(diff: Diff, templates: Templates | undefined): void;
}

/** Where an element stands in a tree. */
interface Place {
  readonly key: string;
  readonly instance: Instance;
  readonly mark: number;
}

const places = new WeakMap<Node, Place>();

/** `form.id` may be a field of that name, so only the attribute counts. */
const idOf = (node: Node) => (node as Partial<Element>).getAttribute?.("id");

/** Parses HTML into an element that can be morphed into `element`; `inner`: it is the HTML of its children. */
function parse(html: string, element: Element, inner: boolean): Element {
  const template = element.ownerDocument.createElement("template");
  const foreign = !inner && /(svg|math)$/i.exec(element.namespaceURI ?? "")?.[0].toLowerCase();
  const wrap = foreign && foreign !== element.localName;
  template.innerHTML = wrap ? `<${foreign}>${html}</${foreign}>` : html;
  const first = template.content.firstElementChild as Element;
  if (!inner) return wrap ? (first.firstElementChild as Element) : first;
  const to = element.cloneNode(false) as Element;
  to.append(template.content);
  return to;
}

/** @param container the element whose children are the view's */
export function createPatcher(container: Element, policy: Policy): Patcher {
  const tree = new Tree();

  const elementOf = ({ elements }: Instance, mark: number) => {
    const element = elements[mark] as Element | undefined;
    return element && container.contains(element) ? element : undefined;
  };

  /** An instance in which nothing changed is not written again: an empty element says that the page's one stays. */
  const standIn = (instance: Instance, within: Element) => {
    const live = instance.touched !== tree.merges && instance.template.single && elementOf(instance, 0);
    if (!live || !within.contains(live)) return undefined;
    const id = idOf(live)?.replace(/&/g, "&amp;").replace(/"/g, "&quot;");
    return emptyElement(instance, 0, id == null ? ATTR_KEEP : `${ATTR_KEEP} id="${id}"`);
  };

  /**
   * Makes an element what `write` says. With `known` set its parts are recognised as those of the tree; otherwise only
   * by their ids, as in a page that this client did not make.
   */
  const show = (element: Element, known: boolean, write: (marking: Marking) => string) => {
    const written = new Map<string, Instance>();
    const html = write({
      written: (instance) => written.set(String(instance.id), instance),
      standIn: (instance) => {
        const html = known ? standIn(instance, element) : undefined;
        if (html) written.set(String(instance.id), instance);
        return html;
      },
    });
    const to = parse(html, element, element === container);
    const marked = [to, ...to.querySelectorAll(`[${ATTR_MARK}]`)].filter((node) =>
      node.hasAttribute(ATTR_MARK),
    );
    for (const node of marked) {
      const key = node.getAttribute(ATTR_MARK) as string;
      const [id, mark] = key.split(".") as [string, string];
      const place = { key, instance: written.get(id) as Instance, mark: Number(mark) };
      places.set(node, place);
      node.removeAttribute(ATTR_MARK);
      const live = known && elementOf(place.instance, place.mark);
      const newId = idOf(node);
      // An element goes on being the same one when its id changes.
      if (live && idOf(live) !== newId) {
        if (newId == null) live.removeAttribute("id");
        else live.setAttribute("id", newId);
      }
    }
    patch(element, to, known);
    for (const node of marked) {
      // What was added rather than matched is in the page itself now.
      if (!container.contains(node)) continue;
      const { instance, mark } = places.get(node) as Place;
      instance.elements[mark] = node;
      if (node.hasAttribute(ATTR_KEEP))
        show(node, false, (marking) => stringifyElement(instance, mark, marking));
    }
  };

  const patch = (element: Element, to: Element, known: boolean) => {
    const after: (() => void)[] = [];
    const keyOf = (node: Node) => idOf(node) ?? (known ? places.get(node)?.key : undefined);
    const wanted = new Set([...to.querySelectorAll("*")].map(keyOf));
    const arrange = (from: Element, to: Element) =>
      order(from, to, {
        keyOf,
        isWanted: (key) => wanted.has(key),
        standIn(node) {
          const standIn = node.cloneNode(false) as Element;
          standIn.setAttribute(ATTR_KEEP, "");
          places.set(standIn, places.get(node) as Place);
          return standIn;
        },
      });
    if (element === container) arrange(element, to);
    morph(element, to, {
      childrenOnly: element === container,
      getNodeKey: keyOf,
      onBeforeElUpdated: (from, to) => {
        const place = places.get(to);
        if (place) {
          place.instance.elements[place.mark] = from;
          places.set(from, place);
        } else places.delete(from);
        if (to.hasAttribute(ATTR_KEEP)) return false;
        const answer = policy.before(from, to);
        if (answer) arrange(from, to);
        if (typeof answer !== "function") return answer;
        after.push(answer);
        return true;
      },
    });
    for (const run of after) run();
  };

  /** The smallest element known to hold a slot: the one it stands in, or one around it. */
  const holder = ({ instance, slot }: Change): [Element, Instance, mark: number] | undefined => {
    for (let at: Instance | undefined = instance, inside = slot; at; inside = at.at, at = at.parent) {
      const { holders, marks } = at.template;
      for (let mark = holders[inside] as number; mark >= 0; mark = marks[mark]?.parent ?? -1) {
        const element = elementOf(at, mark);
        // Which option is chosen is a matter of the whole select.
        if (element && !/^opt/.test(element.localName)) return [element, at, mark];
      }
    }
    return undefined;
  };

  return {
    load(full, templates) {
      tree.learn(templates);
      tree.load(full);
      show(container, false, (marking) => stringify(tree.root, marking));
    },
    merge(diff, templates) {
      tree.learn(templates);
      const changes = tree.merge(diff);
      const targets = new Map<Element, [Instance, mark: number]>();
      for (const change of changes ?? [undefined]) {
        const found = change && holder(change);
        if (!found) return void show(container, !!changes, (marking) => stringify(tree.root, marking));
        const [element, instance, mark] = found;
        const guard = policy.guard(element);
        if (guard ? guard === element : !setText(element, change, instance)) {
          targets.set(element, [instance, mark]);
        }
      }
      for (const [element, [instance, mark]] of targets) {
        let outer = element.parentElement;
        while (outer && !targets.has(outer)) outer = outer.parentElement;
        if (!outer) show(element, true, (marking) => stringifyElement(instance, mark, marking));
      }
    },
  };
}

/** A text that is all its element contains needs no HTML. */
function setText(element: Element, { instance, slot }: Change, holder: Instance): boolean {
  const value = instance.slots[slot];
  const text = element.firstChild;
  if (
    holder !== instance ||
    !instance.template.alone[slot] ||
    typeof value !== "string" ||
    /[<&]/.test(value) ||
    text?.nodeType !== 3 ||
    text.nextSibling ||
    element.localName === "textarea"
  ) {
    return false;
  }
  text.nodeValue = value;
  return true;
}
