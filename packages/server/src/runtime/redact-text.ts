/** Texts without the values that stand under hidden names, have the shape of a secret, or are known. */
import { type HiddenNames, quote } from "./redact-names.ts";
import { pairsIn } from "./redact-pairs.ts";

export const HIDDEN = "[redacted]";
/** Stands for a value that throws if it is looked at. */
export const UNREADABLE = "[unreadable]";
export const TOO_MUCH = "[too much for a report]";
/** Characters that are searched for one report. */
export const MOST_TEXT = 1_000_000;

/** Shorter values are hidden only if they stand alone, and one character never. */
export const SHORT_VALUE = 4;

/** Overwire's own tokens; JWTs and JWEs. */
const tokens = /(?<![\w-])(?:[\w-]{8,16000}\.[\w-]{43}(?![\w-])|eyJ[\w-]{5,}(?:\.[\w-]*){2,4})/g;
/** `Basic plan` and `the bearer token` are no credentials: those have a digit, a sign, or capitals inside. */
const schemes = /\b(bearer|basic) +(?=[\w.~+/-]*(?:[\d~+/=_-]|\.\w))[\w.~+/-]{4,}=*/gi;
const basics = /\b([Bb]asic|BASIC) +(?=[A-Za-z]*[a-z][A-Z])[A-Za-z]{4,}/g;
const bearers =
  /\b(bearer) +(?!auth|token|scheme|header|credential|realm|certificate|required|missing|invalid)[a-z]{8,}/gi;
const userinfo = /(:\/\/[^\s/:@?#]{0,200}:)[^\s/?#"'<>]{1,500}(?=@)/g;
/** A token in the place of the user. */
const user = /(https?:\/\/)[^\s/:@?#]{1,500}(?=@)/g;
/** Values that are hidden wherever they stand, such as the password of the form that is being handled. */
export type HiddenValues = readonly string[];

const patterns = new WeakMap<HiddenValues, readonly (string | RegExp)[]>();

/** Long values as they are, as a client's may be too large for a pattern. */
function patternsOf(hidden: HiddenValues): readonly (string | RegExp)[] {
  let found = patterns.get(hidden);
  if (!found) {
    found = hidden.map((each) =>
      each.length < SHORT_VALUE
        ? new RegExp(`(?<![\\p{L}\\p{N}])${quote(each)}(?![\\p{L}\\p{N}])`, "gu")
        : each,
    );
    patterns.set(hidden, found);
  }
  return found;
}

export class TextRedactor {
  readonly #names: HiddenNames;

  constructor(names: HiddenNames) {
    this.#names = names;
  }

  /** A text without hidden values: of `name=value`, `"name": "value"`, headers, URLs, and of tokens anywhere. */
  text(text: string, hidden: HiddenValues = []): string {
    try {
      return this.#text(text, hidden);
    } catch {
      // Patterns have bounds that an engine sets.
      return UNREADABLE;
    }
  }

  #text(text: string, hidden: HiddenValues): string {
    const isCut = text.length > MOST_TEXT;
    let shown = isCut ? text.slice(0, MOST_TEXT) : text;
    for (const each of patternsOf(hidden)) shown = shown.replaceAll(each, HIDDEN);
    shown = shown
      .replace(userinfo, `$1${HIDDEN}`)
      .replace(user, `$1${HIDDEN}`)
      .replace(schemes, `$1 ${HIDDEN}`)
      .replace(basics, `$1 ${HIDDEN}`)
      .replace(bearers, `$1 ${HIDDEN}`)
      .replace(tokens, HIDDEN);
    shown = this.#pairs(shown);
    return isCut ? `${shown} ${TOO_MUCH}` : shown;
  }

  #pairs(text: string): string {
    let shown = "";
    let done = 0;
    for (const { start, end } of pairsIn(text, (name) => this.#names.has(name))) {
      shown += text.slice(done, start) + HIDDEN;
      done = end;
    }
    return done === 0 ? text : shown + text.slice(done);
  }
}
