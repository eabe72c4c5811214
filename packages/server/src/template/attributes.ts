/** Values of attributes: what authors may give, and what stands in the page. */
import { urlAttributes } from "./elements.ts";
import { BadValue } from "./errors.ts";
import { escape } from "./escape.ts";
import { Raw } from "./raw.ts";

/** A method under this name makes an object's value as an attribute, as event handles have it. */
export const attributeValue: unique symbol = Symbol("overwire.attributeValue");

/** What is kept of an attribute's value: never an object that may change. */
export type AttributeValue = string | number | bigint | boolean | null | undefined | Raw;

const isObject = (value: unknown): value is object => (typeof value === "object" && value !== null) || typeof value === "function";
/** Whether an object says what it is as text: URL, Date, and what authors write, but not `[object Object]`. */
export const hasText = (value: object) => typeof value !== "function" && "toString" in value && value.toString !== Object.prototype.toString && !Array.isArray(value);

/**
 * Makes of a value what is kept and compared.
 * @throws BadValue for an object that has no text
 */
export function readAttribute(name: string, element: string, value: unknown): AttributeValue {
  const read = isObject(value) && !(value instanceof Raw) ? objectValue(name, value) : (value as AttributeValue);
  return typeof read === "string" && runsScript(name, element, read) ? undefined : read;
}

function objectValue(name: string, value: object): string {
  const own = (value as { [attributeValue]?: () => string })[attributeValue];
  if (own) return own.call(value);
  if (name === "class") return classNames(value);
  if (name === "style" && !Array.isArray(value)) return styles(value as Record<string, unknown>);
  if (hasText(value)) return String(value);
  const what = typeof value === "function" ? "A function" : Array.isArray(value) ? "An array" : "An object";
  throw new BadValue(`${what} cannot be the value of ${name}. Write what it is as text, such as JSON.stringify(value).`);
}

function classNames(value: unknown): string {
  if (Array.isArray(value)) return value.map(classNames).filter(Boolean).join(" ");
  if (value instanceof Set) return classNames([...value]);
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([name, on]) => (on ? [name] : [])).join(" ");
  }
  return value === null || value === undefined || typeof value === "boolean" ? "" : String(value);
}

const styles = (value: Record<string, unknown>) =>
  Object.entries(value)
    .filter(([, each]) => each !== null && each !== undefined && each !== false)
    .map(([name, each]) => `${name.startsWith("--") ? name : name.replace(/[A-Z]/g, (char) => `-${char.toLowerCase()}`)}: ${String(each)}`)
    .join("; ");

/** Whether a browser would run the URL as a script: it looks past spaces and controls at its start, and tabs and newlines anywhere. */
function runsScript(name: string, element: string, value: string): boolean {
  if (!urlAttributes.has(name.toLowerCase())) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what browsers ignore
  const url = value.replace(/[\t\n\r]/g, "").replace(/^[\0-\x20]+/, "");
  return /^(javascript|vbscript):/i.test(url) || (/^(iframe|frame|embed|object)$/.test(element) && /^data:(?!image\/(?!svg))/i.test(url));
}

/**
 * HTML of a URL made of several parts, of which the author wrote some: nothing where all of it together would run a script.
 * @param parts what the author wrote as strings, values as `{ value }`
 */
export function mixedHtml(name: string, element: string, parts: readonly (string | { readonly value: AttributeValue })[]): string {
  const text = parts.map((part) => (typeof part === "string" ? part : part.value === true ? "true" : valueText(part.value))).join("");
  if (runsScript(name, element, text)) return "";
  return ` ${name}="${parts.map((part) => (typeof part === "string" ? part : valueHtml(part.value))).join("")}"`;
}

const valueText = (value: AttributeValue) =>
  value instanceof Raw ? value.html : value === null || value === undefined || value === false ? "" : String(value);

/** HTML of a whole attribute, with the space before it. */
export function attributeHtml(name: string, value: AttributeValue): string {
  if (value === null || value === undefined || value === false) return "";
  return value === true ? ` ${name}` : ` ${name}="${valueHtml(value)}"`;
}

/** HTML of what stands between an attribute's quotes. */
export const valueHtml = (value: AttributeValue): string => {
  if (value instanceof Raw) return value.html.replaceAll('"', "&quot;");
  return value === null || value === undefined || value === false ? "" : escape(String(value));
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: none of them can stand in a name
const attributeName = /^[^\s"'<>/=\0-\x1f\x7f\ufdd0\ufdd1]+$/;

/**
 * HTML of many attributes: `...${attributes}`.
 * @throws BadValue for what is no object, and for names that cannot be an attribute's or would run a script
 */
export function spreadHtml(element: string, value: unknown): string {
  if (value === null || value === undefined || value === false) return "";
  if (typeof value !== "object" || Array.isArray(value)) throw new BadValue("Only an object with attributes can stand after the three dots.");
  let html = "";
  for (const [name, each] of Object.entries(value)) {
    if (!attributeName.test(name)) throw new BadValue(`${JSON.stringify(name)} cannot be the name of an attribute.`);
    if (/^(on|srcdoc$)/i.test(name)) throw new BadValue(`${name} cannot be set from data: it would run a script. Use a phx-* binding.`);
    html += attributeHtml(name, readAttribute(name, element, each));
  }
  return html;
}
