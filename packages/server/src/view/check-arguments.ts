/** Arguments that cannot be right, found when they are given: later nothing tells where they came from. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { nameValue } from "../template/wrong-list.ts";
import type { EventOptions } from "./events/event.ts";

/**
 * @param what the argument, with the method: `setTimeout(handler, ms)`
 * @throws TypeError if it is no function
 */
export function checkFunction(value: unknown, what: string, write: string): void {
  if (typeof value === "function") return;
  throw new TypeError(`${what} expects a function, but it is ${nameValue(value)}. Write ${write}.`);
}

/** @throws TypeError with the code `invalid_option` for a guard that would not be asked */
export function refuseGuard(options: unknown, method: string): void {
  if (typeof options !== "object" || options === null || !("guard" in options) || !options.guard) return;
  const message = `${method} has no option guard: put it before the view (static guard), or ask it in the handler.`;
  throw Object.assign(new TypeError(message), { code: "invalid_option" });
}

/**
 * @throws TypeError for a value that is no loader; a promise would be loaded once, and could not be aborted
 */
export const checkLoader = (value: unknown, method: string, before = ""): void =>
  checkFunction(value, `What this.${method} loads with`, `this.${method}(${before}(signal) => load(signal))`);

/** @throws TypeError for a timer's arguments in another order, or without a time */
export function checkTimer(handler: unknown, ms: unknown, method: string): void {
  const write = `this.${method}(() => { … }, 1000)`;
  checkFunction(handler, `The handler of this.${method}`, write);
  if (typeof ms !== "number")
    throw new TypeError(`The milliseconds of this.${method} are ${nameValue(ms)}. Write ${write}.`);
}

const isSchema = (value: unknown): value is StandardSchemaV1 =>
  (typeof value === "object" || typeof value === "function") && value !== null && "~standard" in value;

/** @throws TypeError if it is no Standard Schema */
export function checkSchema(schema: unknown, method: string, write: string): void {
  if (isSchema(schema)) return;
  throw new TypeError(
    `The schema of this.${method} has to be a Standard Schema (zod from 3.24, valibot from 1.0, arktype), but it is ${nameValue(schema)}. Write ${write}.`,
  );
}

export type EventArguments = readonly [
  schema: StandardSchemaV1 | undefined,
  handler: (payload: never) => unknown,
  options: EventOptions | undefined,
];

/**
 * Sorts the arguments of `this.event`.
 * @throws TypeError for a name, for a schema that is none, and where the handler is missing
 */
export function eventArguments(first: unknown, second: unknown, third: unknown): EventArguments {
  const [schema, handler, options] =
    typeof second === "function" || isSchema(first) ? [first, second, third] : [undefined, first, second];
  if (typeof schema === "string")
    throw new TypeError(
      `this.event(${JSON.stringify(schema)}, …) takes no name: an event goes by the name of its field. Write ${/^[\w$]+$/.test(schema) ? schema : "save"} = this.event(() => { … }).`,
    );
  if (schema !== undefined) checkSchema(schema, "event", "this.event(z.object({ … }), (payload) => { … })");
  const write = schema ? "this.event(schema, (payload) => { … })" : "save = this.event(() => { … })";
  checkFunction(handler, "The handler of this.event", write);
  return [
    schema as StandardSchemaV1 | undefined,
    handler as (payload: never) => unknown,
    options as EventOptions | undefined,
  ];
}

/** @throws TypeError if it is no object of values */
export function checkSession(data: unknown): void {
  const prototype: unknown = typeof data === "object" && data ? Object.getPrototypeOf(data) : data;
  if (prototype === Object.prototype || (prototype === null && data !== null)) return;
  throw new TypeError(
    `A session is an object of values, but it is ${nameValue(data)}. Write setSession({ userId: 7 }), or clearSession() for none.`,
  );
}
