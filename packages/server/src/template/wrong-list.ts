/** Lists and memos whose arguments are not what they have to be: the error names the slot in which they stand. */
import { Template } from "./nodes.ts";

/** Replaces an invalid list or memo, and is refused by its slot. */
export class WrongList {
  readonly problem: string;
  constructor(problem: string) {
    this.problem = problem;
  }
}

const LIST = "Write each(items, (item) => item.id, (item) => html`…`).";
const MEMO = "Write memo([this.version], () => html`…`).";

/** @returns the problem of the arguments of `each`, if there is one */
export function wrongEach(items: unknown, key: unknown, render: unknown): WrongList | undefined {
  if (typeof items !== "object" && typeof items !== "string") return new WrongList(wrongItems(items));
  if (items === null || !(Symbol.iterator in Object(items))) return new WrongList(wrongItems(items));
  if (typeof key !== "function")
    return new WrongList(
      `The second argument of each, which tells an item's key, is ${nameValue(key)}. ${LIST}`,
    );
  if (typeof render !== "function")
    return new WrongList(
      `The third argument of each, which renders an item, is ${nameValue(render)}. ${LIST}`,
    );
  return undefined;
}

function wrongItems(items: unknown): string {
  const said = `The items of an each are ${nameValue(items)}, which cannot be gone through.`;
  if (items === undefined || items === null)
    return `${said} Begin with an empty list, items = [], or write each(items ?? [], …).`;
  if (items instanceof Promise) return `${said} Await it in mount or in a handler, and keep what it gave.`;
  return `${said} Write each(Object.entries(items), …), or give it an array.`;
}

/** @returns the problem of the arguments of `memo`, if there is one */
export function wrongMemo(deps: unknown, render: unknown): WrongList | undefined {
  if (!Array.isArray(deps))
    return new WrongList(
      `The first argument of memo, an array of what it depends on, is ${nameValue(deps)}. ${MEMO}`,
    );
  if (typeof render !== "function")
    return new WrongList(`The second argument of memo, which renders, is ${nameValue(render)}. ${MEMO}`);
  return undefined;
}

/** A value as an error calls it. */
export function nameValue(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (value instanceof Template) return "a template";
  if (value instanceof Promise) return "a promise";
  if (typeof value === "string") return `the text ${JSON.stringify(value.slice(0, 40))}`;
  if (typeof value === "function") return value.name ? `the function ${value.name}` : "a function";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `the ${typeof value} ${String(value)}`;
}
