/** Attributes of built objects: merged, evaluated late, and as params. */
import type { AnyFunction } from "../double/contract.ts";
import { FactoryError } from "./factory-error.ts";
import { originOf } from "./origins.ts";
import type { Given, StringParam, StringParams } from "./types.ts";

export type AttributeMap = Record<PropertyKey, unknown>;

/** If something is an object with attributes, and neither a list nor a value such as a date. */
export const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** If an object is a literal, whose functions are late attributes: those of a class's instance are its own. */
export const isPlain = (value: object): boolean =>
  [Object.prototype, null].includes(Object.getPrototypeOf(value));

/**
 * Puts attributes in the place of an object's: for a factory that takes them over.
 * @returns the same object; a value that is none is not changed
 */
export const mergeAttributes = <T>(built: T, attributes: Given<T>): T =>
  isObject(built) ? Object.assign(built, attributes) : built;

/**
 * Calls the functions among the attributes with the object, in which those that they read are evaluated first: for a factory
 * that takes its attributes over.
 * @param names default all of a literal
 * @returns the same object
 */
export function evaluateLate<T>(built: T, names?: readonly PropertyKey[]): T {
  if (!isObject(built)) return built;
  const values = built as AttributeMap;
  for (const name of names ?? (isPlain(built) ? Object.keys(built) : [])) {
    const late = values[name];
    if (typeof late === "function") defineLate(values, name, late as AnyFunction);
  }
  for (const name of Object.keys(built)) void values[name];
  return built;
}

function defineLate(built: AttributeMap, name: PropertyKey, late: AnyFunction): void {
  let isRunning = false;
  const evaluate = () => {
    if (isRunning) throw new FactoryError(`The late attribute ${String(name)} reads itself.`);
    isRunning = true;
    try {
      const value = late(built as never);
      Object.defineProperty(built, name, { value, writable: true, enumerable: true, configurable: true });
      return value;
    } finally {
      isRunning = false;
    }
  };
  Object.defineProperty(built, name, { get: evaluate, enumerable: true, configurable: true });
}

/** Tells an association that its factory saves first, before its parent. */
export const isBelonging = (value: unknown): value is object =>
  isObject(value) && originOf(value)?.insert !== undefined;

const paramOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(paramOf);
  return isObject(value) && originOf(value) ? paramsOf(value) : value;
};

/** Attributes of a built object as a plain one. */
export const paramsOf = (built: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(built)
      .filter(([, value]) => value !== undefined && typeof value !== "function" && !isBelonging(value))
      .map(([name, value]) => [name, paramOf(value)]),
  );

const stringOf = (value: unknown): StringParam => {
  if (value === null) return "";
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Blob) return value;
  if (Array.isArray(value)) return value.map(stringOf);
  return isObject(value) ? stringsOf(value) : String(value);
};

/** Params as a form sends them. */
export const stringsOf = (params: object): StringParams =>
  Object.fromEntries(
    Object.entries(params)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, stringOf(value)]),
  );
