/** Reading url-encoded fields, of a query string or a form, into plain nested values within bounds. */
import { parse } from "qs";
import type { ParamValue } from "../view/params.ts";

/** Most fields of a query string or form. */
export const MAX_FIELDS = 1000;

/** More than {@link MAX_FIELDS} fields. Cutting them off would lose what a person typed without a word. */
export class TooManyFields extends Error {
  constructor() {
    super(`more than ${MAX_FIELDS} fields`);
    this.name = "TooManyFields";
  }
}

type Fields = { readonly [name: string]: ParamValue };

// Names of Object.prototype are left out by qs (allowPrototypes), so `__proto__` and `constructor` are never keys.
// Of a name that comes twice without `[]` the last counts: a checkbox overrules the hidden field before it.
const options = {
  depth: 8,
  parameterLimit: MAX_FIELDS,
  arrayLimit: MAX_FIELDS,
  allowSparse: true,
  duplicates: "last",
} as const;

/** Numbers that do not count up from 0 say which, not how many: closing the gaps would make another of `rows[3]`. */
function gapsAsKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  for (const key of Object.keys(value)) {
    value[key as keyof object] = gapsAsKeys(value[key as keyof object]) as never;
  }
  return Array.isArray(value) && Object.keys(value).length < value.length ? { ...value } : value;
}

/**
 * `user[name]=A&tags[]=x` becomes `{ user: { name: "A" }, tags: ["x"] }`, and `rows[1]=A` without a `rows[0]`
 * `{ rows: { 1: "A" } }`.
 * @throws TooManyFields
 */
export function decodeFields(text: string): Fields {
  if (text === "") return {};
  let fields = 1;
  for (let at = text.indexOf("&"); at >= 0; at = text.indexOf("&", at + 1)) fields++;
  if (fields > MAX_FIELDS) throw new TooManyFields();
  return gapsAsKeys(parse(text, options)) as Fields;
}
