/** Values of fields: state, as opposed to other things that a view holds. */

/** Tells values that may be shown from handles of events and streams, timers and connections. */
export function isData(value: unknown): boolean {
  if (typeof value === "function") return false;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return true;
  return value instanceof Date || value instanceof Map || value instanceof Set || isPlainObject(value);
}

export function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
