/** Rows as they are at run time: their types are those of the contract. */
import { inspect } from "node:util";

export type Row = { readonly [column: string]: unknown };
/** A row that was read: it shares nothing with another one, so it may be changed. */
export type OwnRow = { [column: string]: unknown };

/** A row that shares nothing with the given one. */
export const copy = (row: Row): OwnRow =>
  Object.fromEntries(Object.entries(row).map(([column, value]) => [column, copyValue(value)]));
function copyValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copyValue);
  // Faster than structuredClone for the values that rows mostly have.
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return copy(value as Row);
  if (Buffer.isBuffer(value)) return Buffer.from(value);
  // An object of a class of the application would lose that, and its private fields.
  return isChangeable(value) ? structuredClone(value) : value;
}
const isChangeable = (value: object) =>
  value instanceof Date || value instanceof Map || value instanceof Set || ArrayBuffer.isView(value);

/** A value of a column as the key of a Map: values that PostgreSQL has for equal are one. */
export const keyOf = (value: unknown): string => String(value instanceof Date ? value.getTime() : value);

/** Arguments of a call, for the message of an error. */
export const show = (...args: unknown[]) =>
  args.map((each) => inspect(each, { depth: 4, breakLength: Infinity })).join(", ");
