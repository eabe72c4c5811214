/** The tree a client keeps of a view, and merging differences into it. */
import { applyChange, type Keyed, type StreamKey } from "./apply-stream-change.ts";
import {
  type ComponentDiffs,
  type Diff,
  type Full,
  type FullInstance,
  type InstanceDiff,
  isFull,
  isFullInstance,
  isListDiff,
  type ListDiff,
  type StreamChange,
  type Templates,
  type TreeDiff,
} from "./rendered.ts";
import { type ReadTemplate, readStatics } from "./template-steps.ts";

/** A slot's value: HTML, an instance of a template, or a list. */
export type Value = string | Instance | List | StreamList;

/** A part of the tree in which others stand. */
interface Part {
  /** The part in whose slot this one stands, directly or in a list; a stream's items stand in slot 0 of it. */
  readonly parent: Holder | undefined;
  readonly at: number;
  /** Number of the live component that renders it. */
  readonly component?: number | undefined;
  /** Number of the last merge that changed something in it. */
  touched?: number;
}

/** An instance, or a stream's list, which may go on in another instance together with its items. */
export type Holder = Instance | StreamList;

/**
 * An instance of a template. It lives as long as the server keeps it, wherever a list moves it; a stream's item as long as
 * it is rendered by the same template. A live component goes on with another template as the same instance, under a new id.
 */
export interface Instance extends Part {
  readonly id: number;
  readonly template: ReadTemplate;
  slots: Value[];
  /** For each mark the page's element, as the client finds them. */
  elements: unknown[];
}

/** A list's items in order. */
export interface List {
  items: Value[];
}

/** A stream's items. */
export interface StreamList extends Keyed<Value>, Part {
  readonly items: Value[];
}

/** A slot whose own value changed. */
export interface Change {
  readonly instance: Instance;
  readonly slot: number;
  /** The value before, if it was replaced. */
  readonly old?: Value;
  /** Changes of a stream that goes on. */
  readonly stream?: StreamUpdate;
}

/** Effect of a merge on a stream. */
export interface StreamUpdate {
  readonly list: StreamList;
  readonly changes: readonly StreamChange[];
  /** Items taken away, or taken away first and inserted again, by key; items replaced, by themselves. */
  readonly gone: ReadonlyMap<unknown, Value>;
}

/** Adds statics that came with a message to those that a connection has brought; later messages refer to them by number. */
export function learnTemplates(known: Map<number, ReadTemplate>, templates: Templates = {}): void {
  for (const [id, statics] of Object.entries(templates)) known.set(Number(id), readStatics(statics));
}

/** The tree of a view as the server last described it. */
export class Tree {
  /** Set by {@link load}, before anything else is asked of the tree. */
  root!: Instance;
  /** Number of the merge under way or last done; instances with another `touched` did not change in it. */
  merges = 0;
  readonly #templates: Map<number, ReadTemplate>;
  readonly #components = new Map<number, Instance>();
  /** By number, as long as the tree holds them. */
  readonly #streams = new Map<number, WeakRef<StreamList>>();
  #changes: Change[] = [];
  /** Live components that left with items of streams. */
  readonly #gone: Instance[] = [];
  #instances = 0;

  /** @param templates those of the connection: a server sends statics once for all of its views */
  constructor(templates: Map<number, ReadTemplate> = new Map()) {
    this.#templates = templates;
  }

  /** Takes in statics of a tree that shares them with no other. */
  learn(templates: Templates | undefined): void {
    learnTemplates(this.#templates, templates);
  }

  /** Replaces everything. */
  load(full: FullInstance): void {
    this.#components.clear();
    this.merge(full);
  }

  /** Content of a live component, undefined if there is none of that number. */
  component(number: number): Instance | undefined {
    return this.#components.get(number);
  }

  /**
   * Merges a difference, 0 for none, and then those of live components.
   * @returns the slots that changed, in order; undefined if the whole tree was replaced.
   * @throws Error if the difference does not fit the tree: the two sides disagree, and the view must be
   *   joined again.
   */
  merge(diff: TreeDiff, components: ComponentDiffs = {}): readonly Change[] | undefined {
    this.#changes = [];
    // One that moves is held by neither of its places for a moment, but nothing is collected that was just asked for.
    for (const list of this.#streams.values()) list.deref();
    this.merges++;
    const isWhole = isFullInstance(diff);
    if (isWhole) this.root = this.#createInstance(diff, undefined, 0);
    else if (diff) this.#mergeInstance(this.root, diff);
    for (const key in components) this.#mergeComponent(Number(key), components[key] as TreeDiff);
    return isWhole ? undefined : this.#changes;
  }

  /** Numbers of live components that left with items of streams since the last call, and that the server takes to be there. */
  takeGone(): number[] {
    return this.#gone.splice(0).flatMap((instance) => {
      const number = instance.component as number;
      return this.#components.get(number) === instance ? number : [];
    });
  }

  #mergeComponent(number: number, diff: TreeDiff): void {
    const old = this.#components.get(number);
    if (diff === 0) {
      this.#components.delete(number);
      return;
    }
    if (!old) throw new Error(`no component ${number} to change`);
    const { parent, at } = old;
    // Everything around a change has changed as well.
    for (let outer = parent; outer && outer.touched !== this.merges; outer = outer.parent) {
      outer.touched = this.merges;
    }
    if (isFullInstance(diff)) {
      this.#createInstance(diff, parent, at, number, undefined, old);
      // A component has its tag in a template, so it stands in a slot and is no item of a stream itself.
      this.#changes.push({ instance: parent as Instance, slot: at });
    } else this.#mergeInstance(old, diff);
  }

  #mergeInstance(instance: Instance, diff: InstanceDiff): void {
    instance.touched = this.merges;
    this.#mergeValues(instance.slots, diff, instance);
  }

  /** @param slot in which all of them stand, if it is a list */
  #mergeValues(values: Value[], diffs: Readonly<Record<number, Diff>>, owner: Instance, slot?: number): void {
    for (const key in diffs) {
      const index = Number(key);
      const old = values[index];
      if (old === undefined) throw new Error(`no value ${key} to change`);
      values[index] = this.#mergeValue(old, diffs[index] as Diff, owner, slot ?? index);
    }
  }

  #mergeValue(old: Value, diff: Diff, owner: Instance, slot: number): Value {
    if (isFull(diff)) {
      this.#changes.push({ instance: owner, slot, old });
      return this.#createValue(diff, owner, slot);
    }
    if (typeof old === "object") {
      if ("m" in diff) {
        if ("keys" in old) {
          this.#changes.push({ instance: owner, slot, stream: this.#mergeStream(old, diff.m) });
          return old;
        }
      } else if (isListDiff(diff)) {
        if ("items" in old) {
          this.#mergeList(old, diff, owner, slot);
          return old;
        }
      } else if ("template" in old) {
        this.#mergeInstance(old, diff);
        return old;
      }
    }
    throw new Error(`no such change of slot ${slot}`);
  }

  #mergeList(list: List, { o: order, u: updates = {} }: ListDiff, owner: Instance, slot: number): void {
    if (order) {
      const old = list.items;
      list.items = order.flatMap((part) =>
        "i" in part
          ? part.i.map((item) => this.#createValue(item, owner, slot))
          : old.slice(part[0], part[0] + part[1]),
      );
      this.#changes.push({ instance: owner, slot });
    }
    this.#mergeValues(list.items, updates, owner, slot);
  }

  #mergeStream(list: StreamList, changes: readonly StreamChange[] = []): StreamUpdate {
    const gone = new Map<unknown, Value>();
    for (const change of changes)
      applyChange(list, change, (item: Full, old) => this.#createValue(item, list, 0, old), gone);
    for (const [key, item] of gone) if (list.there.get(key as string) !== item) this.#drop(item);
    return { list, changes, gone };
  }

  /** Records live components in values that have left. */
  #drop(value: Value): void {
    const { component, slots, items } = value as Partial<Instance & List>;
    if (component) this.#gone.push(value as Instance);
    for (const each of slots ?? items ?? []) this.#drop(each);
  }

  /** @param old goes on as the new value if it is of the same kind */
  #createValue(full: Full, owner: Holder, slot: number, old?: Value): Value {
    if (typeof full === "string") return full;
    if ("i" in full) {
      const items = (old as Partial<List> | undefined)?.items;
      return {
        items: full.i.map((item, index) => this.#createValue(item, owner, slot, items?.[index])),
      };
    }
    if ("s" in full) {
      const { s: number, k: goesOn, m: changes } = full;
      // A stream goes on only after it has been sent as a whole.
      const list = (goesOn ? this.#streams.get(number)?.deref() : newList()) as StreamList;
      this.#streams.set(number, new WeakRef(list));
      this.#mergeStream(Object.assign(list, { parent: owner, at: slot }), changes);
      return list;
    }
    if ("c" in full) {
      const { c, v } = full;
      return this.#createInstance(v, owner, slot, c, old);
    }
    return this.#createInstance(full, owner, slot, undefined, old);
  }

  /**
   * @param old goes on as the new one if it is of the same template
   * @param other goes on as another one, of any template
   */
  #createInstance(
    [id, ...slots]: FullInstance,
    parent: Holder | undefined,
    at: number,
    component?: number,
    old?: Value,
    other: object = {},
  ): Instance {
    const template = this.#templates.get(id);
    if (!template) throw new Error(`unknown template ${id}`);
    const kept = old as Partial<Instance> | undefined;
    const instance = (
      kept?.template === template && kept.component === component
        ? kept
        : Object.assign(other, { id: ++this.#instances, slots: [], elements: [] })
    ) as Instance;
    if (component) this.#components.set(component, instance);
    return Object.assign(instance, {
      component,
      template,
      parent,
      at,
      touched: this.merges,
      slots: slots.map((slot, index) => this.#createValue(slot, instance, index, instance.slots[index])),
    });
  }
}

function newList(): Omit<StreamList, keyof Part> {
  const keys: StreamKey[] = [];
  const there = new Map<StreamKey, Value>();
  return {
    keys,
    there,
    get items() {
      return keys.map((key) => there.get(key) as Value);
    },
  };
}
