/** Payloads of handlers: of an event as it came, of a form decoded from its fields and the data that comes with them. */
import {
  type ClientFrame,
  EVENT,
  type FORM,
  type FormMeta,
  hadUnsafeKey,
  type Json,
} from "@overwire/client/wire";
import { checkName, decodeFields, FieldsError, MAX_FIELDS } from "../http/query.ts";
import { InvalidPayloadError } from "../view/events/event.ts";
import { MAX_NAME, splitName, takeUnused } from "../view/forms/used-input.ts";
import type { ParamValue } from "../view/navigation/params.ts";

/**
 * Decodes url-encoded fields. `phx-value-*` and the like, which came with them, are below them: a field of the same name
 * wins. `_target` becomes the path of the field that changed. The marks of unused fields are for `usedInput` only.
 * @throws FieldsError
 */
export function decodeForm(text: string, meta: FormMeta): { [name: string]: ParamValue | Json } {
  const payload: { [name: string]: ParamValue | Json } = decodeFields(text);
  // Before the rest is added: JSON may be as large and deep as a message.
  takeUnused(payload);
  let count = 0;
  for (const name in meta) {
    if (++count > MAX_FIELDS) throw new FieldsError(`more than ${MAX_FIELDS} values beside its fields`);
    checkName(name);
    if (Object.hasOwn(payload, name)) continue;
    if (name in payload) Object.setPrototypeOf(payload, null);
    payload[name] = meta[name] as Json;
  }
  const target = meta._target;
  if (typeof target === "string") {
    if (target.length > MAX_NAME) throw new FieldsError(`a _target of more than ${MAX_NAME} characters`);
    payload._target = splitName(target);
  }
  return payload;
}

/** Takes the prototype away from objects with a name that every object has, so that they hold the sent values and nothing else. */
function withOwnNames(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) value.forEach(withOwnNames);
  else
    for (const [key, each] of Object.entries(value)) {
      withOwnNames(each);
      if (key in Object.prototype) Object.setPrototypeOf(value, null);
    }
  return value;
}

type PayloadFrame = Extract<ClientFrame, readonly [typeof EVENT | typeof FORM, ...unknown[]]>;

/** @throws InvalidPayloadError for a payload that cannot be read, or not safely */
export function decodePayload(frame: PayloadFrame): unknown {
  try {
    if (hadUnsafeKey(frame)) checkName("__proto__");
    return frame[0] === EVENT ? withOwnNames(frame[4]) : decodeForm(frame[4], frame[5]);
  } catch (error) {
    const what = frame[0] === EVENT ? "A payload" : "A form";
    const message =
      error instanceof FieldsError ? `${what} has ${error.message}.` : `${what} cannot be read.`;
    throw new InvalidPayloadError(frame[3], [{ message }], message);
  }
}
