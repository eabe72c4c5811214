/** Values of attributes: the types that authors may give, and their HTML. */
import { ATTR_RESET } from "@overwire/client/wire";
import { classNames, styles, writtenName } from "./class-and-style.ts";
import { TemplateValueError } from "./errors.ts";
import { escapeHtml } from "./escape.ts";
import { habitOfName } from "./habit-attributes.ts";
import { hasText, Raw } from "./nodes.ts";
import { reportUnsafe, runsScript, type UrlRisk } from "./urls.ts";

/** A method under this name makes an object's (or a function's) value as an attribute, as event handles have it. */
export const attributeValue: unique symbol = Symbol("overwire.attributeValue");

/** Such a method. A function with a `constant` one is compared and kept itself, and asked for its text only to send it. */
export interface AttributeMethod {
  (): string;
  readonly constant?: true;
}

/** A function with a text that never changes, as event handles are. */
export type ConstantAttribute = (...args: never) => unknown;

export const isConstant = (value: unknown): value is ConstantAttribute =>
  typeof value === "function" &&
  (value as { [attributeValue]?: AttributeMethod })[attributeValue]?.constant === true;

/** Commands that the author wrote, as JSON. A text that looks like them is never run. */
export class Commands extends Raw {}

/** Kept value of an attribute: never an object that may change. */
export type AttributeValue = string | number | bigint | boolean | null | undefined | Raw;

/**
 * Makes a value that can be kept and compared. Primitives stay as they are.
 * @throws TemplateValueError for an object that has no text
 */
export function readAttribute(name: string, value: unknown): AttributeValue {
  switch (typeof value) {
    case "object":
      return value === null || value instanceof Raw ? value : objectValue(name, value);
    case "function":
      return objectValue(name, value);
    case "symbol":
      throw new TemplateValueError(`A symbol cannot be the value of ${name}.`);
    default:
      return value as AttributeValue;
  }
}

function objectValue(name: string, value: object): AttributeValue {
  const own = (value as { [attributeValue]?: () => string })[attributeValue];
  if (own) {
    const text = String(own.call(value));
    return text.startsWith("[") ? new Commands(text) : text;
  }
  if (hasText(value)) return String(value);
  if (typeof value === "object") {
    const key = name.toLowerCase();
    // Nothing chosen is no attribute.
    if (key === "class") return classNames(value) || undefined;
    if (key === "style" && !Array.isArray(value)) return styles(value) || undefined;
  }
  throw new TemplateValueError(`${describe(value)} cannot be the value of ${name}. ${advice(name, value)}`);
}

const describe = (value: object) => {
  if (typeof value === "function") return "A function";
  if (Array.isArray(value)) return "An array";
  return value instanceof Promise ? "A promise" : "An object";
};

const advice = (name: string, value: object) => {
  const isBinding = name.startsWith("phx-") && !name.startsWith("phx-value-");
  if (typeof value === "function" && isBinding) return "Declare it with this.event(…) in a field.";
  if (isBinding)
    return `Was a handler called? Declare it, name = this.event(() => …), and write ${name}=\${this.name} without the parentheses.`;
  const habit = habitOfName(name);
  // It needs no text: HTML has no such attribute.
  if (habit?.certain) return habit.problem;
  if (value instanceof Promise) return "Await it in mount or in a handler, and use what it gave.";
  return "Write what of it is meant as text, such as JSON.stringify(value).";
};

/** HTML of a whole attribute, with the space before it. A text that would run a script is no attribute. */
export function attributeHtml(name: string, value: AttributeValue, risk: UrlRisk): string {
  if (value === null || value === undefined || value === false) return "";
  if (value === true) return ` ${name}`;
  if (risk !== "none" && typeof value === "string" && runsScript(risk, value)) {
    reportUnsafe(name, value);
    return "";
  }
  return ` ${writtenName(name)}="${partHtml(value)}"`;
}

/** HTML of a value between an attribute's quotes. There a boolean is nothing, as it is in text. */
export function partHtml(value: AttributeValue): string {
  if (typeof value === "string") return escapeHtml(value);
  if (value === null || value === undefined || typeof value === "boolean") return "";
  if (value instanceof Commands) return escapeHtml(value.html);
  return value instanceof Raw ? value.html.replaceAll('"', "&quot;") : String(value);
}

/**
 * HTML of a URL of several parts, nothing if all of it would run a script.
 * @param pieces texts as the author wrote them, and numbers of values
 */
export function mixedHtml(
  name: string,
  risk: UrlRisk,
  pieces: readonly (string | number)[],
  values: readonly unknown[],
): string {
  let url = "";
  let html = "";
  for (const piece of pieces) {
    if (typeof piece === "string") {
      // A reference in the author's text may mean something that browsers look past.
      url += piece.replace(/&[#\w]*;?/g, "");
      html += piece;
    } else {
      const value = readAttribute(name, values[piece]);
      url += value instanceof Raw ? value.html : typeof value === "boolean" ? "" : String(value ?? "");
      html += partHtml(value);
    }
  }
  if (!runsScript(risk, url)) return ` ${name}="${html}"`;
  reportUnsafe(name, url);
  return "";
}

/** Attributes of the framework's own making, which may have names that are reserved. */
const own = new WeakSet<object>();

/** Lets attributes that hold no value of the author's be spread under reserved names. */
export function ownAttributes<T extends object>(attributes: T): T {
  own.add(attributes);
  return attributes;
}

/** A reserved name is allowed in attributes of the framework's own, and for the reset count of a form's field. */
export const mayHold = (attributes: object, name: string, value: unknown): boolean =>
  own.has(attributes) || (name === ATTR_RESET && typeof value === "number");

export const reservedName = (name: string): TemplateValueError =>
  new TemplateValueError(
    /^data-ow-/i.test(name)
      ? `${name} cannot be set from a value: names that begin with data-ow- are Overwire's own.`
      : `${name} cannot be set from a value: it would run a script. Use a phx-* binding.`,
  );
