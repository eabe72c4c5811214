/** Reports without passwords, tokens and cookies: hidden by the names they stand under, by their shape, and by value. */

/** Names whose values are hidden from reports, beside the default ones. */
export type Redact = readonly string[];

export const HIDDEN = "[redacted]";

/** Hidden by default. */
const NAMES = ["password", "token", "secret", "authorization"];
/** Hidden always: each is a way in. */
const COOKIES = ["cookie", "ow_session", "ow_visitor", "ow_flash"];

/** Shorter names count as whole words only: `pin`, but not `spin`. */
const SHORT_NAME = 5;
/** Names of so many letters stand for nothing else inside of a word either: `passwordconfirmation`. */
const LONG_NAME = 8;
const LONGEST_NAME = 100;
const DEEPEST = 8;
const MOST_VALUES = 10_000;
/** Shorter values are hidden only if they stand alone, and one character never. */
const SHORT_VALUE = 4;
const MOST_HIDDEN = 100;

/** `newPassword[api-key]` as `new password api key`. */
const wordsOf = (name: string): string =>
  name
    .replace(/%5[bd]/gi, " ")
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .replace(/([A-Za-z])(\d)/g, "$1 $2")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

const quote = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** @throws TypeError if it is no list of names */
export function checkRedact(names: unknown): Redact | undefined {
  if (names === undefined) return undefined;
  if (Array.isArray(names) && names.every((name) => typeof name === "string" && wordsOf(name))) return names;
  throw new TypeError(
    `redact takes a list of names, such as ["pin", "cvv"], but got ${JSON.stringify(names)}.`,
  );
}

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

export class Redactor {
  readonly #names: RegExp;

  /** @param more names, in any case and spelling: `creditCard` hides `credit_card[number]` too */
  constructor(more: Redact = []) {
    const all = [...NAMES, ...COOKIES, ...more].map(wordsOf).filter(Boolean);
    const patterns = all.map((name) => {
      const words = quote(name).replace(/ /g, " ?");
      if (name.length >= LONG_NAME) return words;
      return `${name.length < SHORT_NAME ? "(?<![^ ])" : ""}${words}s?(?= |$)`;
    });
    this.#names = new RegExp(patterns.join("|"), "u");
  }

  /** Tells if values under a name are hidden. The name's words count, whole or as an end: `apiToken`, `accesstoken`, but not `tokenizer`. */
  hides(name: string): boolean {
    return this.#names.test(wordsOf(name.slice(-LONGEST_NAME)));
  }

  /** A text without hidden values: of `name=value`, `"name": "value"`, headers, URLs, and of tokens anywhere. */
  text(text: string, hidden: HiddenValues = []): string {
    let shown = text;
    for (const each of hidden) {
      const alone =
        each.length < SHORT_VALUE ? `(?<![\\p{L}\\p{N}])${quote(each)}(?![\\p{L}\\p{N}])` : quote(each);
      shown = shown.replace(new RegExp(alone, "gu"), HIDDEN);
    }
    shown = shown
      .replace(userinfo, `$1${HIDDEN}`)
      .replace(headers, `$1$2${HIDDEN}`)
      .replace(schemes, `$1 ${HIDDEN}`)
      .replace(tokens, HIDDEN);
    return this.#pairs(shown);
  }

  #pairs(text: string): string {
    let shown = "";
    let done = 0;
    separator.lastIndex = 0;
    for (let found = separator.exec(text); found; found = separator.exec(text)) {
      if (found.index < done) continue;
      const name = nameBefore(text, found.index, done);
      if (name === "" || file.test(name) || !this.hides(name)) continue;
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

  /** Values under hidden names, of payloads, params and sessions. */
  valuesOf(...data: readonly unknown[]): HiddenValues {
    const found = new Set<string>();
    const seen = new Set<unknown>();
    const visit = (given: unknown, isHidden: boolean, depth: number): void => {
      if (found.size >= MOST_HIDDEN || seen.size > MOST_VALUES || depth > DEEPEST) return;
      if (typeof given === "string" || typeof given === "number") {
        const text = String(given);
        if (isHidden && text.length > 1) found.add(text);
      } else if (typeof given === "object" && given !== null && !seen.has(given)) {
        seen.add(given);
        for (const [name, each] of entriesOf(given)) visit(each, isHidden || this.hides(name), depth + 1);
      }
    };
    for (const each of data) visit(each, false, 0);
    // A value may be part of another.
    return [...found].sort((a, b) => b.length - a.length);
  }

  /** A value, or a copy without its hidden values if it has some. Copies of errors keep their class and stack. */
  copy<T>(given: T, hidden: HiddenValues = []): T {
    const copier = new Copier(this, hidden);
    const copy = copier.copy(given, 0);
    return copier.hasHidden ? (copy as T) : given;
  }
}

function entriesOf(given: object): Iterable<readonly [string, unknown]> {
  if (
    given instanceof Map ||
    given instanceof URLSearchParams ||
    given instanceof FormData ||
    given instanceof Headers
  )
    return Array.from(given as Map<unknown, unknown>, ([name, each]) => [String(name), each] as const);
  if (Array.isArray(given)) return given.map((each) => ["", each] as const);
  return ArrayBuffer.isView(given) ? [] : ownEntries(given);
}

/** Own values, without running getters. */
function ownEntries(given: object): (readonly [string, unknown])[] {
  const entries: (readonly [string, unknown])[] = [];
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(given)))
    if ("value" in descriptor) entries.push([name, descriptor.value]);
  return entries;
}

/** One walk through a value. */
class Copier {
  readonly #redactor: Redactor;
  readonly #hidden: HiddenValues;
  readonly #copies = new Map<object, unknown>();
  /** The copy says less. */
  hasHidden = false;

  constructor(redactor: Redactor, hidden: HiddenValues) {
    this.#redactor = redactor;
    this.#hidden = hidden;
  }

  copy(given: unknown, depth: number): unknown {
    if (typeof given === "string") return this.#note(this.#redactor.text(given, this.#hidden), given);
    if (typeof given === "number")
      return this.#note(this.#hidden.includes(String(given)) ? HIDDEN : given, given);
    if (typeof given !== "object" || given === null || ArrayBuffer.isView(given)) return given;
    if (this.#copies.has(given)) return this.#copies.get(given);
    if (depth > DEEPEST || this.#copies.size > MOST_VALUES)
      return this.#note("[too deep for a report]", given);
    this.#copies.set(given, "[circular]");
    const copy = this.#copyObject(given, depth + 1);
    this.#copies.set(given, copy);
    return copy;
  }

  #note<T>(copy: T, given: unknown): T {
    if (copy !== given) this.hasHidden = true;
    return copy;
  }

  #copyObject(given: object, depth: number): unknown {
    if (given instanceof URL) return this.#url(given);
    if (given instanceof Request || given instanceof Response) return this.#message(given, depth);
    if (given instanceof Error) return this.#error(given, depth);
    if (given instanceof Set) return this.#list([...given], depth, (list) => new Set(list)) ?? given;
    if (Array.isArray(given)) return this.#list(given, depth, (list) => list) ?? given;
    const isPairs =
      given instanceof Map ||
      given instanceof URLSearchParams ||
      given instanceof FormData ||
      given instanceof Headers;
    const changed = this.#changes(entriesOf(given), depth);
    if (changed.size === 0) return given;
    if (given instanceof Map)
      return new Map(Array.from(given, ([name, each]) => [name, changed.get(String(name)) ?? each]));
    if (isPairs) return Object.fromEntries([...entriesOf(given), ...changed]);
    return withChanges(Object.create(Object.getPrototypeOf(given)), given, changed);
  }

  #changes(entries: Iterable<readonly [string, unknown]>, depth: number): Map<string, unknown> {
    const changed = new Map<string, unknown>();
    for (const [name, each] of entries) {
      const isHidden =
        each !== undefined && each !== null && typeof each !== "boolean" && this.#redactor.hides(name);
      const copy = isHidden ? this.#note(HIDDEN, each) : this.copy(each, depth);
      if (copy !== each) changed.set(name, copy);
    }
    return changed;
  }

  #list(list: readonly unknown[], depth: number, make: (list: unknown[]) => unknown): unknown {
    const copies = list.map((each) => this.copy(each, depth));
    return copies.some((each, index) => each !== list[index]) ? make(copies) : undefined;
  }

  #url(url: URL): unknown {
    const text = this.#redactor.text(url.href, this.#hidden);
    return text === url.href ? url : this.#note(text, url.href);
  }

  #message(message: Request | Response, depth: number): unknown {
    const headers = this.copy(message.headers, depth);
    const url = this.#note(this.#redactor.text(message.url, this.#hidden), message.url);
    if (headers === message.headers && url === message.url) return message;
    return {
      ...(message instanceof Request ? { method: message.method } : { status: message.status }),
      url,
      headers,
    };
  }

  #error(error: Error, depth: number): unknown {
    const own = ownEntries(error).filter(([name]) => name !== "stack" && name !== "message");
    const changed = this.#changes(own, depth);
    const { message, stack } = textsOf(error);
    const shown = this.#note(this.#redactor.text(message, this.#hidden), message);
    if (shown !== message) changed.set("message", shown);
    if (stack !== undefined) {
      const own = message === "" ? stack : stack.replace(message, () => shown);
      const frames = this.#note(this.#redactor.text(own, longOf(this.#hidden)), stack);
      if (frames !== stack) changed.set("stack", frames);
    }
    if (changed.size === 0) return error;
    if (!changed.has("message")) changed.set("message", message);
    if (!changed.has("stack") && stack !== undefined) changed.set("stack", stack);
    // A getter of the class, which no copy can run.
    if (error instanceof DOMException) changed.set("name", error.name);
    const copy = new Error(shown);
    // Its text is made when it is first read, which a class may not allow.
    void copy.stack;
    Object.setPrototypeOf(copy, Object.getPrototypeOf(error));
    return withChanges(copy, error, changed);
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

function withChanges(copy: object, given: object, changed: ReadonlyMap<string, unknown>): object {
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(given))) {
    if (changed.has(name)) continue;
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
