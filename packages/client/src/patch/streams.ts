/**
 * Changes of streams, shown item by item: new items are inserted in their places, and the others are left
 * alone.
 */
import { invoke, read } from "../dom/native.ts";
import type { StreamKey } from "../wire/apply-stream-change.ts";
import type { Change, Instance, StreamUpdate, Value } from "../wire/client-tree.ts";
import { type Marking, stringify } from "../wire/stringify.ts";
import { elementOf } from "./element-index.ts";
import { isText } from "./html.ts";
import { put } from "./order.ts";
import { parseUpdate } from "./parse-update.ts";
import type { PatchContext, ShowStream } from "./patch-context.ts";
import { notifyAncestors, prepare, registerParsed } from "./patcher.ts";
import { markForPatch } from "./targets.ts";
import { untracked } from "./untracked.ts";

/** Elements in which one child is a matter of all of them, or cannot be parsed on its own. */
const isOdd = (el: Element) =>
  !/xhtml$/.test(read(el, "namespaceURI") ?? "") ||
  /^(select|optgroup|datalist)$/.test(read(el, "localName"));

/** An item that is one element. */
const single = (value: Value | undefined): Instance | undefined =>
  typeof value === "object" && "template" in value && value.template.single ? value : undefined;

export const showStream: ShowStream = (change, holder, context) => {
  const { stream } = change;
  if (!stream || isOdd(holder)) return false;
  const ids = new Set<string>();
  for (const each of stream.changes) {
    // All of it is in another order: that takes the fewest moves if the holder is shown.
    if ("r" in each) return false;
    if ("i" in each) for (const [id] of each.i) ids.add(id);
  }
  return ids.has("") ? append(change, stream, holder, context) : showItems(stream, ids, holder, context);
};

/** Parses items and puts them in. @param before the node in front of which they go */
function insert(items: readonly Value[], holder: Element, before: Node | null, context: PatchContext): void {
  const write = (marking?: Marking) => items.map((item) => stringify(item, marking)).join("");
  const to = parseUpdate(context, [holder, write, true], true);
  const placeholders = prepare(context, to);
  const nodes = [...read(to, "childNodes")];
  const [first] = nodes;
  const text = before ? read(before, "previousSibling") : read(holder, "lastChild");
  if (first && isText(first) && text && isText(text)) {
    text.appendData(first.data);
    nodes.shift();
  }
  for (const node of nodes) invoke(holder, "insertBefore", node, before);
  context.portals.settle(placeholders);
  registerParsed(context);
}

function showItems(
  { list, gone }: StreamUpdate,
  ids: ReadonlySet<string>,
  holder: Element,
  context: PatchContext,
): boolean {
  const { keys, there } = list;
  const { displaced, portals } = context;
  const itemAt = (index: number) => there.get(keys[index] as StreamKey) as Value;
  /** The element of an item, which must be right in the holder. */
  const elementAt = (index: number) => {
    const item = single(itemAt(index));
    const el = item && elementOf(context, item, 0);
    return el && read(el, "parentNode") === holder ? el : undefined;
  };
  const isMoved = (index: number) => gone.has(keys[index]);

  const doomed: Element[] = [];
  for (const [id, value] of gone) {
    if (there.get(id as string) === value) continue;
    const item = single(value);
    // A replaced item: the morph has to tell if its element can go on.
    if (!item || typeof id !== "string") return false;
    const el = elementOf(context, item, 0);
    if (el) doomed.push(el);
  }
  const positions: number[] = [];
  let last = -1;
  for (const id of ids) {
    if (!there.has(id)) continue;
    last = keys[last + 1] === id ? last + 1 : keys.lastIndexOf(id);
    const item = single(itemAt(last));
    // Shown before, but not there any more, or elsewhere as a portal.
    if (!item || (item.elements.length && !elementAt(last))) return false;
    // An element of that id may go on as it.
    const same = elementAt(last) ? null : invoke(read(holder, "ownerDocument"), "getElementById", id);
    if (same && portals.contains(same) && !untracked.has(same)) return false;
    positions.push(last);
  }
  positions.sort((a, b) => a - b);

  let isNotified = false;
  const notify = (child: Element) => {
    if (!isNotified) notifyAncestors(context, child, () => true);
    isNotified = true;
  };
  for (let at = 0; at < positions.length; at++) {
    const index = positions[at] as number;
    const el = elementAt(index);
    if (!el || isMoved(index)) {
      // New items at the beginning go before the first that stays.
      let next = index;
      while (index === 0 && ++next < keys.length && (isMoved(next) || !elementAt(next)));
      const beside = elementAt(index ? index - 1 : next);
      if (!beside) return false;
      const before = index ? read(beside, "nextSibling") : beside;
      if (!el) {
        const fresh = [itemAt(index)];
        for (let next = index + 1; positions[at + 1] === next && !elementAt(next); next++, at++)
          fresh.push(itemAt(next));
        notify(beside);
        insert(fresh, holder, before, context);
        continue;
      }
      if (el !== before && read(el, "nextSibling") !== before) {
        notify(beside);
        put(holder, el, before);
      }
    }
    markForPatch(context, el);
  }
  for (const el of doomed) {
    notify(el);
    displaced.add(el);
  }
  return true;
}

/** Items without ids that come at the end: of their element, or after one that is an element itself. */
function append(
  { instance: { template, elements }, slot }: Change,
  { list: { keys, there }, changes }: StreamUpdate,
  holder: Element,
  context: PatchContext,
): boolean {
  let count = 0;
  for (const each of changes) {
    if (!("i" in each) || each.a !== undefined || each.l || each.u || each.i.some(([id]) => id)) return false;
    count += each.i.length;
  }
  const { steps, holders, marks } = template;
  const mark = holders[slot] as number;
  const isLast = elements[mark] === holder && steps[steps.indexOf(slot) + 1] === `</${marks[mark]?.tag}>`;
  const from = keys.length - count;
  const fresh = keys.slice(from).map((key) => there.get(key) as Value);
  const item = single(there.get(keys[from - 1] as StreamKey));
  const last = isLast ? read(holder, "lastChild") : item && elementOf(context, item, 0);
  if (!last || read(last, "parentNode") !== holder || untracked.has(last)) return false;
  notifyAncestors(context, last, () => true);
  insert(fresh, holder, read(last, "nextSibling"), context);
  return true;
}
