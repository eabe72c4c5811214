/** The memory that a value from JSON takes beyond its text: of many small arrays and objects it is twenty times as much. */

/** Bytes that an array or an object takes, beside their contents. */
const EACH = 64;

/** @param value from JSON, of a bounded depth */
export function weightOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let weight = EACH;
  if (Array.isArray(value)) for (const each of value) weight += weightOf(each);
  else for (const key in value) weight += weightOf(value[key as keyof typeof value]);
  return weight;
}
