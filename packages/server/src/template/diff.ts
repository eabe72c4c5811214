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
} from "../wire/rendered.ts";
import { within } from "./call-site.ts";
import { checkKeys } from "./check-keys.ts";
import type { CompiledTemplate } from "./compile.ts";
import { Each, type Key } from "./each.ts";
import { Template } from "./html.ts";
import { Memo } from "./memo.ts";
import { Raw } from "./raw.ts";
import { settle } from "./render.ts";
import { Living, placing } from "./render-context.ts";
import {
  eachLeaf,
  Instance,
  type Kept,
  keep,
  List,
  Remembered,
  takeStream,
  uniqueKey,
} from "./rendered-tree.ts";
import { resolveChild, type Slot, wireHtml } from "./slot.ts";
import { StreamEach, StreamSource, streamsEntered } from "./stream-render.ts";

const childSlot: Slot = { kind: "child", value: 0 };

/** A live component that goes into a message as a whole, once it has been rendered. */
export interface Hole {
  readonly living: Living;
  readonly full: { -readonly [Key in keyof FullComponent]: FullComponent[Key] };
}

/** Makes one message's difference. `undefined` stands for no difference throughout. */
export class Differ {
  readonly #seen: ReadonlySet<number>;
  /** Statics that the client has not seen and that go with this message. */
  fresh: Record<number, Statics> | undefined;
  /** Live components that what was compared since {@link takeHoles} sends as a whole. */
  #holes: Hole[] | undefined;
  /** Live components and streams that no longer stand where they stood. */
  released: (Living | StreamSource)[] | undefined;
  readonly #watching: boolean;
  /** What is to be kept of the value that {@link #value} looked at last. */
  #kept: Kept;

  /**
   * @param seen numbers of the templates the client has
   * @param watching live components or streams may stand in what is discarded
   */
  constructor(seen: ReadonlySet<number>, watching = false) {
    this.#seen = seen;
    this.#watching = watching;
  }

  /** Live components that are to be filled in where what was compared or written last holds them. */
  takeHoles(): readonly Hole[] | undefined {
    const holes = this.#holes;
    this.#holes = undefined;
    return holes;
  }

  /** Takes note of the live components and streams in what is kept no longer. */
  release(kept: Kept): void {
    if (!this.#watching) return;
    eachLeaf(kept, (leaf) => {
      leaf.holders--;
      (this.released ??= []).push(leaf);
    });
  }

  /** What changed in an instance, given a new rendering of the same template. */
  instance(kept: Instance, next: Template): InstanceDiff | undefined {
    return next.site ? within(next, () => this.#instance(kept, next)) : this.#instance(kept, next);
  }

  #instance({ template, slots }: Instance, { values }: Template): InstanceDiff | undefined {
    if (!template.plain) return this.#slots(template, slots, values);
    let diff: Record<number, Diff> | undefined;
    for (let index = 0; index < slots.length; index++) {
      const value = values[index];
      if (value === slots[index]) continue;
      const slot = template.slots[index] as Slot;
      const change = this.#slot(slots, index, isMutable(value) ? settle(slot, values) : value, slot);
      if (change !== undefined) (diff ??= {})[index] = change;
    }
    return diff;
  }

  #slots(
    { slots: kinds }: CompiledTemplate,
    slots: Kept[],
    values: readonly unknown[],
  ): InstanceDiff | undefined {
    let diff: Record<number, Diff> | undefined;
    for (let index = 0; index < slots.length; index++) {
      const slot = kinds[index] as Slot;
      const change = this.#slot(slots, index, settle(slot, values), slot);
      if (change !== undefined) (diff ??= {})[index] = change;
    }
    return diff;
  }

  #slot(slots: Kept[], index: number, value: unknown, slot: Slot): Diff | undefined {
    const change = this.#value(slots[index], value, slot);
    slots[index] = this.#kept;
    return change;
  }

  /** Everything, for a client that has nothing of it yet. */
  full(kept: Instance): FullInstance;
  full(kept: Kept, slot?: Slot): Full;
  full(kept: Kept, slot = childSlot): Full {
    if (kept instanceof Instance) {
      const { site } = kept.template;
      return site
        ? within({ site, component: site.component }, () => this.#fullInstance(kept))
        : this.#fullInstance(kept);
    }
    if (kept instanceof List) return { i: kept.items.map((item) => this.full(item)) };
    if (kept instanceof Remembered) return this.full(kept.value, slot);
    if (kept instanceof StreamSource) return this.#stream(kept);
    return kept instanceof Living ? this.#hole(kept) : wireHtml(slot, kept);
  }

  #fullInstance({ template, slots }: Instance): FullInstance {
    this.#use(template);
    return [template.id, ...slots.map((value, index) => this.full(value, template.slots[index]))];
  }

  #stream(source: StreamSource): FullStream {
    const { number, known, afresh, taken } = source;
    return {
      s: number,
      ...(known && !afresh && { k: 1 }),
      ...(taken.length && { m: this.#changes(source) }),
    };
  }

  #changes({ taken }: StreamSource): StreamChange[] {
    return taken.map((change) =>
      "i" in change
        ? { ...change, i: change.i.map(([id, item]) => [id, this.full(item as Kept)] as const) }
        : change,
    );
  }

  #hole(living: Living): FullComponent {
    const full: Hole["full"] = { c: living.number, v: [0] };
    (this.#holes ??= []).push({ living, full });
    return full;
  }

  #use({ id, marked }: CompiledTemplate): void {
    if (!this.#seen.has(id)) (this.fresh ??= {})[id] = marked;
  }

  #value(before: Kept, value: unknown, slot: Slot): Diff | undefined {
    if (value instanceof Template) {
      if (before instanceof Instance && before.strings === value.strings) {
        const diff = this.instance(before, value);
        this.#kept = before;
        return diff;
      }
    } else if (value instanceof Each) {
      if (before instanceof List && before.keys) {
        const diff = this.#each(before, before.keys, value, slot);
        this.#kept = before;
        return diff;
      }
    } else if (value instanceof StreamEach) {
      if (before === value.source) {
        takeStream(value);
        this.#kept = before;
        return value.source.taken.length ? { m: this.#changes(value.source) } : undefined;
      }
    } else if (value instanceof Memo) {
      if (before instanceof Remembered) return this.#memo(before, value, slot);
    } else if (Array.isArray(value)) {
      if (before instanceof List && !before.keys) {
        const diff = this.#array(before, value);
        this.#kept = before;
        return diff;
      }
    } else if (
      value === before ||
      (value instanceof Raw && before instanceof Raw && value.html === before.html)
    ) {
      this.#kept = before;
      return undefined;
    }
    const kept = keep(value, slot);
    this.release(before);
    this.#kept = kept;
    return this.full(kept, slot);
  }

  #memo(before: Remembered, { deps, render }: Memo, slot: Slot): Diff | undefined {
    let diff: Diff | undefined;
    if (before.holdsStreams || !sameAll(before.deps, deps)) {
      const entered = streamsEntered();
      diff = this.#value(before.value, resolveChild(render()), slot);
      before.deps = deps;
      before.value = this.#kept;
      before.holdsStreams = streamsEntered() > entered;
    }
    this.#kept = before;
    return diff;
  }

  #array(list: List, values: readonly unknown[]): ListDiff | undefined {
    const { items } = list;
    const had = items.length;
    let updates: Record<number, Diff> | undefined;
    const both = Math.min(had, values.length);
    for (let index = 0; index < both; index++) {
      const change = this.#item(items, index, values[index]);
      if (change !== undefined) (updates ??= {})[index] = change;
    }
    if (had === values.length) return updates && { u: updates };
    const order: (ListRun | FullList)[] = both ? [[0, both]] : [];
    const added = values.slice(had).map((value) => keep(resolveChild(value)));
    const removed = items.splice(both, had - both, ...added);
    if (this.#watching) for (const item of removed) this.release(item);
    if (added.length) order.push({ i: added.map((item) => this.full(item)) });
    return { o: order, ...(updates && { u: updates }) };
  }

  #each(list: List, keys: Key[], { items, key, render }: Each, slot: Slot): ListDiff | undefined {
    const source = Array.isArray(items) ? items : [...items];
    const kept = list.items;
    const both = Math.min(source.length, keys.length);
    let updates: Record<number, Diff> | undefined;
    let index = 0;
    for (; index < both; index++) {
      const item = source[index];
      if (key(item, index) !== keys[index]) break;
      const value = render(item, index);
      if (isSame(kept[index], value)) continue;
      const change = this.#item(kept, index, value);
      if (change !== undefined) (updates ??= {})[index] = change;
    }
    if (index === source.length && index === keys.length) return updates && { u: updates };
    return this.#reorder(list, keys, source, { key, render }, index, updates ?? {}, slot);
  }

  /** The rest of a list from the first position on at which another key stands. */
  #reorder(
    list: List,
    oldKeys: Key[],
    source: readonly unknown[],
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
    for (let index = start; index < source.length; index++) {
      const own = uniqueKey(key(source[index], index), used, slot);
      const value = resolveChild(render(source[index], index));
      const from = positions.get(own);
      const last = order.at(-1);
      keys.push(own);
      if (from === undefined) {
        const kept = keep(value);
        items.push(kept);
        if (last && "i" in last) last.i.push(this.full(kept));
        else order.push({ i: [this.full(kept)] });
      } else {
        if (this.#watching) positions.delete(own);
        const change = this.#value(list.items[from], value, childSlot);
        items.push(this.#kept);
        if (change !== undefined) updates[index] = change;
        if (last && !("i" in last) && last[0] + last[1] === from) last[1]++;
        else order.push([from, 1]);
      }
    }
    if (this.#watching) for (const index of positions.values()) this.release(list.items[index]);
    if (placing()?.mistakes) checkKeys(keys, slot);
    list.keys = keys;
    list.items = items;
    return Object.keys(updates).length ? { o: order, u: updates } : { o: order };
  }

  #item(items: Kept[], index: number, value: unknown): Diff | undefined {
    const before = items[index];
    if (value instanceof Template && before instanceof Instance && before.strings === value.strings) {
      return this.instance(before, value);
    }
    return this.#slot(items, index, resolveChild(value), childSlot);
  }
}

/** Nearly all rows of a long list in nearly all updates: the same template with the same values. Kept small to be fast. */
function isSame(before: Kept, value: unknown): boolean {
  if (!(value instanceof Template && before instanceof Instance)) return false;
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
