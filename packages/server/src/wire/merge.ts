/** The tree a client keeps of a view, and merging differences into it. */
import { type ReadTemplate, readStatics } from "./statics.ts";
import type {
  ComponentDiffs,
  Diff,
  Full,
  FullComponent,
  FullInstance,
  FullList,
  InstanceDiff,
  ListDiff,
  Templates,
} from "./tree.ts";

/** A slot's value: HTML, an instance of a template, or a list. */
export type Value = string | Instance | List;

/** An instance of a template. It lives as long as the server keeps it, wherever a list moves it. */
export interface Instance {
  readonly id: number;
  /** Of the live component that renders it. */
  readonly component: number | undefined;
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
  readonly #templates: Map<number, ReadTemplate>;
  readonly #components = new Map<number, Instance>();
  #changes: Change[] = [];
  #instances = 0;

  /** @param templates those of the connection: a server sends statics once for all of its views */
  constructor(templates: Map<number, ReadTemplate> = new Map()) {
    this.#templates = templates;
  }

  /** Takes in statics that came with a message; later messages refer to them by number. */
  learn(templates: Templates | undefined): void {
    for (const [id, statics] of Object.entries(templates ?? {}))
      this.#templates.set(Number(id), readStatics(statics));
  }

  /** Replaces everything. */
  load(full: FullInstance): void {
    this.merges++;
    this.#components.clear();
    this.root = this.#instance(full, undefined, 0);
  }

  /** What a live component shows, undefined where there is none of that number. */
  component(number: number): Instance | undefined {
    return this.#components.get(number);
  }

  /**
   * Merges a difference, 0 for none, and then those of live components.
   * @returns the slots that changed, in order; undefined where the whole tree was replaced.
   * @throws Error where the difference does not fit the tree: the two sides disagree, and the view must be joined again.
   */
  merge(diff: Diff | 0, components: ComponentDiffs = {}): readonly Change[] | undefined {
    this.#changes = [];
    const isWhole = Array.isArray(diff);
    if (isWhole) this.load(diff as unknown as FullInstance);
    else {
      this.merges++;
      if (diff) this.#inside(this.root, diff as InstanceDiff);
    }
    for (const key in components) this.#merged(Number(key), components[key] as ComponentDiffs[number]);
    return isWhole ? undefined : this.#changes;
  }

  #merged(number: number, diff: ComponentDiffs[number]): void {
    const old = this.#components.get(number);
    if (diff === 0) {
      this.#components.delete(number);
      return;
    }
    if (!old) throw new Error(`no component ${number} to change`);
    const { parent, at } = old;
    // What is around a change is not as it was either.
    for (let outer = parent; outer && outer.touched !== this.merges; outer = outer.parent) {
      outer.touched = this.merges;
    }
    if (!Array.isArray(diff)) this.#inside(old, diff as InstanceDiff);
    else if (parent) {
      const next = this.#instance(diff as unknown as FullInstance, parent, at, number);
      parent.slots[at] = replaced(parent.slots[at] as Value, old, next);
      this.#changes.push({ instance: parent, slot: at });
    }
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
    if (typeof diff === "string" || Array.isArray(diff) || "i" in diff || "c" in diff) {
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
    if ("c" in full) {
      const { c, v } = full as FullComponent;
      return this.#instance(v, owner, slot, c);
    }
    return this.#instance(full, owner, slot);
  }

  #instance(
    [id, ...slots]: FullInstance,
    parent: Instance | undefined,
    at: number,
    component?: number,
  ): Instance {
    const template = this.#templates.get(id);
    if (!template) throw new Error(`unknown template ${id}`);
    const instance: Instance = {
      id: ++this.#instances,
      component,
      template,
      slots: [],
      parent,
      at,
      touched: this.merges,
      elements: [],
    };
    if (component) this.#components.set(component, instance);
    slots.forEach((slot, index) => {
      instance.slots.push(this.#value(slot, instance, index));
    });
    return instance;
  }
}

/** A slot's value with one instance in place of another, which is it or stands in its lists. */
function replaced(value: Value, old: Instance, next: Instance): Value {
  if (value === old) return next;
  if (typeof value === "object" && "items" in value) {
    value.items = value.items.map((item) => replaced(item, old, next));
  }
  return value;
}
