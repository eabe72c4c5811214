/** The tree a client keeps of a view, and merging differences into it. */
import { type ReadTemplate, readStatics } from "./statics.ts";
import type { Diff, Full, FullInstance, FullList, InstanceDiff, ListDiff, Templates } from "./tree.ts";

/** A slot's value: HTML, an instance of a template, or a list. */
export type Value = string | Instance | List;

/** An instance of a template. It lives as long as the server keeps it, wherever a list moves it. */
export interface Instance {
  readonly id: number;
  readonly template: ReadTemplate;
  readonly slots: Value[];
  /** The instance and slot in which this one stands, directly or in a list. */
  readonly parent: Instance | undefined;
  readonly at: number;
  /** Number of the last merge that changed something in it. */
  touched: number;
  /** For each mark the page's element, as the client finds them. */
  elements: unknown[];
}

/** A list's items in order. */
export interface List {
  items: Value[];
}

/** A slot whose own value changed. */
export interface Change {
  readonly instance: Instance;
  readonly slot: number;
}

/** What the server last said a view looks like. */
export class Tree {
  /** Set by {@link load}, before anything else is asked of the tree. */
  root!: Instance;
  /** Number of the merge under way or last done; instances with another `touched` did not change in it. */
  merges = 0;
  readonly #templates = new Map<number, ReadTemplate>();
  #changes: Change[] = [];
  #instances = 0;

  /** Takes in statics that came with a message; later messages refer to them by number. */
  learn(templates: Templates | undefined): void {
    for (const [id, statics] of Object.entries(templates ?? {}))
      this.#templates.set(Number(id), readStatics(statics));
  }

  /** Replaces everything. */
  load(full: FullInstance): void {
    this.merges++;
    this.root = this.#instance(full, undefined, 0);
  }

  /**
   * Merges a difference.
   * @returns the slots that changed, in order; undefined where the whole tree was replaced.
   * @throws Error where the difference does not fit the tree: the two sides disagree, and the view must be joined again.
   */
  merge(diff: Diff): readonly Change[] | undefined {
    if (Array.isArray(diff)) {
      this.load(diff as unknown as FullInstance);
      return undefined;
    }
    this.merges++;
    this.#changes = [];
    this.#inside(this.root, diff as InstanceDiff);
    return this.#changes;
  }

  #inside(instance: Instance, diff: InstanceDiff): void {
    instance.touched = this.merges;
    for (const key in diff) {
      const slot = Number(key);
      const old = instance.slots[slot];
      if (old === undefined) throw new Error(`no slot ${key} to change`);
      instance.slots[slot] = this.#changed(old, diff[slot] as Diff, instance, slot);
    }
  }

  #changed(old: Value, diff: Diff, owner: Instance, slot: number): Value {
    if (typeof diff === "string" || Array.isArray(diff) || "i" in diff) {
      this.#changes.push({ instance: owner, slot });
      return this.#value(diff as Full, owner, slot);
    }
    if (typeof old === "string") throw new Error("a text cannot change inside");
    if ("items" in old) this.#list(old, diff as ListDiff, owner, slot);
    else this.#inside(old, diff as InstanceDiff);
    return old;
  }

  #list(list: List, { o: order, u: updates = {} }: ListDiff, owner: Instance, slot: number): void {
    if (order) {
      const old = list.items;
      list.items = order.flatMap((part) =>
        "i" in part
          ? part.i.map((item) => this.#value(item, owner, slot))
          : old.slice(part[0], part[0] + part[1]),
      );
      this.#changes.push({ instance: owner, slot });
    }
    for (const key in updates) {
      const index = Number(key);
      const item = list.items[index];
      if (item === undefined) throw new Error(`no item ${key} to change`);
      list.items[index] = this.#changed(item, updates[index] as Diff, owner, slot);
    }
  }

  #value(full: Full, owner: Instance, slot: number): Value {
    if (typeof full === "string") return full;
    if ("i" in full) return { items: (full as FullList).i.map((item) => this.#value(item, owner, slot)) };
    return this.#instance(full, owner, slot);
  }

  #instance([id, ...slots]: FullInstance, parent: Instance | undefined, at: number): Instance {
    const template = this.#templates.get(id);
    if (!template) throw new Error(`unknown template ${id}`);
    const instance: Instance = {
      id: ++this.#instances,
      template,
      slots: [],
      parent,
      at,
      touched: this.merges,
      elements: [],
    };
    slots.forEach((slot, index) => {
      instance.slots.push(this.#value(slot, instance, index));
    });
    return instance;
  }
}
