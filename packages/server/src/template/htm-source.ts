/** A template as it is handed to htm: tags only, with numbers in place of all that htm would not leave alone. */
import { SLOT } from "./errors.ts";
import type { Habits } from "./habits.ts";

/**
 * Position of a slot. `value` is an attribute's, or a part of it. `close` is the second half of
 * `<${Card}>…</${Card}>` and has no content.
 */
export interface ScannedSlot {
  readonly kind: "child" | "text" | "value" | "spread" | "component" | "close";
  /** The element, in lower case, whose attribute or content it is. */
  readonly element: string;
  /** Position in the template's source, for errors. */
  readonly at: number;
}

/** A template for htm. */
export interface ScannedTemplate {
  /** Input of htm, split at the slots. */
  readonly parts: readonly string[];
  readonly slots: readonly ScannedSlot[];
  /** Meanings of `\0n\0` in a text or a value, and of an attribute `an`. */
  readonly chunks: readonly string[];
}

/** Collects the source for htm. */
export class HtmSource implements ScannedTemplate {
  readonly parts: string[] = [""];
  readonly slots: ScannedSlot[] = [];
  readonly chunks: string[] = [];
  /** Looks at the scanned parts, in development. */
  readonly habits: Habits | undefined;

  constructor(habits?: Habits) {
    this.habits = habits;
  }

  write(text: string): void {
    this.parts[this.parts.length - 1] += text;
  }

  /** Keeps a text from htm. @returns the text that replaces it */
  chunk(text: string): string {
    return `${SLOT}${this.chunks.push(text) - 1}${SLOT}`;
  }

  /** An attribute's name in the same way. A name of our own has no meaning for objects, as `__proto__` or `1` have. */
  attribute(name: string): string {
    return `a${this.chunks.push(name) - 1}`;
  }

  slot(kind: ScannedSlot["kind"], element: string, at: number): void {
    this.slots.push({ kind, element, at });
    if (kind !== "close") this.parts.push("");
  }
}
