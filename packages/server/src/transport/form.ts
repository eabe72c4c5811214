/** A form's fields as a handler gets them. */
import { decodeFields } from "../http/query.ts";
import type { ParamValue } from "../view/params.ts";
import { splitName, takeUnused } from "../view/used-input.ts";
import type { FormMeta, Json } from "../wire/messages.ts";

/**
 * Decodes url-encoded fields. What came with them (`phx-value-*`) stands below them: a field of the same name wins.
 * `_target` becomes the path of the field that changed. What says which fields are unused is for `usedInput` only.
 * @throws TooManyFields
 */
export function decodeForm(text: string, meta: FormMeta): { [name: string]: ParamValue | Json } {
  const payload: { [name: string]: ParamValue | Json } = {};
  // JSON may bring `__proto__` as a key of its own, and what it becomes when somebody merges it is not ours to find out.
  for (const name in meta) if (!(name in Object.prototype)) payload[name] = meta[name] as Json;
  Object.assign(payload, decodeFields(text));
  const target = meta._target;
  if (typeof target === "string") payload._target = splitName(target);
  takeUnused(payload);
  return payload;
}
