/** Copies of values without what is hidden in them. Values may be anything, such as proxies that throw at every look. */
import type { HiddenNames } from "./redact-names.ts";
import {
  HIDDEN,
  type HiddenValues,
  MOST_TEXT,
  SHORT_VALUE,
  type TextRedactor,
  TOO_MUCH,
  UNREADABLE,
} from "./redact-text.ts";

export const DEEPEST = 8;
/** Values that one report looks at: an object of so many takes milliseconds. */
export const MOST_VALUES = 10_000;

/** Steps of an issue's path. */
const MOST_STEPS = 20;

/** Maps and what else gives pairs. */
type Pairs = Map<unknown, unknown> | URLSearchParams | FormData | Headers;

const isPairs = (given: object): given is Pairs =>
  given instanceof Map ||
  given instanceof URLSearchParams ||
  given instanceof FormData ||
  given instanceof Headers;

/** Names of a map may be objects without a text. */
const nameOf = (name: unknown): string => (typeof name === "object" || name === null ? "" : String(name));

/** @param most entries that are read */
export function entriesOf(given: object, most: number): (readonly [string, unknown])[] {
  if (isPairs(given)) return pairsOf(given, most).map(([name, each]) => [nameOf(name), each]);
  if (Array.isArray(given)) return given.slice(0, most).map((each) => ["", each] as const);
  return ArrayBuffer.isView(given) ? [] : entriesUnder(given, ownNames(given).slice(0, most));
}

function pairsOf(given: Pairs, most: number): (readonly [unknown, unknown])[] {
  const pairs: (readonly [unknown, unknown])[] = [];
  for (const pair of given as Map<unknown, unknown>) {
    if (pairs.length >= most) break;
    pairs.push(pair);
  }
  return pairs;
}

/** Own values, without running getters. */
function entriesUnder(given: object, names: readonly string[]): (readonly [string, unknown])[] {
  const entries: (readonly [string, unknown])[] = [];
  for (const name of names) {
    const descriptor = Object.getOwnPropertyDescriptor(given, name);
    if (descriptor && "value" in descriptor) entries.push([name, descriptor.value]);
  }
  return entries;
}

const ownNames = (given: object): string[] =>
  Reflect.ownKeys(given).filter((key): key is string => typeof key === "string");

/** One walk through a value. */
export class Copier {
  readonly #names: HiddenNames;
  readonly #texts: TextRedactor;
  readonly #hidden: HiddenValues;
  readonly #copies = new Map<object, unknown>();
  #values = MOST_VALUES;
  #characters = MOST_TEXT;
  /** The copy says less. */
  hasHidden = false;

  constructor(names: HiddenNames, texts: TextRedactor, hidden: HiddenValues) {
    this.#names = names;
    this.#texts = texts;
    this.#hidden = hidden;
  }

  copy(given: unknown, depth: number): unknown {
    if (this.#values-- <= 0) return this.#note(TOO_MUCH, given);
    if (typeof given === "string") return this.#text(given);
    if (typeof given === "number")
      return this.#note(this.#hidden.includes(String(given)) ? HIDDEN : given, given);
    if (typeof given !== "object" || given === null || ArrayBuffer.isView(given)) return given;
    if (this.#copies.has(given)) return this.#copies.get(given);
    if (depth > DEEPEST) return this.#note("[too deep for a report]", given);
    this.#copies.set(given, "[circular]");
    let copy: unknown;
    try {
      copy = this.#copyObject(given, depth + 1);
    } catch {
      copy = this.#note(UNREADABLE, given);
    }
    this.#copies.set(given, copy);
    return copy;
  }

  #note<T>(copy: T, given: unknown): T {
    if (copy !== given) this.hasHidden = true;
    return copy;
  }

  #text(given: string, hidden = this.#hidden): string {
    if (this.#characters <= 0) return this.#note(TOO_MUCH, given);
    this.#characters -= given.length;
    return this.#note(this.#texts.text(given, hidden), given);
  }

  #copyObject(given: object, depth: number): unknown {
    if (given instanceof URL) {
      const text = this.#text(given.href);
      return text === given.href ? given : text;
    }
    if (given instanceof Request || given instanceof Response) return this.#message(given, depth);
    if (given instanceof Error) return this.#error(given, depth);
    if (given instanceof Set) return this.#list([...given], depth, (list) => new Set(list)) ?? given;
    if (Array.isArray(given)) return this.#list(given, depth, (list) => list) ?? given;
    if (isPairs(given)) return this.#pairs(given, depth);
    const names = ownNames(given);
    if (names.length > this.#values) return this.#note(TOO_MUCH, given);
    const changed = this.#changes(entriesUnder(given, names), depth);
    if (changed.size === 0) return given;
    return withChanges(Object.create(Object.getPrototypeOf(given)), given, changed, names);
  }

  /** A value under its name. */
  #value(name: string, each: unknown, depth: number): unknown {
    const isEmpty = each === undefined || each === null || typeof each === "boolean";
    return !isEmpty && this.#names.has(name) ? this.#note(HIDDEN, each) : this.copy(each, depth);
  }

  /** Values whose name stands in another property: of `{ name, value }`, and of a validator's issue. */
  #hiddenBeside(entries: readonly (readonly [string, unknown])[]): readonly (readonly [string, unknown])[] {
    const isHidden = (name: unknown) => typeof name === "string" && this.#names.has(name);
    const isHiddenStep = (step: unknown) =>
      isHidden(step) || (typeof step === "object" && step !== null && "key" in step && isHidden(step.key));
    return entries.flatMap(([name, each]) => {
      let others: readonly string[] = [];
      if ((name === "name" || name === "key" || name === "field") && isHidden(each)) others = ["value"];
      if (
        name === "path" &&
        (Array.isArray(each) ? each.slice(0, MOST_STEPS).some(isHiddenStep) : isHidden(each))
      )
        others = ["input", "received", "value", "actual"];
      return entries.filter(
        ([other, value]) => others.includes(other) && value !== undefined && value !== null,
      );
    });
  }

  /** Values after their names, of pairs and of `rawHeaders`. */
  #hiddenAt(list: readonly unknown[], index: number, isRaw: boolean): boolean {
    const name = list[index - 1];
    return isRaw && index % 2 === 1 && typeof name === "string" && !/\s/.test(name) && this.#names.has(name);
  }

  #changes(entries: readonly (readonly [string, unknown])[], depth: number): Map<string, unknown> {
    const changed = new Map<string, unknown>();
    const beside = this.#hiddenBeside(entries);
    const quoted = beside.map(([, each]) => each).filter((each) => typeof each === "string");
    for (const [name, each] of entries) {
      const isBeside = beside.some(([other]) => other === name);
      let copy = isBeside ? this.#note(HIDDEN, each) : this.#value(name, each, depth);
      if (typeof copy === "string")
        for (const text of quoted)
          if (text.length >= SHORT_VALUE) copy = this.#note((copy as string).replaceAll(text, HIDDEN), each);
      if (copy !== each) changed.set(name, copy);
    }
    return changed;
  }

  #pairs(given: Pairs, depth: number): unknown {
    const pairs = pairsOf(given, this.#values + 1);
    if (pairs.length > this.#values) return this.#note(TOO_MUCH, given);
    const copies = pairs.map(
      ([name, each]) => [this.copy(name, depth), this.#value(nameOf(name), each, depth)] as const,
    );
    const isSame = copies.every(
      ([name, each], index) => name === pairs[index]?.[0] && each === pairs[index]?.[1],
    );
    if (isSame) return given;
    return given instanceof Map ? new Map(copies) : Object.fromEntries(copies);
  }

  #list(list: readonly unknown[], depth: number, make: (list: unknown[]) => unknown): unknown {
    if (list.length > this.#values) return this.#note(TOO_MUCH, list);
    const isRaw =
      (list.length === 2 && typeof list[1] !== "object") ||
      (list.length % 2 === 0 && list.every((each) => typeof each === "string"));
    const copies = list.map((each, index) =>
      this.#hiddenAt(list, index, isRaw) ? this.#note(HIDDEN, each) : this.copy(each, depth),
    );
    return copies.some((each, index) => each !== list[index]) ? make(copies) : undefined;
  }

  #message(message: Request | Response, depth: number): unknown {
    const headers = this.copy(message.headers, depth);
    const url = this.#text(message.url);
    if (headers === message.headers && url === message.url) return message;
    return {
      ...(message instanceof Request ? { method: message.method } : { status: message.status }),
      url,
      headers,
    };
  }

  #error(error: Error, depth: number): unknown {
    const { message, stack } = textsOf(error);
    const shown = this.#text(message);
    const changed = new Map<string, unknown>();
    if (shown !== message) changed.set("message", shown);
    if (stack !== undefined) {
      const own = message === "" ? stack : stack.replace(message, () => shown);
      const frames = this.#note(this.#text(own, longOf(this.#hidden)), stack);
      if (frames !== stack) changed.set("stack", frames);
    }
    const names = ownNames(error);
    const read = names.slice(0, Math.max(0, this.#values));
    if (read.length < names.length) this.hasHidden = true;
    const own = entriesUnder(error, read).filter(([name]) => name !== "stack" && name !== "message");
    for (const [name, each] of this.#changes(own, depth)) changed.set(name, each);
    if (changed.size === 0 && read.length === names.length) return error;
    if (!changed.has("message")) changed.set("message", message);
    if (!changed.has("stack") && stack !== undefined) changed.set("stack", stack);
    // A getter of the class, which no copy can run.
    if (error instanceof DOMException) changed.set("name", error.name);
    const copy = new Error(shown);
    // Its text is made when it is first read, which a class may not allow.
    void copy.stack;
    Object.setPrototypeOf(copy, Object.getPrototypeOf(error));
    return withChanges(copy, error, changed, read);
  }
}

/** Positions in a stack are no secrets. */
const longOf = (hidden: HiddenValues) => hidden.filter((each) => each.length >= SHORT_VALUE);

/** An error's texts may be getters of its class, which throw. */
function textsOf(error: Error): { message: string; stack: string | undefined } {
  try {
    const { message, stack } = error;
    return { message: String(message), stack: typeof stack === "string" ? stack : undefined };
  } catch {
    return { message: "", stack: undefined };
  }
}

function withChanges(
  copy: object,
  given: object,
  changed: ReadonlyMap<string, unknown>,
  names: readonly string[],
): object {
  for (const name of names) {
    const descriptor = Object.getOwnPropertyDescriptor(given, name);
    if (!descriptor || changed.has(name)) continue;
    try {
      Object.defineProperty(copy, name, descriptor);
    } catch {
      // It stays away from the report.
    }
  }
  for (const [name, value] of changed) {
    const enumerable = Object.getOwnPropertyDescriptor(given, name)?.enumerable ?? false;
    Object.defineProperty(copy, name, { value, enumerable, writable: true, configurable: true });
  }
  return copy;
}
