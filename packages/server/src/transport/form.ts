/** A form's fields as a handler gets them. */
import { decodeFields } from "../http/query.ts";
import type { ParamValue } from "../view/params.ts";
import type { FormMeta, Json } from "../wire/messages.ts";

/** `user[tags][]` is the path `["user", "tags"]`. */
const splitName = (name: string): string[] => name.split(/[[\]]+/).filter(Boolean);

/**
 * Decodes url-encoded fields. What came with them (`phx-value-*`) stands below them: a field of the same name wins.
 * `_target` becomes the path of the field that changed.
 * @throws TooManyFields
 */
export function decodeForm(text: string, meta: FormMeta): { [name: string]: ParamValue | Json } {
  const payload: { [name: string]: ParamValue | Json } = {};
  // JSON may bring `__proto__` as a key of its own, and what it becomes when somebody merges it is not ours to find out.
  for (const name in meta) if (!(name in Object.prototype)) payload[name] = meta[name] as Json;
  Object.assign(payload, decodeFields(text));
  const target = meta._target;
  if (typeof target === "string") payload._target = splitName(target);
  return payload;
}
