/** The fields of a form that the user has used, as its page says: kept beside the payload, so that schemas do not see them. */
import { UNUSED } from "@overwire/client/wire";

/** Most characters of a field's name, decoded. */
export const MAX_NAME = 1000;
/** Most brackets of a field's name. */
export const MAX_NAME_DEPTH = 8;

const unused = Symbol("overwire.unused");

interface Fields {
  readonly [unused]?: ReadonlySet<string>;
  readonly [name: string]: unknown;
}

const isRecord = (value: unknown): value is Fields => typeof value === "object" && value !== null;

/** `["user", "tags"]` as a field's name without its last brackets: `user[tags]`. */
export const joinName = (path: readonly string[]): string =>
  path.reduce((name, key) => (name ? `${name}[${key}]` : key), "");

/** `user[tags][]` as the path `["user", "tags"]`. */
export const splitName = (name: string): string[] => name.split(/[[\]]+/).filter(Boolean);

/** Takes the marks of unused fields out of a form's payload, and keeps them beside it. */
export function takeUnused(fields: object): void {
  const names = new Set<string>();
  const walk = (value: object, path: readonly string[]) => {
    for (const [key, each] of Object.entries(value)) {
      if (key.startsWith(UNUSED)) {
        names.add(joinName([...path, key.slice(UNUSED.length)]));
        delete value[key as keyof object];
      } else if (isRecord(each)) walk(each, [...path, key]);
    }
  };
  walk(fields, []);
  Object.defineProperty(fields, unused, { value: names });
}

/** Names of the fields that the user has not used; undefined if the payload is not a form's. */
export const unusedOf = (payload: unknown): ReadonlySet<string> | undefined =>
  isRecord(payload) ? payload[unused] : undefined;

/**
 * Tells if the user has used a field of a form, or one of the fields below it: not if the page did not send
 * it, or sent that it is untouched.
 * @param payload of a handler of `phx-change` or `phx-submit`
 * @param field its name, `user[name]`, or its path
 */
export function usedInput(payload: object, field: string | readonly string[]): boolean {
  const names = unusedOf(payload);
  const path = typeof field === "string" ? splitName(field) : field;
  let parent: unknown;
  let value: unknown = payload;
  for (const key of path) {
    if (!isRecord(value) || !Object.hasOwn(value, key)) return false;
    parent = value;
    value = value[key];
  }
  const isUsed = (parent: unknown, path: readonly string[], value: unknown): boolean => {
    // Data that is nested deeper does not belong to a field: it is JSON that came with the form.
    if (path.length > MAX_NAME_DEPTH + 1) return true;
    if (names?.has(joinName(path))) return false;
    if (isRecord(parent) && Object.hasOwn(parent, UNUSED + path.at(-1))) return false;
    const isGroup = isRecord(value) && (Array.isArray(value) ? value.some(isRecord) : isPlain(value));
    if (!isGroup) return true;
    return Object.entries(value).some(
      ([key, each]) => !key.startsWith(UNUSED) && isUsed(value, [...path, key], each),
    );
  };
  return isUsed(parent, path, value);
}

/** A Date and its like are values, no groups of fields. */
const isPlain = (value: object) => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};
