/** The difference between the tree that was sent and a new rendering. The kept tree is brought up to date on the way. */
import type {
  Diff,
  Full,
  FullComponent,
  FullInstance,
  FullList,
  FullStream,
  InstanceDiff,
  ListDiff,
  ListRun,
  Statics,
  StreamChange,
} from "@overwire/client/wire";
import { withCallSite } from "./call-site.ts";
import { checkKeys } from "./check-keys.ts";
import type { CompiledTemplate } from "./compile.ts";
import { Each, type Key } from "./each.ts";
import { Template } from "./html.ts";
import { Memo } from "./memo.ts";
import { Raw } from "./raw.ts";
import { resolveRenderedSlot } from "./render.ts";
import { ComponentSlot, currentRenderContext } from "./render-context.ts";
import {
  eachLeaf,
  type Rendered,
  RenderedList,
  RenderedMemo,
  RenderedTemplate,
  renderQueuedChanges,
  toRendered,
  uniqueKey,
} from "./rendered-tree.ts";
import { childSlot, resolveChild, type Slot, wireHtml } from "./slot.ts";
import { StreamEach, StreamQueue, streamsEntered } from "./stream-render.ts";

/** Stands for changes of a value that cannot go on as another one. */
const REPLACED: unique symbol = Symbol("replaced");

/** A live component that goes into a message as a whole, once it has been rendered. */
export interface ComponentHole {
  readonly component: ComponentSlot;
  readonly full: { -readonly [Key in keyof FullComponent]: FullComponent[Key] };
}

/** Makes one message's difference. `undefined` stands for no difference throughout. */
export class Differ {
  readonly #seen: ReadonlySet<number>;
  /** Statics that the client has not seen and that go with this message. */
  fresh: Record<number, Statics> | undefined;
  /** Live components that are sent as a whole, since {@link takeHoles}. */
  #holes: ComponentHole[] | undefined;
  /** Live components and streams that left their former positions. */
  released: (ComponentSlot | StreamQueue)[] | undefined;
  readonly #watching: boolean;

  /**
   * @param seen numbers of the templates the client has
   * @param watching live components or streams may be part of discarded values
   */
  constructor(seen: ReadonlySet<number>, watching = false) {
    this.#seen = seen;
    this.#watching = watching;
  }

  /** Live components to fill in, if the last comparison or rendering holds any. */
  takeHoles(): readonly ComponentHole[] | undefined {
    const holes = this.#holes;
    this.#holes = undefined;
    return holes;
  }

  /** Records the live components and streams in values that are kept no longer. */
  release(kept: Rendered): void {
    if (!this.#watching) return;
    eachLeaf(kept, (leaf) => {
      leaf.placements--;
      (this.released ??= []).push(leaf);
    });
  }

  /** The changes of an instance, given a new rendering of the same template. */
  diffTemplate(kept: RenderedTemplate, next: Template): InstanceDiff | undefined {
    return next.site
      ? withCallSite(next, () => this.#diffTemplate(kept, next))
      : this.#diffTemplate(kept, next);
  }

  #diffTemplate({ template, slots }: RenderedTemplate, { values }: Template): InstanceDiff | undefined {
    if (!template.plain) return this.#diffSlots(template, slots, values);
    let diff: Record<number, Diff> | undefined;
    for (let index = 0; index < slots.length; index++) {
      const value = values[index];
      if (value === slots[index]) continue;
      const slot = template.slots[index] as Slot;
      const change = this.#diffSlot(
        slots,
        index,
        isMutable(value) ? resolveRenderedSlot(slot, values) : value,
        slot,
      );
      if (change !== undefined) (diff ??= {})[index] = change;
    }
    return diff;
  }

  #diffSlots(
    { slots: kinds }: CompiledTemplate,
    slots: Rendered[],
    values: readonly unknown[],
  ): InstanceDiff | undefined {
    let diff: Record<number, Diff> | undefined;
    for (let index = 0; index < slots.length; index++) {
      const slot = kinds[index] as Slot;
      const change = this.#diffSlot(slots, index, resolveRenderedSlot(slot, values), slot);
      if (change !== undefined) (diff ??= {})[index] = change;
    }
    return diff;
  }

  #diffSlot(slots: Rendered[], index: number, value: unknown, slot: Slot): Diff | undefined {
    const before = slots[index];
    const change = this.#diffInside(before, value, slot);
    if (change !== REPLACED) return change;
    const kept = this.#replace(before, value, slot);
    slots[index] = kept;
    return this.writeFull(kept, slot);
  }

  /** Everything, for a client that has nothing of it yet. */
  writeFull(kept: RenderedTemplate): FullInstance;
  writeFull(kept: Rendered, slot?: Slot): Full;
  writeFull(kept: Rendered, slot = childSlot): Full {
    if (kept instanceof RenderedTemplate) {
      const { site } = kept.template;
      return site
        ? withCallSite({ site, component: site.component }, () => this.#writeTemplate(kept))
        : this.#writeTemplate(kept);
    }
    if (kept instanceof RenderedList) return { i: kept.items.map((item) => this.writeFull(item)) };
    if (kept instanceof RenderedMemo) return this.writeFull(kept.value, slot);
    if (kept instanceof StreamQueue) return this.#writeStream(kept);
    return kept instanceof ComponentSlot ? this.#writeComponent(kept) : wireHtml(slot, kept);
  }

  #writeTemplate({ template, slots }: RenderedTemplate): FullInstance {
    this.#useStatics(template);
    return [template.id, ...slots.map((value, index) => this.writeFull(value, template.slots[index]))];
  }

  #writeStream(queue: StreamQueue): FullStream {
    const { number, known, afresh, taken } = queue;
    return {
      s: number,
      ...(known && !afresh && { k: 1 }),
      ...(taken.length && { m: this.#writeStreamChanges(queue) }),
    };
  }

  #writeStreamChanges({ taken }: StreamQueue): StreamChange[] {
    return taken.map((change) =>
      "i" in change
        ? { ...change, i: change.i.map(([id, item]) => [id, this.writeFull(item as Rendered)] as const) }
        : change,
    );
  }

  #writeComponent(component: ComponentSlot): FullComponent {
    const full: ComponentHole["full"] = { c: component.number, v: [0] };
    (this.#holes ??= []).push({ component, full });
    return full;
  }

  #useStatics({ id, marked }: CompiledTemplate): void {
    if (!this.#seen.has(id)) (this.fresh ??= {})[id] = marked;
  }

  /** The changes inside a value, {@link REPLACED} if the new one cannot go on from it. */
  #diffInside(before: Rendered, value: unknown, slot: Slot): Diff | undefined | typeof REPLACED {
    if (value instanceof Template) {
      if (before instanceof RenderedTemplate && before.strings === value.strings)
        return this.diffTemplate(before, value);
    } else if (value instanceof Each) {
      if (before instanceof RenderedList && before.keys)
        return this.#diffList(before, before.keys, value, slot);
    } else if (value instanceof StreamEach) {
      if (before === value.queue) {
        renderQueuedChanges(value);
        return value.queue.taken.length ? { m: this.#writeStreamChanges(value.queue) } : undefined;
      }
    } else if (value instanceof Memo) {
      if (before instanceof RenderedMemo) return this.#diffMemo(before, value, slot);
    } else if (Array.isArray(value)) {
      if (before instanceof RenderedList && !before.keys) return this.#diffArray(before, value);
    } else if (
      value === before ||
      (value instanceof Raw && before instanceof Raw && value.html === before.html)
    ) {
      return undefined;
    }
    return REPLACED;
  }

  #replace(before: Rendered, value: unknown, slot: Slot): Rendered {
    const kept = toRendered(value, slot);
    this.release(before);
    return kept;
  }

  #diffMemo(before: RenderedMemo, { deps, render }: Memo, slot: Slot): Diff | undefined {
    if (!before.holdsStreams && sameAll(before.deps, deps)) return undefined;
    const entered = streamsEntered();
    const value = resolveChild(render());
    let change = this.#diffInside(before.value, value, slot);
    if (change === REPLACED) {
      before.value = this.#replace(before.value, value, slot);
      change = this.writeFull(before.value, slot);
    }
    before.deps = deps;
    before.holdsStreams = streamsEntered() > entered;
    return change;
  }

  #diffArray(list: RenderedList, values: readonly unknown[]): ListDiff | undefined {
    const { items } = list;
    const had = items.length;
    let updates: Record<number, Diff> | undefined;
    const both = Math.min(had, values.length);
    for (let index = 0; index < both; index++) {
      const change = this.#diffItem(items, index, values[index]);
      if (change !== undefined) (updates ??= {})[index] = change;
    }
    if (had === values.length) return updates && { u: updates };
    const order: (ListRun | FullList)[] = both ? [[0, both]] : [];
    const added = values.slice(had).map((value) => toRendered(resolveChild(value)));
    const removed = items.splice(both, had - both, ...added);
    if (this.#watching) for (const item of removed) this.release(item);
    if (added.length) order.push({ i: added.map((item) => this.writeFull(item)) });
    return { o: order, ...(updates && { u: updates }) };
  }

  #diffList(list: RenderedList, keys: Key[], { items, key, render }: Each, slot: Slot): ListDiff | undefined {
    const values = Array.isArray(items) ? items : [...items];
    const kept = list.items;
    const both = Math.min(values.length, keys.length);
    let updates: Record<number, Diff> | undefined;
    let index = 0;
    for (; index < both; index++) {
      const item = values[index];
      if (key(item, index) !== keys[index]) break;
      const value = render(item, index);
      if (isSame(kept[index], value)) continue;
      const change = this.#diffItem(kept, index, value);
      if (change !== undefined) (updates ??= {})[index] = change;
    }
    if (index === values.length && index === keys.length) return updates && { u: updates };
    return this.#reorder(list, keys, values, { key, render }, index, updates ?? {}, slot);
  }

  /** The rest of a list from the first position on at which another key stands. */
  #reorder(
    list: RenderedList,
    oldKeys: Key[],
    values: readonly unknown[],
    { key, render }: Pick<Each, "key" | "render">,
    start: number,
    updates: Record<number, Diff>,
    slot: Slot,
  ): ListDiff {
    const positions = new Map<Key, number>();
    for (let index = start; index < oldKeys.length; index++) positions.set(oldKeys[index] as Key, index);
    const keys = oldKeys.slice(0, start);
    const items = list.items.slice(0, start);
    const used = new Set(keys);
    const order: ([number, number] | { i: Full[] })[] = start ? [[0, start]] : [];
    for (let index = start; index < values.length; index++) {
      const own = uniqueKey(key(values[index], index), used, slot);
      const value = resolveChild(render(values[index], index));
      const from = positions.get(own);
      const last = order.at(-1);
      keys.push(own);
      if (from === undefined) {
        const kept = toRendered(value);
        items.push(kept);
        if (last && "i" in last) last.i.push(this.writeFull(kept));
        else order.push({ i: [this.writeFull(kept)] });
      } else {
        if (this.#watching) positions.delete(own);
        items.push(list.items[from]);
        const change = this.#diffSlot(items, items.length - 1, value, childSlot);
        if (change !== undefined) updates[index] = change;
        if (last && !("i" in last) && last[0] + last[1] === from) last[1]++;
        else order.push([from, 1]);
      }
    }
    if (this.#watching) for (const index of positions.values()) this.release(list.items[index]);
    if (currentRenderContext()?.mistakes) checkKeys(keys, slot);
    list.keys = keys;
    list.items = items;
    return Object.keys(updates).length ? { o: order, u: updates } : { o: order };
  }

  #diffItem(items: Rendered[], index: number, value: unknown): Diff | undefined {
    const before = items[index];
    if (value instanceof Template && before instanceof RenderedTemplate && before.strings === value.strings) {
      return this.diffTemplate(before, value);
    }
    return this.#diffSlot(items, index, resolveChild(value), childSlot);
  }
}

/** Nearly all rows of a long list in nearly all updates: the same template with the same values. Kept small to be fast. */
function isSame(before: Rendered, value: unknown): boolean {
  if (!(value instanceof Template && before instanceof RenderedTemplate)) return false;
  if (before.strings !== value.strings || !before.template.plain) return false;
  const { slots } = before;
  const { values } = value;
  for (let index = 0; index < slots.length; index++) if (values[index] !== slots[index]) return false;
  return true;
}

/** Values that may have changed although they are the same object, so that they are never kept as they are. */
const isMutable = (value: unknown) =>
  typeof value === "object"
    ? value !== null && !(value instanceof Template)
    : typeof value === "function" || typeof value === "symbol";

const sameAll = (a: readonly unknown[], b: readonly unknown[]) =>
  a.length === b.length && a.every((value, index) => Object.is(value, b[index]));
