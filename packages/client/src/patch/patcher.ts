/** Brings a view's changes into the page: merges them into its tree and morphs the smallest elements that hold them. */
import { isLocked } from "../dom/locks.ts";
import { findAll, invoke, read } from "../dom/native.ts";
import { type Change, type Holder, type Instance, Tree } from "../wire/client-tree.ts";
import { ATTR_KEEP, ATTR_MARK, ATTR_PORTAL, ATTR_TOKEN } from "../wire/constants.ts";
import type { ComponentDiffs, FullInstance, TreeDiff } from "../wire/rendered.ts";
import { emptyElement, type Marking, stringify, stringifyElement } from "../wire/stringify.ts";
import type { ReadTemplate } from "../wire/template-steps.ts";
import { parse, setsId, textOf } from "./html.ts";
import { morphAll } from "./morphing.ts";
import type { Pair } from "./pairs.ts";
import type { PatchContext, Policy, ShowStream } from "./patch-context.ts";
import { createPortals, homeOf, parentOf } from "./portals.ts";
import { setText } from "./text.ts";
import { isUntracked, markUntracked } from "./untracked.ts";

export type { Policy } from "./patch-context.ts";

export interface Patcher {
  /** Shows a whole tree. Elements that are in the page already are kept if they fit. */
  load(tree: FullInstance): void;
  /**
   * Shows a difference, 0 for none, and those of live components. Locked elements are left alone.
   * @throws Error if the difference does not fit the client's tree; the view must be joined again.
   */
  merge(diff: TreeDiff, components?: ComponentDiffs): void;
  /** Shows changes that were left out in elements that are locked no more. */
  refresh(): void;
  /** Number of the live component that renders an element, undefined if it is the view's own. */
  componentOf(el: Element): number | undefined;
  /** Tells if an element is the view's: in its container or one of its portals, and not in a nested view. */
  owns(el: Element): boolean;
  /** Numbers of live components that left with items of streams since the last call, of which the server does not know. */
  takeGone(): number[];
  /** The view has ended: its elements outside of its container go. */
  destroy(): void;
}

/** Position of an element in a tree. */
interface Place {
  readonly key: string;
  readonly instance: Instance;
  readonly mark: number;
}

/** An element, and a function that writes its HTML, or that of its children if it is the container. */
type Shown = readonly [element: Element, write: (marking?: Marking) => string];

/**
 * @param container the element whose children are the view's
 * @param known templates of the connection, which all views of it share
 * @param direct shows changes of streams, once it is loaded
 */
export function createPatcher(
  container: Element,
  policy: Policy,
  known?: Map<number, ReadTemplate>,
  direct?: () => ShowStream | undefined,
): Patcher {
  const tree = new Tree(known);
  const places = new WeakMap<Node, Place>();
  const portals = createPortals(container);
  /** Elements that are not as the tree has them, with true if their content is recognised as the tree's. */
  const skipped = new Map<Element, boolean>();
  const skip = (element: Element, known: boolean) =>
    skipped.set(element, known && skipped.get(element) !== false);
  /** Nothing in it can be patched before all of it is, by `refresh`. */
  const isHeld = (element: Element) => isLocked(element) || skipped.get(element) === false;
  /** Elements that the merge under way has taken their places from: a new element may be one of them. */
  const losing = new Set<Node>();
  /** Callbacks for the end of the current change. */
  const after: (() => void)[] = [];
  /** Elements that go by a transition which has not begun. */
  const leaving: Element[] = [];

  const elementOf = ({ elements }: Instance, mark: number) => {
    const element = elements[mark] as Element | undefined;
    return element && places.has(element) && portals.contains(element) ? element : undefined;
  };

  /** An instance in which nothing changed is not written again: an empty element says that the page's one stays. */
  const standIn = (instance: Instance, within: Element) => {
    const live = instance.touched !== tree.merges && instance.template.single && elementOf(instance, 0);
    if (!live || isUntracked(live) !== !!homeOf(live)) return undefined;
    let at: Element | null = live;
    while (at && at !== within) at = parentOf(at);
    if (!at) return undefined;
    const target = invoke(live, "getAttribute", ATTR_PORTAL)?.replace(/&/g, "&amp;").replace(/"/g, "&quot;");
    return emptyElement(instance, 0, target == null ? ATTR_KEEP : `${ATTR_KEEP} ${ATTR_PORTAL}="${target}"`);
  };

  const placeOf = (el: Node) => places.get(el)?.key;
  const isSame = (from: Node, to: Node) => !!policy.telling?.()?.isSame(from, to, placeOf);
  const tellAround: PatchContext["tellAround"] = (node, isChanged) =>
    policy.telling?.()?.tellAround(node, container, policy.beforeUpdate, isChanged);

  const draw: PatchContext["draw"] = (element, write, whole, inner) => {
    const written = new Map<string, Instance>();
    const html = write({
      written: (instance) => written.set(String(instance.id), instance),
      standIn: (instance) => {
        const html = whole ? undefined : standIn(instance, element);
        if (html) written.set(String(instance.id), instance);
        return html;
      },
    });
    const to = parse(html, element, inner);
    const placed = [to, ...findAll(to, `[${ATTR_MARK}]`)].filter((node) =>
      invoke(node, "hasAttribute", ATTR_MARK),
    );
    for (const node of placed) {
      const key = invoke(node, "getAttribute", ATTR_MARK) as string;
      const [id, mark] = key.split(".") as [string, string];
      const place = { key, instance: written.get(id) as Instance, mark: Number(mark) };
      places.set(node, place);
      invoke(node, "removeAttribute", ATTR_MARK);
    }
    return [to, placed];
  };

  const enter = (placed: readonly Element[]) => {
    for (const node of placed) {
      // An element that was added rather than matched is in the page itself now.
      if (!portals.contains(node)) continue;
      const { instance, mark } = places.get(node) as Place;
      instance.elements[mark] = node;
      if (invoke(node, "hasAttribute", ATTR_KEEP))
        show([[node, (marking) => stringifyElement(instance, mark, marking)]], false);
    }
  };

  /**
   * Makes elements as they are written. With `known` set their parts are recognised as those of the tree;
   * otherwise only by their ids, as in a page that this client did not make. With `whole` set nothing is
   * taken to be shown already.
   */
  const show = (shown: readonly Shown[], known: boolean, whole = !known) => {
    const placed: Element[][] = [];
    const asked = new Map<Element, boolean>();
    const lets = (el: Element | null): boolean => {
      if (!el || el === container || !policy.lets) return true;
      const answer = asked.get(el) ?? (lets(parentOf(el)) && policy.lets(el));
      asked.set(el, answer);
      return answer;
    };
    const pairs = shown
      .filter(([element]) => element === container || lets(parentOf(element)))
      .map(([element, write]): Pair => {
        const [to, own] = draw(element, write, whole, element === container);
        placed.push(own);
        return [element, to];
      });
    for (const [element, to] of pairs) tellAround(element, () => !isSame(element, to));
    patch(pairs, known);
    enter(placed.flat());
  };

  /** @returns true if an element that is not in the tree any more stays, for a while or as a portal */
  const stays = (node: Node): boolean => {
    if (isUntracked(node)) return true;
    const el = node as Element;
    if (read(el, "nodeType") !== 1 || !policy.leaves(el) || !portals.contains(el)) return false;
    for (const each of [el, ...findAll(el, "*")]) {
      markUntracked(each);
      places.delete(each);
    }
    invoke(el, "setAttribute", "inert", "");
    leaving.push(el);
    return true;
  };

  /** An element, or one around it that has a place in the tree, and a function that writes its HTML. */
  const writing = (el: Element): Shown => {
    let at = el;
    while (at !== container && !places.has(at)) at = parentOf(at) as Element;
    const place = places.get(at);
    return place
      ? [at, (marking) => stringifyElement(place.instance, place.mark, marking)]
      : [container, (marking) => stringify(tree.root, marking)];
  };

  const discard = (node: ChildNode) => {
    const isAwaited = [...skipped.keys()].some((el) => {
      const html = portals.contains(el) && !invoke(node, "contains", el) && writing(el)[1]();
      return (
        html &&
        read(node as Element, "outerHTML")
          ?.match(/ id="[^"]+"/g)
          ?.some((id) => html.includes(id))
      );
    });
    // It is yet to be shown in a skipped element.
    if (isAwaited) losing.add(node);
    else if (!stays(node)) invoke(node, "remove");
  };

  const patch = (pairs: readonly Pair[], known: boolean) => {
    for (const [, to] of pairs) policy.coming(to, after);
    const placeholders = pairs.flatMap(([, to]) => portals.take(to));
    morphAll(pairs, known, placeholders, losing, {
      container,
      portals,
      placeOf,
      shown(to) {
        const place = places.get(to);
        return place && elementOf(place.instance, place.mark);
      },
      isOther: policy.isOther,
      isClosed: (el) =>
        isHeld(el) ? undefined : policy.ignores(el) || invoke(el, "hasAttribute", ATTR_TOKEN),
      skipped,
      skip,
      before(from, to) {
        const place = places.get(to);
        if (place) {
          place.instance.elements[place.mark] = from;
          places.set(from, place);
        } else places.delete(from);
        if (invoke(to, "hasAttribute", ATTR_KEEP)) return false;
        if (isHeld(from)) {
          skip(from, known);
          return false;
        }
        const answer = policy.before(from, to, isSame);
        if (answer === undefined) skip(from, known);
        if (!answer) return false;
        if (answer !== true) after.push(answer);
        return true;
      },
      discard,
    });
    for (const run of after.splice(0)) run();
  };

  /** The smallest element known to hold a slot: the one it stands in, or one around it. */
  const holder = ({ instance, slot, old }: Change): [Element, Instance, mark: number] | undefined => {
    // With another id it may be another element, which stands elsewhere.
    let isId = setsId(instance, slot, old);
    for (let at: Holder | undefined = instance, inside = slot; at; inside = at.at, at = at.parent) {
      if ("keys" in at) continue;
      const { holders, marks } = at.template;
      for (let mark = holders[inside] as number; mark >= 0; mark = marks[mark]?.parent ?? -1) {
        const element = elementOf(at, mark);
        // The chosen option is a matter of the whole select.
        if (element && !isId && !/^opt/.test(read(element, "localName"))) return [element, at, mark];
        isId = false;
      }
    }
    return undefined;
  };

  /** The outermost element, itself or around it, whose content is not to be touched. */
  const guardOf = (element: Element): Element | undefined => {
    let guard: Element | undefined;
    for (let at: Element | null = element; at && at !== container; at = parentOf(at))
      if (isHeld(at) || policy.holds(at) || policy.ignores(at)) guard = at;
    return guard;
  };

  const showAll = (known: boolean) => show([writing(container)], known);

  /** Transitions may run commands, which are for a page that is done. */
  const seeOff = () => {
    for (const run of after.splice(0)) run();
    for (let el = leaving.shift(); el; el = leaving.shift()) {
      const node = el;
      const gone = () => invoke(node, "remove");
      let end: Promise<unknown> | undefined;
      try {
        end = policy.removing(el);
      } finally {
        if (end) end.then(gone, gone);
        else gone();
      }
    }
  };

  return {
    load(full) {
      tree.load(full);
      portals.settle(portals.take(container), discard);
      showAll(false);
      seeOff();
    },
    merge(diff, components) {
      const changes = tree.merge(diff, components);
      const targets = new Map<Element, [Instance, mark: number]>();
      const aim: PatchContext["aim"] = (element, instance, mark, otherwise) => {
        const guard = guardOf(element);
        if (guard && (isHeld(guard) || (guard !== element && policy.holds(guard)))) skip(guard, true);
        else if (guard ? guard === element : !otherwise?.()) targets.set(element, [instance, mark]);
      };
      const patching = { policy, portals, elementOf, draw, enter, losing, after, discard, tellAround, aim };
      for (const change of changes ?? [undefined]) {
        const found = change && holder(change);
        if (!found) {
          showAll(!!changes);
          return seeOff();
        }
        const [element, instance] = found;
        aim(...found, () => {
          if (policy.lets) return false;
          const text = textOf(element, change, instance);
          if (!text) return !!(change.stream && direct?.()?.(change, element, patching));
          tellAround(text, () => true);
          setText(text, instance.slots[change.slot] as string);
          return true;
        });
      }
      if (targets.size || losing.size)
        show(
          [...targets].flatMap(([element, [instance, mark]]) => {
            let outer = parentOf(element);
            while (outer && !targets.has(outer)) outer = parentOf(outer);
            return outer ? [] : [[element, (marking) => stringifyElement(instance, mark, marking)]];
          }),
          true,
        );
      seeOff();
    },
    refresh() {
      for (const [el, known] of [...skipped]) {
        skipped.delete(el);
        if (!portals.contains(el)) continue;
        const guard = guardOf(el);
        if (guard && (isLocked(guard) || policy.holds(guard))) {
          skip(guard, known);
          continue;
        }
        show([writing(el)], known, true);
      }
      seeOff();
    },
    componentOf(el) {
      for (let at: Element | null = el; at && at !== container; at = parentOf(at)) {
        let instance: Holder | undefined = places.get(at)?.instance;
        if (!instance) continue;
        while (instance && instance.component === undefined) instance = instance.parent;
        return instance?.component;
      }
      return undefined;
    },
    owns(el) {
      for (let at: Element | null = el; at && at !== container; at = parentOf(at))
        if (invoke(at, "hasAttribute", ATTR_TOKEN)) return false;
      return portals.contains(el);
    },
    takeGone: () => tree.takeGone(),
    destroy() {
      portals.destroy();
    },
  };
}
