/** Constraint validation of forms as the HTML standard has it, in place of happy-dom's: tells why a browser would not send a form. */
import { domainToASCII } from "node:url";
import type { Element, HTMLFormElement, HTMLInputElement, HTMLSelectElement } from "happy-dom";
import { controlsOf, isDisabled } from "./form-data.ts";
import { hasStepMismatch, readNumber } from "./quantities.ts";

type Field = HTMLInputElement;

/** Values that the user has typed into fields: only those are held to their lengths. */
const typed = new WeakMap<Element, string>();

/** The user, not the server or a script, has given a field its value. */
export const noteTyped = (field: Element): void => {
  typed.set(field, (field as Field).value);
};

const isText = /^(text|search|url|tel|email|password)$/;
const isMeasured = /^(date|month|week|time|datetime-local|number)$/;

/** The address that the standard calls valid, which is not what a mail server does. */
const email =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;

const isEmail = (value: string) => {
  const at = value.lastIndexOf("@");
  const domain = value.slice(at + 1);
  // Browsers check the domain as it goes over the line.
  const isForeign = at > 0 && /[^\0-\x7f]/.test(domain);
  return email.test(isForeign ? `${value.slice(0, at)}@${domainToASCII(domain)}` : value);
};

const typeOf = (field: Field) => (field.localName === "input" ? field.type : field.localName);

/** If a field is asked at all. */
function isAsked(field: Field): boolean {
  if (isDisabled(field) || field.closest("datalist")) return false;
  if (field.localName === "select") return true;
  if (field.localName === "button") return field.type === "submit";
  if (field.localName !== "input" && field.localName !== "textarea") return false;
  return !field.hasAttribute("readonly") && !/^(hidden|image|reset|button)$/.test(field.type);
}

/** The value as a browser holds it: without what it drops. */
function heldValue(field: Field): string {
  const { value } = field;
  const type = typeOf(field);
  if (type === "textarea") return value.replace(/\r\n?/g, "\n");
  if (isMeasured.test(type)) return readNumber(type, value) === undefined ? "" : value;
  const line = value.replace(/[\r\n]/g, "");
  return /^(email|url)$/.test(type) ? line.trim() : line;
}

const isRequired = (field: Field) => field.hasAttribute("required");

/** Radio buttons of which one can be chosen at a time; none without a name, as in Chromium. */
function groupOf(field: Field): readonly Field[] {
  const name = field.getAttribute("name");
  const { form } = field;
  if (!name || !form) return [];
  return controlsOf(form).filter((other) => other.type === "radio" && other.getAttribute("name") === name);
}

/** If the select asks for a choice by its first option. */
function hasPlaceholder(select: HTMLSelectElement): boolean {
  const [first] = select.options;
  const isList = select.multiple || Number(select.getAttribute("size") ?? 1) > 1;
  return !isList && first?.value === "" && first.parentElement === (select as unknown);
}

function isMissing(field: Field): boolean {
  const type = typeOf(field);
  if (type === "radio") {
    const group = groupOf(field);
    return group.some(isRequired) && !group.some(({ checked }) => checked);
  }
  if (!isRequired(field)) return false;
  if (type === "checkbox") return !field.checked;
  if (type === "file") return !field.files?.length;
  if (type === "select") {
    const select = field as unknown as HTMLSelectElement;
    const at = [...select.options].findIndex(({ selected }) => selected);
    return at < 0 || (at === 0 && hasPlaceholder(select));
  }
  return (isText.test(type) || isMeasured.test(type) || type === "textarea") && heldValue(field) === "";
}

function patternOf(field: Field): RegExp | undefined {
  const source = field.getAttribute("pattern");
  if (source === null) return undefined;
  try {
    new RegExp(source, "v");
    return new RegExp(`^(?:${source})$`, "v");
  } catch {
    // Browsers ignore a pattern that is none.
    return undefined;
  }
}

const quote = (text: string | null) => JSON.stringify(text);

function isUrl(value: string): boolean {
  try {
    return !!new URL(value);
  } catch {
    return false;
  }
}

/** The mistake in a text. */
function textTrouble(field: Field, type: string, value: string): string | undefined {
  const parts = type === "email" && field.multiple ? value.split(",").map((part) => part.trim()) : [value];
  if (type === "email" && !parts.every(isEmail)) return `${quote(value)} is no email address`;
  if (type === "url" && !isUrl(value)) return `${quote(value)} is no URL`;
  const pattern = type === "textarea" ? undefined : patternOf(field);
  if (pattern && !parts.every((part) => pattern.test(part)))
    return `${quote(value)} does not match its pattern ${field.getAttribute("pattern")}`;
  const least = field.getAttribute("minlength") ?? "";
  if (/^\d+$/.test(least) && value.length < Number(least) && typed.get(field) === field.value)
    return `${quote(value)} is shorter than its minlength of ${least}`;
  return undefined;
}

/** The mistake in a number or a time. */
function measureTrouble(field: Field, type: string, value: string): string | undefined {
  const number = readNumber(type, value);
  if (number === undefined) return undefined;
  const [min, max] = ["min", "max"].map((name) => readNumber(type, field.getAttribute(name) ?? ""));
  const isBelow = min !== undefined && number < min;
  const isAbove = max !== undefined && number > max;
  // A time may begin in the evening and end in the morning.
  const wraps = type === "time" && min !== undefined && max !== undefined && max < min;
  if (isBelow && (!wraps || isAbove))
    return `${quote(value)} is below its min of ${field.getAttribute("min")}`;
  if (isAbove && !wraps) return `${quote(value)} is above its max of ${field.getAttribute("max")}`;
  const attribute = (name: string) => field.getAttribute(name) ?? "";
  if (hasStepMismatch(type, value, attribute("step"), attribute("min"), attribute("value")))
    return `${quote(value)} is between the steps that its step allows`;
  return undefined;
}

/** The reason for which a browser would not take a field's value; undefined if it would. */
export function troubleOf(element: Element): string | undefined {
  const field = element as Field;
  if (!isAsked(field)) return undefined;
  if (field.validity?.customError) return field.validationMessage;
  if (isMissing(field)) return "it is required";
  const type = typeOf(field);
  const value = heldValue(field);
  if (value === "") return undefined;
  return isMeasured.test(type)
    ? measureTrouble(field, type, value)
    : isText.test(type) || type === "textarea"
      ? textTrouble(field, type, value)
      : undefined;
}

/** The fields of a form that a browser would not take. */
export const invalidFields = (form: HTMLFormElement): readonly Element[] =>
  controlsOf(form).filter((field) => troubleOf(field) !== undefined);
