/** Rows as they are at run time: their types are those of the contract. */
import { inspect } from "node:util";

export type Row = { readonly [column: string]: unknown };
/** A row that was read: it shares nothing with another one, so it may be changed. */
export type OwnRow = { [column: string]: unknown };

/** A row that shares nothing with the given one. */
export const copy = (row: Row): OwnRow =>
  Object.fromEntries(Object.entries(row).map(([column, value]) => [column, copyValue(value)]));
// Faster than structuredClone for the values that rows mostly have.
function copyValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copyValue);
  return Object.getPrototypeOf(value) === Object.prototype ? copy(value as Row) : structuredClone(value);
}

/** Arguments of a call, for the message of an error. */
export const show = (...args: unknown[]) =>
  args.map((each) => inspect(each, { depth: 4, breakLength: Infinity })).join(", ");
