/** Reports without passwords, tokens and cookies: hidden by the names they stand under, by their shape, and by value. */
import { Copier, DEEPEST, entriesOf, MOST_VALUES } from "./redact-copy.ts";
import { HiddenNames, type Redact } from "./redact-names.ts";
import { type HiddenValues, TextRedactor } from "./redact-text.ts";

const MOST_HIDDEN = 100;

/** Never throws: a report that is lost hides more than a secret. */
export class Redactor {
  readonly #names: HiddenNames;
  readonly #texts: TextRedactor;

  /** @param more names, in any case and spelling: `creditCard` hides `credit_card[number]` too */
  constructor(more: Redact = []) {
    this.#names = new HiddenNames(more);
    this.#texts = new TextRedactor(this.#names);
  }

  /** Tells if values under a name are hidden. The name's words count, whole or as an end: `apiToken`, `accesstoken`, but not `tokenizer`. */
  hides(name: string): boolean {
    return this.#names.has(name);
  }

  /** A text without hidden values: of `name=value`, `"name": "value"`, headers, URLs, and of tokens anywhere. */
  text(text: string, hidden: HiddenValues = []): string {
    return this.#texts.text(text, hidden);
  }

  /** Values under hidden names, of payloads, params and sessions. */
  valuesOf(...data: readonly unknown[]): HiddenValues {
    const found = new Set<string>();
    const seen = new Set<unknown>();
    let left = MOST_VALUES;
    const visit = (given: unknown, isHidden: boolean, depth: number): void => {
      if (found.size >= MOST_HIDDEN || --left < 0 || depth > DEEPEST) return;
      if (typeof given === "string" || typeof given === "number") {
        const text = String(given);
        if (isHidden && text.length > 1) found.add(text);
      } else if (typeof given === "object" && given !== null && !seen.has(given)) {
        seen.add(given);
        for (const [name, each] of readEntries(given, left))
          visit(each, isHidden || this.hides(name), depth + 1);
      }
    };
    for (const each of data) visit(each, false, 0);
    // A value may be part of another.
    return [...found].sort((a, b) => b.length - a.length);
  }

  /** A value, or a copy without its hidden values if it has some. Copies of errors keep their class and stack. */
  copy<T>(given: T, hidden: HiddenValues = []): T {
    const copier = new Copier(this.#names, this.#texts, hidden);
    const copy = copier.copy(given, 0);
    return copier.hasHidden ? (copy as T) : given;
  }
}

function readEntries(given: object, most: number): readonly (readonly [string, unknown])[] {
  try {
    return entriesOf(given, most);
  } catch {
    // Proxies may throw at every look.
    return [];
  }
}
