/** Slots: what is made of a value before it is compared, and the HTML of what came of it. */
import { attributeHtml, type AttributeValue, hasText, mixedHtml, readAttribute, spreadHtml, valueHtml } from "./attributes.ts";
import { Each } from "./each.ts";
import { BadValue, TemplateError } from "./errors.ts";
import { escape, unescape } from "./escape.ts";
import { type Component, Template } from "./html.ts";
import { Memo } from "./memo.ts";
import type { Piece } from "./parse.ts";
import { Raw } from "./raw.ts";

/** A component's prop: all of it at once, `...${props}`, where it has no name. */
export interface Prop {
  readonly name: string | undefined;
  readonly pieces: true | readonly Piece[];
}

/**
 * `child`, `text` (in an element that holds only text), `attribute` (a whole value), `part` (of a value), `mixed` (a URL of
 * several parts), `spread`, `component`.
 */
export interface Slot {
  readonly kind: "child" | "text" | "attribute" | "part" | "mixed" | "spread" | "component";
  /** Number of the value it takes. */
  readonly value: number;
  readonly name?: string | undefined;
  readonly element?: string | undefined;
  readonly pieces?: readonly Piece[] | undefined;
  readonly props?: readonly Prop[] | undefined;
  readonly children?: TemplateStringsArray | undefined;
  /** The template and the place in it, for errors. */
  readonly strings?: readonly string[] | undefined;
  readonly at?: number | undefined;
}

/** What can be compared with `===`, or has to be looked into: templates, lists, memos. */
export type Resolved = AttributeValue | Template | Each | Memo | readonly unknown[];

/**
 * Makes of an author's value what the diff compares and keeps. No object that the author could change comes out, except
 * arrays of children, which the diff looks into.
 * @throws TemplateError for a value that cannot stand there
 */
export function resolve(slot: Slot, values: readonly unknown[]): Resolved {
  const value = values[slot.value];
  try {
    switch (slot.kind) {
      case "child":
        return readChild(value);
      case "attribute":
        return readAttribute(slot.name as string, slot.element ?? "", value);
      case "part":
        return readPart(slot.name as string, value);
      case "text":
        return readText(value, slot.element as string);
      case "mixed":
        return readMixed(slot, values);
      case "spread":
        return spreadHtml(slot.element ?? "", value);
      case "component":
        return readChild(callComponent(slot, value, values));
    }
  } catch (error) {
    if (error instanceof BadValue && slot.strings) throw new TemplateError(error.message, slot.strings, slot.at as number);
    throw error;
  }
}

/** HTML of a resolved value that is not looked into any further. */
export function slotHtml(slot: Slot, value: unknown): string {
  switch (slot.kind) {
    case "attribute":
      return attributeHtml(slot.name as string, value as AttributeValue);
    case "part":
      return valueHtml(value as AttributeValue);
    case "mixed":
    case "spread":
      return value as string;
    default:
      if (typeof value === "string") return escape(value);
      if (value instanceof Raw) return value.html;
      return typeof value === "number" || typeof value === "bigint" ? String(value) : "";
  }
}

function readChild(value: unknown): Resolved {
  if (typeof value === "object" ? value === null || isChild(value) : typeof value !== "function" && typeof value !== "symbol") {
    return value as Resolved;
  }
  if (typeof value === "object" && hasText(value as object) && !(value instanceof Promise)) return String(value);
  throw new BadValue(`${what(value)} cannot be shown. ${advice(value)}`);
}

const isChild = (value: object) =>
  value instanceof Template || value instanceof Each || value instanceof Raw || value instanceof Memo || Array.isArray(value);

const what = (value: unknown) => {
  if (typeof value === "symbol") return "A symbol";
  if (typeof value === "function") return value.name ? `The function ${value.name}` : "A function";
  if (value instanceof Promise) return "A promise";
  return `An object with ${Object.keys(value as object).slice(0, 5).join(", ") || "nothing in it"}`;
};

const advice = (value: unknown) => {
  if (typeof value === "function") return "Call it, or write it as a component's tag: <${Component} />.";
  if (value instanceof Promise) return "Rendering is synchronous: await it in mount or in a handler, and show what it gave.";
  return "Write what of it is to be seen, or JSON.stringify(value).";
};

function readText(value: unknown, element: string): Resolved {
  const read = readChild(value);
  if (typeof read !== "object" || read === null) return read;
  throw new BadValue(`Only text can stand in <${element}>.`);
}

/** Between quotes nothing is an attribute of its own, so `true` is a word. */
function readPart(name: string, value: unknown): AttributeValue {
  const read = readAttribute(name, "", value);
  return read === true ? "true" : read;
}

function readMixed({ name = "", element = "", pieces = [] }: Slot, values: readonly unknown[]): string {
  return mixedHtml(
    name,
    element,
    // Each part alone is no URL, so it is read under a name that is none.
    pieces.map((piece) => (typeof piece === "string" ? piece : { value: readPart("", values[piece]) })),
  );
}

/** Components that were looked at; reading a function's source takes longer than calling it. */
const called = new WeakSet<object>();

function callComponent({ props = [], children }: Slot, component: unknown, values: readonly unknown[]): unknown {
  if (typeof component !== "function") throw new BadValue(`A component is a function that returns html\`…\`, but this is ${String(component)}.`);
  if (!called.has(component)) {
    if (/^class\b/.test(Function.prototype.toString.call(component))) {
      throw new BadValue(`${component.name} is a class. Only functions can be components.`);
    }
    called.add(component);
  }
  const given: Record<string, unknown> = {};
  for (const { name, pieces } of props) {
    const [first] = pieces === true ? [] : pieces;
    if (name === undefined) Object.assign(given, values[first as number]);
    else if (pieces === true) given[name] = true;
    else if (pieces.length === 1 && typeof first === "number") given[name] = values[first];
    else given[name] = pieces.map((piece) => (typeof piece === "number" ? String(values[piece] ?? "") : unescape(piece))).join("");
  }
  if (children) given.children = new Template(children, values);
  return (component as Component)(given);
}
