/** Changes to honest frames: of their values, of their shape, and of their text. */
import type { Random } from "./random.ts";
import { PAGES, TOKEN_MARK, tokenMark, VISITORS } from "./steps.ts";
import { json, nested, number, spellings, text } from "./values.ts";

type Holder = { [key: string | number]: unknown };

/** All places in a value that are not very deep, each as its container and key. */
function places(value: unknown, found: [Holder, string][] = [], depth = 0): [Holder, string][] {
  if (typeof value !== "object" || value === null || depth > 100) return found;
  for (const [key, inner] of Object.entries(value)) {
    found.push([value as Holder, key]);
    places(inner, found, depth + 1);
  }
  return found;
}

type Change = (random: Random, holder: Holder, key: string) => void;

const changes: readonly Change[] = [
  (random, holder, key) => {
    holder[key] = json(random);
  },
  (random, holder, key) => {
    holder[key] = text(random);
  },
  (random, holder, key) => {
    holder[key] = number(random);
  },
  (random, holder, key) => {
    holder[key] = nested(random, holder[key]);
  },
  (_, holder, key) => {
    delete holder[key];
  },
  (random, holder) => {
    // As a parser would: assigning would change the prototype.
    Object.defineProperty(holder, text(random), {
      value: json(random),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  },
  (random, holder, key) => {
    const other = random.pick(Object.keys(holder));
    [holder[key], holder[other]] = [holder[other], holder[key]];
  },
  (random, holder, key) => {
    if (typeof holder[key] === "number")
      holder[key] = (holder[key] as number) + random.pick([-2, -1, 1, 100]);
    else holder[key] = stringified(holder[key]);
  },
  (random, holder, key) => {
    if (typeof holder[key] === "string")
      holder[key] = (holder[key] as string).slice(random.below(9)) + text(random);
    else holder[key] = [holder[key], holder[key]];
  },
];

/** A frame with some of its values changed. */
function changed(random: Random, frame: readonly unknown[]): unknown {
  const copy = structuredClone(frame) as unknown as Holder;
  for (let left = random.pick([1, 1, 1, 2, 3]); left > 0; left--) {
    const found = places(copy);
    if (found.length === 0) break;
    // Everything else depends on the kind and the view's number.
    let [holder, key] = random.pick(found);
    // The first entries determine the kind of frame: a fault there ends the socket.
    for (let tries = 3; tries > 0 && holder === copy && Number(key) < 4; tries--) {
      [holder, key] = random.pick(found);
    }
    random.pick(changes)(random, holder, key);
  }
  return copy;
}

type TextChange = (random: Random, text: string) => string;

const textChanges: readonly TextChange[] = [
  (random, text) => text.slice(0, random.below(text.length)),
  (random, text) => text.slice(random.below(text.length)),
  (random, text) =>
    spliced(
      text,
      random.below(text.length),
      random.below(4),
      random.pick(["", ",", "]", "[", '"', "\\u0000", "\\ud800", "\u0000", "\ufeff"]),
    ),
  (random, text) => {
    const at = random.below(text.length);
    return spliced(text, at, 0, text.slice(at, at + random.below(200)));
  },
  (random, text) => text.replace(/\d+/, () => random.pick(spellings)),
  (random, text) => text.replace(/(,)(\d+)/, (_, comma) => comma + random.pick(spellings)),
  (_, text) => text + text,
  (random, text) => {
    const depth = random.pick([70, 1000, 5000, 60_000]);
    return text.replace(/[{]}|"[a-z]+"(?!:)|\d+/, (value) => "[".repeat(depth) + value + "]".repeat(depth));
  },
  (random, text) => text + " ".repeat(random.size(120_000)),
];

const spliced = (text: string, at: number, without: number, insert: string) =>
  text.slice(0, at) + insert + text.slice(at + without);

/** Another visitor's token, or another page's. */
function foreign(random: Random, text: string): string {
  const index = random.below(3);
  return text.replace(TOKEN_MARK, () => tokenMark(random.below(VISITORS), random.below(PAGES.length), index));
}

/** Text that is sent in a frame's place. */
export function mutated(random: Random, frame: readonly unknown[]): string {
  const kind = random.below(20);
  if (kind < 13) return stringified(changed(random, frame));
  if (kind < 16) return foreign(random, stringified(frame));
  if (kind < 19) return foreign(random, stringified(changed(random, frame)));
  return random.pick(textChanges)(random, stringified(frame));
}

/** Values that JSON cannot write are sent as text. */
export function stringified(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "undefined";
  } catch {
    return "[[[[";
  }
}

/** Bytes with some of them changed. */
export function mutatedBytes(random: Random, bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice(0, random.chance(0.3) ? random.below(bytes.length + 1) : bytes.length);
  for (let left = random.below(6); left > 0 && copy.length > 0; left--) {
    copy[random.below(Math.min(copy.length, 16))] = random.below(256);
  }
  return copy;
}
