/** The tree that the server keeps of what it rendered last: raw values to compare with. */
import type { ConstantAttribute } from "./attributes.ts";
import { withCallSite } from "./call-site.ts";
import { checkKeys, reportEqualKeys } from "./check-keys.ts";
import { type CompiledTemplate, compile } from "./compile.ts";
import { Each, type Key } from "./each.ts";
import { Template } from "./html.ts";
import { Memo } from "./memo.ts";
import type { Raw } from "./raw.ts";
import { resolveRenderedSlot } from "./render.ts";
import { ComponentSlot, currentRenderContext } from "./render-context.ts";
import { resolveChild, type Slot, slotHtml } from "./slot.ts";
import {
  checkItem,
  enterStream,
  renderItem,
  StreamEach,
  StreamQueue,
  startTag,
  streamsEntered,
} from "./stream-render.ts";

/** Kept value of a slot. Never an author's own mutable object, so `===` tells if it changed. */
export type Rendered =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | ConstantAttribute
  | Raw
  | RenderedTemplate
  | RenderedList
  | RenderedMemo
  | ComponentSlot
  | StreamQueue;

/** A template with what stands in its slots. */
export class RenderedTemplate {
  readonly strings: TemplateStringsArray;
  readonly template: CompiledTemplate;
  readonly slots: Rendered[];
  constructor(strings: TemplateStringsArray, template: CompiledTemplate, slots: Rendered[]) {
    this.strings = strings;
    this.template = template;
    this.slots = slots;
  }
}

/** The items of an `each`, or of an array, which has no keys. */
export class RenderedList {
  keys: Key[] | undefined;
  items: Rendered[];
  constructor(keys: Key[] | undefined, items: Rendered[]) {
    this.keys = keys;
    this.items = items;
  }
}

/** Output of a `memo`, and the dependencies that it is for. */
export class RenderedMemo {
  deps: readonly unknown[];
  value: Rendered;
  /** Streams are part of it, whose changes are not known here. */
  holdsStreams: boolean;
  constructor(deps: readonly unknown[], value: Rendered, holdsStreams: boolean) {
    this.deps = deps;
    this.value = value;
    this.holdsStreams = holdsStreams;
  }
}

let made = 0;

/** Templates that have been kept so far. */
export const renderedTemplateCount = (): number => made;

export const toRenderedTemplate = (template: Template): RenderedTemplate =>
  template.site ? withCallSite(template, () => keepSlots(template)) : keepSlots(template);

function keepSlots({ strings, values }: Template): RenderedTemplate {
  const template = compile(strings);
  made++;
  return new RenderedTemplate(
    strings,
    template,
    template.slots.map((slot) => toRendered(resolveRenderedSlot(slot, values), slot)),
  );
}

/**
 * Turns a resolved value into what is kept of it, evaluating what is lazy.
 * @param slot in which it stands, for what is told of lists
 */
export function toRendered(value: unknown, slot?: Slot): Rendered {
  if (typeof value !== "object" || value === null) return value as Rendered;
  if (value instanceof Template) return toRenderedTemplate(value);
  if (value instanceof Each) return keepEach(value, slot);
  if (value instanceof StreamEach) return keepStream(value);
  if (value instanceof Memo) {
    const before = streamsEntered();
    const kept = toRendered(resolveChild(value.render()), slot);
    return new RenderedMemo(value.deps, kept, streamsEntered() > before);
  }
  if (Array.isArray(value))
    return new RenderedList(
      undefined,
      value.map((item) => toRendered(resolveChild(item))),
    );
  if (value instanceof ComponentSlot) value.placements++;
  return value as Rendered;
}

function keepEach({ items, key, render }: Each, slot: Slot | undefined): RenderedList {
  const keys: Key[] = [];
  const kept: Rendered[] = [];
  const used = new Set<Key>();
  let index = 0;
  for (const item of items) {
    keys.push(uniqueKey(key(item, index), used, slot));
    kept.push(toRendered(resolveChild(render(item, index++))));
  }
  if (currentRenderContext()?.mistakes) checkKeys(keys, slot);
  return new RenderedList(keys, kept);
}

function keepStream(each: StreamEach): StreamQueue {
  const { queue } = each;
  queue.placements++;
  renderQueuedChanges(each);
  return queue;
}

/** Renders what waits in a stream. An item that waits several times is rendered once, as it was given last. */
export function renderQueuedChanges(each: StreamEach): void {
  const { queue } = each;
  enterStream(queue);
  const changes = queue.take();
  const given = new Map<string, unknown>();
  const blocks = changes.filter((change) => "i" in change);
  if (blocks.length > 1) for (const { i } of blocks) for (const [id, item] of i) given.set(id, item);
  const rendered = new Map<string, Rendered>();
  const keepItem = (id: string, item: unknown): Rendered => {
    const before = id ? rendered.get(id) : undefined;
    if (before === undefined) {
      const kept = renderItem(each, id, given.has(id) && id ? given.get(id) : item, (value) => {
        const kept = toRendered(resolveChild(value));
        const root = rootOf(kept);
        if (!(root instanceof ComponentSlot)) checkItem(queue, id, root);
        return kept;
      });
      rendered.set(id, kept);
      return kept;
    }
    eachLeaf(before, (leaf) => leaf.placements++);
    return before;
  };
  const taken = changes.map((change) =>
    "i" in change
      ? { ...change, i: change.i.map(([id, item]) => [id, keepItem(id, item)] as const) }
      : change,
  );
  queue.taken = queue.missed.length ? [...queue.missed, ...taken] : taken;
}

/** The start tag of the only element, or the live component that stands in its place. */
function rootOf(kept: Rendered): string | ComponentSlot | undefined {
  if (kept instanceof RenderedMemo) return rootOf(kept.value);
  if (kept instanceof ComponentSlot) return kept;
  if (!(kept instanceof RenderedTemplate)) return undefined;
  const { template, slots } = kept;
  if (template.root === "slot") return rootOf(slots[0]);
  if (template.root === undefined) return undefined;
  const [first, ...statics] = template.statics as [string, ...string[]];
  let html = first;
  for (let index = 0; index < slots.length && !startTag(html); index++)
    html += slotHtml(template.slots[index] as Slot, slots[index]) + statics[index];
  return startTag(html);
}

/** Shows all live components and streams in what is kept. */
export function eachLeaf(kept: Rendered, see: (leaf: ComponentSlot | StreamQueue) => void): void {
  if (typeof kept !== "object" || kept === null) return;
  if (kept instanceof RenderedTemplate) for (const slot of kept.slots) eachLeaf(slot, see);
  else if (kept instanceof RenderedList) for (const item of kept.items) eachLeaf(item, see);
  else if (kept instanceof RenderedMemo) eachLeaf(kept.value, see);
  else if (kept instanceof ComponentSlot || kept instanceof StreamQueue) see(kept);
}

/** A list goes on working if two items share a key: the later one is told apart by its number. */
export function uniqueKey(key: Key, used: Set<Key>, slot: Slot | undefined): Key {
  let unique = key;
  if (used.has(key)) reportEqualKeys(key, slot);
  for (let copy = 2; used.has(unique); copy++) unique = `${key}\0${copy}`;
  used.add(unique);
  return unique;
}
