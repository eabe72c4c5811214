/** Fields that a rendering changes, although it is to show them only. Looked for in development only. */
import { nameOf } from "../view/actor.ts";
import type { Mistakes } from "./mistakes.ts";
import { isData, isPlainObject } from "./state-values.ts";

/** Values that are looked at in one owner, so that large lists cost little. */
const MOST_VALUES = 500;
/** Objects in objects. */
const DEEPEST = 3;

/** An array or a plain object, with its former contents. */
class Copy {
  readonly of: object;
  /** Length of a list. */
  readonly length: number | undefined;
  /** Keys of an object, those of its parts first. */
  readonly keys: readonly string[] | undefined;
  readonly parts: readonly unknown[];

  constructor(of: object, keys: readonly string[] | undefined, parts: readonly unknown[]) {
    this.of = of;
    this.length = Array.isArray(of) ? of.length : undefined;
    this.keys = keys;
    this.parts = parts;
  }
}

interface Room {
  left: number;
}

/** Fields that a rendering has changed, to be watched in the next one: those that nothing shows are the author's own, as counters. */
const suspects = new WeakMap<object, Set<string>>();

/**
 * Remembers the fields of a view or a live component that is about to be rendered.
 * @returns tells of those that have changed since, if they are shown; undefined in production
 */
export function watchRender(owner: object, mistakes: Mistakes | undefined): (() => void) | undefined {
  if (!mistakes) return undefined;
  const room = { left: MOST_VALUES };
  const names = Object.keys(owner);
  const copies = names.map((name) => copyOf(owner[name as keyof object], room, DEEPEST));
  const watched = suspects.get(owner);
  const reads = watched && [...watched].map((name) => new Reads(owner, name));
  return () => {
    for (const each of reads ?? []) each.end();
    for (let index = 0; index < names.length; index++) {
      const name = names[index] as string;
      const value: unknown = owner[name as keyof object];
      const copy = copies[index];
      if (Object.is(copy, value) || isSame(copy, value) || name === "pageTitle") continue;
      const known = reads?.find((each) => each.name === name);
      const isShown = known ? known.count > growthOf(copy, value) : isRearranged(copy, value);
      if (isShown) mistakes.add(changed(owner, name));
      else suspects.set(owner, (suspects.get(owner) ?? new Set()).add(name));
    }
  };
}

const changed = (owner: object, name: string) => ({
  problem: `${nameOf(owner)}.render() changed ${name}. Rendering is to show the state only: change it in an event, and name that in the template, phx-click=\${this.inc}, without calling it. Sort a copy, [...items].sort().`,
  certain: false,
  inState: true,
});

/** Counts how often a field is read during a rendering, but to be written right away, as `++` does. */
class Reads {
  readonly name: string;
  count = 0;
  readonly #owner: object;
  #value: unknown;

  constructor(owner: object, name: string) {
    this.name = name;
    this.#owner = owner;
    const property = Object.getOwnPropertyDescriptor(owner, name);
    if (!property?.configurable || !("value" in property)) return;
    this.#value = property.value;
    Object.defineProperty(owner, name, {
      configurable: true,
      enumerable: true,
      get: () => {
        this.count++;
        return this.#value;
      },
      set: (value: unknown) => {
        this.count--;
        this.#value = value;
      },
    });
  }

  end(): void {
    if (!Object.getOwnPropertyDescriptor(this.#owner, this.name)?.get) return;
    Object.defineProperty(this.#owner, this.name, {
      configurable: true,
      enumerable: true,
      writable: true,
      value: this.#value,
    });
  }
}

/** Items that were put into a list, each of which has read the field. */
const growthOf = (copy: unknown, value: unknown): number =>
  copy instanceof Copy && Array.isArray(value) ? Math.max(0, value.length - (copy.length ?? 0)) : 0;

/** The same list or object, with others in it. */
const isRearranged = (copy: unknown, value: unknown): boolean =>
  copy instanceof Copy && copy.of === value && growthOf(copy, value) === 0;

function copyOf(value: unknown, room: Room, depth: number): unknown {
  if (typeof value !== "object" || value === null || depth === 0 || room.left <= 0) return value;
  const isList = Array.isArray(value);
  if (!isList && !isPlainObject(value)) return value;
  const keys = isList ? undefined : Object.keys(value);
  const length = Math.min(keys ? keys.length : (value as unknown[]).length, room.left);
  room.left -= length;
  const parts: unknown[] = [];
  for (let index = 0; index < length; index++)
    parts.push(copyOf(value[(keys ? keys[index] : index) as keyof object], room, depth - 1));
  return new Copy(value, keys, parts);
}

/** A value that is computed once and kept is no change. */
function isSame(copy: unknown, value: unknown): boolean {
  if (copy === undefined || copy === null) return true;
  if (!(copy instanceof Copy)) return Object.is(copy, value) || !isData(copy) || !isData(value);
  if (copy.of !== value) return false;
  const { length, keys, parts } = copy;
  if (length !== undefined && length !== (value as readonly unknown[]).length) return false;
  return parts.every((part, index) => isSame(part, copy.of[(keys ? keys[index] : index) as keyof object]));
}
