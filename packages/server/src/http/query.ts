/** Decoding of url-encoded fields, of a query string or a form, into plain nested values within bounds. */
import { MAX_NAME, MAX_NAME_DEPTH } from "../view/forms/used-input.ts";
import type { ParamValue } from "../view/navigation/params.ts";

/** Most fields of a query string or form. */
export const MAX_FIELDS = 1000;
/** Most objects and lists that the names may make: a field in eight groups of its own would cost too much. */
export const MAX_GROUPS = 3 * MAX_FIELDS;
/** Most characters of a query string. */
export const MAX_QUERY = 65_536;

/**
 * Fields that are beyond the bounds, or have a name that cannot be delivered. Cutting them off would lose user input
 * without a sign. The message continues "A form has …".
 */
export class FieldsError extends Error {
  override readonly name = "FieldsError";

  get code(): "invalid_fields" {
    return "invalid_fields";
  }
}

export type DecodedFields = { [name: string]: ParamValue };

/** `__proto__` would change the prototype of the objects that a payload is copied into. */
export function checkName(key: string): void {
  if (key === "__proto__") throw new FieldsError('the name "__proto__", which is refused everywhere');
}

/** An index with which V8 keeps an object's entries as a table. */
const TOO_FAR = 2 ** 32 - 3;

/** An object or a list whose fields are still coming in. */
class Group {
  readonly #entries = new Map<string, string | Group>();
  /** One more than the largest index. */
  #next = 0;
  #isList = true;

  /** Sets the entry under a key, or with the key `""` a new last one. The last of several counts. */
  set(key: string, value: string): void {
    this.#put(key || String(this.#next), value);
  }

  /** The group under a key, made if there is none. Under the key `""` that of the first entry (`rows[][name]`). */
  group(key: string, make: () => Group): Group {
    const known = this.#entries.get(key || "0");
    if (known instanceof Group) return known;
    const group = make();
    this.#put(key || (known === undefined ? "0" : String(this.#next)), group);
    return group;
  }

  #put(key: string, value: string | Group): void {
    this.#entries.set(key, value);
    if (!/^(0|[1-9]\d{0,14})$/.test(key)) this.#isList = false;
    else if (Number(key) >= this.#next) this.#next = Number(key) + 1;
  }

  /** Indexes that do not count up from 0 are keys: closing the gaps would make another row of `rows[3]`. */
  value(): ParamValue {
    if (!this.#isList || this.#entries.size < this.#next) return this.object();
    return Array.from({ length: this.#next }, (_, at) => textOrGroup(this.#entries.get(String(at)) ?? ""));
  }

  /** An object that has a key such as `constructor` has no prototype. */
  object(): DecodedFields {
    const fields: DecodedFields = {};
    // Indexes far apart would reserve memory for all between them, but not after one that is too far for an array.
    if (this.#next > 8 * this.#entries.size) {
      fields[TOO_FAR] = "";
      delete fields[TOO_FAR];
    }
    for (const [key, entry] of this.#entries) {
      if (key in Object.prototype) Object.setPrototypeOf(fields, null);
      fields[key] = textOrGroup(entry);
    }
    return fields;
  }
}

const textOrGroup = (entry: string | Group): ParamValue =>
  typeof entry === "string" ? entry : entry.value();

/**
 * Decodes url-encoded fields, linearly. `user[name]=A&tags[]=x` becomes `{ user: { name: "A" }, tags: ["x"] }`, and
 * `rows[1]=A` without a `rows[0]` `{ rows: { 1: "A" } }`.
 * @throws FieldsError
 */
export function decodeFields(text: string): DecodedFields {
  if (text === "") return {};
  const root = new Group();
  let groups = 0;
  const make = () => {
    if (++groups > MAX_GROUPS) throw new FieldsError(`names that nest more than ${MAX_GROUPS} groups`);
    return new Group();
  };
  let count = 0;
  for (let from = 0; from <= text.length; ) {
    if (++count > MAX_FIELDS) throw new FieldsError(`more than ${MAX_FIELDS} fields`);
    const end = text.indexOf("&", from);
    const part = text.slice(from, end < 0 ? undefined : end);
    from = end < 0 ? text.length + 1 : end + 1;
    const equals = part.indexOf("=");
    const name = equals < 0 ? part : part.slice(0, equals);
    const keys = keysOf(decode(name));
    const last = keys.pop();
    if (last === undefined) continue;
    let group = root;
    for (const key of keys) group = group.group(key, make);
    group.set(last, equals < 0 ? "" : decode(part.slice(equals + 1)));
  }
  return root.object();
}

/** Decodes a query string. @throws FieldsError */
export function decodeQuery(text: string): DecodedFields {
  if (text.length > MAX_QUERY) throw new FieldsError(`more than ${MAX_QUERY} characters`);
  return decodeFields(text);
}

/** Decodes a key or a value; malformed text is kept as it is. */
function decode(text: string): string {
  const spaced = text.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** `user[tags][]` as the keys `["user", "tags", ""]`. A bracket that is not closed is part of its key. */
function keysOf(name: string): string[] {
  if (name.length > MAX_NAME) throw new FieldsError(`a name of more than ${MAX_NAME} characters`);
  const keys: string[] = [];
  let open = name.indexOf("[");
  if (open !== 0 && name !== "") keys.push(open < 0 ? name : name.slice(0, open));
  while (open >= 0) {
    const close = closingOf(name, open);
    const key = close < 0 ? name.slice(open) : name.slice(open + 1, close);
    // `a[][]` is `a[]`.
    if (key !== "" || keys.at(-1) !== "") keys.push(key);
    if (keys.length > MAX_NAME_DEPTH + 1)
      throw new FieldsError(`a name with more than ${MAX_NAME_DEPTH} brackets`);
    open = close < 0 ? -1 : name.indexOf("[", close);
  }
  for (const key of keys) checkName(key);
  return keys;
}

/** The bracket that closes one, past those in it, -1 if none does. */
function closingOf(name: string, open: number): number {
  let level = 0;
  for (let at = open; at < name.length; at++) {
    if (name[at] === "[") level++;
    else if (name[at] === "]" && --level === 0) return at;
  }
  return -1;
}
