/** Names whose values are hidden from reports. */

/** Names whose values are hidden from reports, beside the default ones. */
export type Redact = readonly string[];

/** Hidden by default. */
const NAMES = [
  "password",
  "passwd",
  "pwd",
  "passphrase",
  "token",
  "jwt",
  "otp",
  "secret",
  "secretKey",
  "apiKey",
  "privateKey",
  "credential",
  "authorization",
];
/** Hidden always: each is a way in. An app adds the names of its own. */
const COOKIES = ["cookie", "ow_session", "ow_visitor", "ow_flash"];

/** Shorter names count as whole words only: `pin`, but not `spin`. */
const SHORT_NAME = 5;
/** Names of so many letters stand for nothing else inside of a word either: `passwordconfirmation`. */
const LONG_NAME = 8;
export const LONGEST_NAME = 100;
/** Several names, such as the columns of a key. */
export const LONGEST_TUPLE = 300;

/** `newPassword[api-key]` as `new password api key`. */
const wordsOf = (name: string): string =>
  name
    .replace(/%(?:25){0,3}([2-7][\da-f])/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .replace(/([A-Za-z])(\d)/g, "$1 $2")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

export const quote = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** @throws TypeError if it is no list of names */
export function checkRedact(names: unknown): Redact | undefined {
  if (names === undefined) return undefined;
  if (Array.isArray(names) && names.every((name) => typeof name === "string" && wordsOf(name))) return names;
  throw new TypeError(
    `redact takes a list of names, such as ["pin", "cvv"], but got ${JSON.stringify(names)}.`,
  );
}

export class HiddenNames {
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
  has(name: string): boolean {
    return this.#names.test(wordsOf(name.slice(-LONGEST_TUPLE)));
  }
}
