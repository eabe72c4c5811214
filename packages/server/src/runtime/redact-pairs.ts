/** Names and their values in texts: `name=value`, `"name": "value"`, headers, JSON in JSON, URL-encoded, details of databases. */
import { LONGEST_NAME, LONGEST_TUPLE } from "./redact-names.ts";

/** A name with its value's place. */
export interface Pair {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const separator = /(?:[:=]{1,3}>?|%(?:25){0,3}3[ad])[ \t]*/gi;
const nameCharacter = /[\w.%[\]$-]/;

/** Names of files, in stacks: `token.ts:12`. */
const file = /\.[cm]?[jt]sx?$/;
const header = /(?:^|[^a-z])(?:authorization|cookie)$/i;

const opening = /\\*["'`]/y;
const parenthesis = /\([^)\n]*\)?/y;
const headerValue = /(?:=\\*"[^"\n]*"?|=|[^"'\n}=\\]+|\\(?!["']))+/y;
const encodedValue = /%(?:25){0,3}22.*?%(?:25){0,3}22|(?:(?!%(?:25){0,3}26)[^\s&;,"'`<>])+/y;
const word = /[^\s&;,"'`()[\]{}<>](?:[^\s&;,"'`)\]}>]|,(?!\s|$|["'`)\]}>]|[\w.[\]-]{1,100}["']?[=:]))*/y;
/** Words up to the next pair. */
const words = /(?:[ \t]+(?![^\s=:&;,"'`]{1,100}["']?[ \t]{0,9}[=:])[^\s&;,"'`)\]}>]+)*/y;

/** Words with which a sentence about a field goes on. */
const prose =
  /^(?:a|an|at|cannot|does|empty|expected|expired|false|forged|has|invalid|is|it|malformed|may|missing|must|no|not|null|of|only|required|should|shorter|string|the|this|too|true|undefined|unexpected|unknown|was|wrong)$/i;

/** Code that reads a secret, as advice shows it: not the secret. */
const code = /^process\.env\.\w+$/;

/** Tells a value after `password: ` from the sentence of a validator. */
const isProse = (text: string, rest: string): boolean =>
  prose.test(text) || (/^[\p{L}’']+$/u.test(text) && /^ +\p{L}/u.test(rest));

/** Pairs in the order of the text, whose values are read only for names that are asked for. */
export function* pairsIn(text: string, isHidden: (name: string) => boolean): Generator<Pair> {
  let done = 0;
  const each = new RegExp(separator);
  for (let found = each.exec(text); found; found = each.exec(text)) {
    if (found.index < done) continue;
    const { name, before, isTuple } = nameBefore(text, found.index, done);
    if (name === "" || file.test(name) || !isHidden(name)) continue;
    const start = found.index + found[0].length;
    const end = valueEnd(text, start, { name, before, isTuple, separator: found[0] });
    if (end <= start) continue;
    yield { name, start, end };
    done = end;
  }
}

interface Name {
  readonly name: string;
  /** The character before it. */
  readonly before: string;
  /** It is a list of columns in parentheses. */
  readonly isTuple: boolean;
}

/** Reads backwards, so that a run of blanks is read once: a pattern would begin at each of them. */
function nameBefore(text: string, at: number, done: number): Name {
  let end = at;
  while (end > done && (text[end - 1] === " " || text[end - 1] === "\t")) end--;
  const isTuple = text[end - 1] === ")";
  if (isTuple) {
    const head = text.slice(Math.max(done, end - LONGEST_TUPLE), end - 1);
    const columns = head.slice(head.lastIndexOf("(") + 1);
    if (columns !== head) return { name: columns, before: "(", isTuple };
    end--;
  }
  if (/["'`]/.test(text[end - 1] ?? "")) end--;
  while (end > done && text[end - 1] === "\\") end--;
  let start = end;
  while (start > done && end - start < LONGEST_NAME && nameCharacter.test(text[start - 1] as string)) start--;
  return { name: text.slice(start, end), before: text[start - 1] ?? "", isTuple };
}

function valueEnd(
  text: string,
  at: number,
  { name, before, isTuple, separator }: Name & { readonly separator: string },
): number {
  const reach = (pattern: RegExp, from = at) => {
    pattern.lastIndex = from;
    return from + (pattern.exec(text)?.[0].length ?? 0);
  };
  if (text[at] === "(") return isTuple ? tupleEnd(text, at) : reach(parenthesis);
  if (reach(opening) > at) return quotedEnd(text, at);
  if (text[at] === "[" || text[at] === "{") return bracketEnd(text, at);
  if (header.test(name)) return reach(headerValue);
  if (separator.startsWith("%")) return reach(encodedValue);
  const end = reach(word);
  const given = text.slice(at, end);
  if (code.test(given)) return at;
  if (/^:(?!=)/.test(separator)) return isProse(given, text.slice(end)) ? at : end;
  return end === at || before === "?" || before === "&" ? end : reach(words, end);
}

/** Databases quote no value, so it may hold a parenthesis. */
function tupleEnd(text: string, at: number): number {
  const line = text.indexOf("\n", at);
  const rest = text.slice(at, line < 0 ? text.length : line);
  return at + (rest.lastIndexOf(")") + 1 || rest.length);
}

/** A quote in JSON has a backslash before it for JSON in JSON, three in the JSON in that, seven in the next. */
function quotedEnd(text: string, at: number): number {
  let depth = 0;
  while (text[at + depth] === "\\") depth++;
  const mark = text[at + depth] as string;
  const first = at + depth + 1;
  for (let from = first; ; ) {
    const end = text.indexOf(mark, from);
    if (end < 0) return text.length;
    let slashes = 0;
    while (end - slashes > from && text[end - slashes - 1] === "\\") slashes++;
    if (slashes < depth) return end - slashes;
    // SQL doubles a quote.
    const isDoubled = mark === "'" && depth === 0 && text[end + 1] === mark;
    if (slashes % (2 * (depth + 1)) === depth && !isDoubled) return end + 1;
    from = end + (isDoubled ? 2 : 1);
  }
}

/** End of a list or an object; without one, of the text. */
function bracketEnd(text: string, at: number): number {
  const part = /[[\]{}]|\\*"|(?<=[[{,: ])'/g;
  part.lastIndex = at;
  let depth = 0;
  for (let found = part.exec(text); found; found = part.exec(text)) {
    if (/["']$/.test(found[0])) part.lastIndex = quotedEnd(text, found.index);
    else if (/[[{]/.test(found[0])) depth++;
    else if (--depth === 0) return part.lastIndex;
  }
  return text.length;
}
