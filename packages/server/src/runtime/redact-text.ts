/** Texts without the values that stand under hidden names, have the shape of a secret, or are known. */
import { type HiddenNames, LONGEST_NAME, quote } from "./redact-names.ts";

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
const schemes = /\b(bearer|basic) +(?=[\w.~+/-]*[\d.~+/=_-])[\w.~+/-]{4,}=*/gi;
const userinfo = /(:\/\/[^\s/:@?#]{0,200}:)[^\s/@?#]{1,500}(?=@)/g;
const headers =
  /\b((?:proxy-)?authorization|(?:set-)?cookie)(["']?\s*[:=]\s*)("[^"\n]*"|'[^'\n]*'|\[[^\]]*\]?|[^"'\n}]+)/gi;
const separator = /(?:=>|[:=])[ \t]*/g;
const value = /"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|`(?:[^`\\]|\\.)*`?|\([^\s)]+\)?|[^\s&;,"'`()[\]{}<>]+/y;
const nameCharacter = /[\w.%[\]$-]/;

/** Names of files, in stacks: `token.ts:12`. */
const file = /\.[cm]?[jt]sx?$/;

/** Words with which a sentence about a field goes on. */
const prose =
  /^(?:a|an|at|cannot|does|empty|expected|expired|false|forged|has|invalid|is|it|malformed|may|missing|must|no|not|null|of|only|required|should|shorter|string|the|this|too|true|undefined|unexpected|unknown|was|wrong)$/i;

/** Code that reads a secret, as advice shows it: not the secret. */
const code = /^process\.env\.\w+$/;

/** Tells a value after `password: ` from the sentence of a validator. */
const isProse = (text: string, rest: string): boolean =>
  prose.test(text) || (/^[\p{L}’']+$/u.test(text) && /^ +\p{L}/u.test(rest));

/** Reads backwards, so that a run of blanks is read once: a pattern would begin at each of them. */
function nameBefore(text: string, separator: number, done: number): string {
  let end = separator;
  while (end > done && /[ \t]/.test(text[end - 1] as string)) end--;
  if (text[end - 1] === ")") end--;
  if (/["'`]/.test(text[end - 1] ?? "")) end--;
  let start = end;
  while (start > 0 && end - start < LONGEST_NAME && nameCharacter.test(text[start - 1] as string)) start--;
  return text.slice(start, end);
}

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
      .replace(headers, `$1$2${HIDDEN}`)
      .replace(schemes, `$1 ${HIDDEN}`)
      .replace(tokens, HIDDEN);
    shown = this.#pairs(shown);
    return isCut ? `${shown} ${TOO_MUCH}` : shown;
  }

  #pairs(text: string): string {
    let shown = "";
    let done = 0;
    separator.lastIndex = 0;
    for (let found = separator.exec(text); found; found = separator.exec(text)) {
      if (found.index < done) continue;
      const name = nameBefore(text, found.index, done);
      if (name === "" || file.test(name) || !this.#names.has(name)) continue;
      const at = found.index + found[0].length;
      value.lastIndex = at;
      const [given = ""] = value.exec(text) ?? [];
      const isQuoted = /^["'`(]/.test(given);
      const isSentence =
        !isQuoted && found[0].startsWith(":") && isProse(given, text.slice(at + given.length));
      if (given === "" || isSentence || code.test(given) || text.startsWith(HIDDEN, at)) continue;
      shown += text.slice(done, at) + HIDDEN;
      done = at + given.length;
    }
    return done === 0 ? text : shown + text.slice(done);
  }
}
