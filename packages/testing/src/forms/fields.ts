/**
 * Filling in a form within a user's possibilities: only fields that are there, only values that are offered.
 */
import type {
  Element,
  HTMLFormElement,
  HTMLInputElement,
  HTMLOptionElement,
  HTMLSelectElement,
} from "happy-dom";
import { showHtml, showList } from "../errors/describe.ts";
import { submitterHint, withHint } from "../errors/hints.ts";
import { controlsOf, isDisabled } from "./form-data.ts";
import { hasStepMismatch, readNumber } from "./quantities.ts";
import { noteTyped } from "./validity.ts";

/**
 * Values that a test puts into a form: by a field's name, or nested as its brackets say: `{ user: { name: "Ann" } }` fills
 * `user[name]`, and `{ lines: [{ title: "a" }] }` fills `lines[0][title]`.
 */
export interface FormValues {
  readonly [name: string]: FormValue;
}
export type FormValue =
  | string
  | number
  | boolean
  | bigint
  | null
  | undefined
  /** For one field of a date or a time, or for one select each: `born[year]`, `born[month]`, … Its parts are those of UTC. */
  | Date
  /**
   * For fields of one name that take several values: `tags[]`, a select of several, check boxes; or one each for `tags[0]`,
   * `tags[1]`, … Objects are rows, of which `undefined` leaves one as it is.
   */
  | readonly FormValue[]
  | FormValues;

type Field = HTMLInputElement;
type Filling = string[] | string | Date;

const textOf = (value: unknown): string => (value === null || value === undefined ? "" : String(value));

/** `{ user: { tags: ["a"] } }` as names of fields with their values: `user[tags]` → `["a"]`. */
export function flatten(values: FormValues, prefix = ""): [name: string, value: Filling][] {
  return Object.entries(values).flatMap(([key, value]) =>
    flattenOne(prefix ? `${prefix}[${key}]` : key, value),
  );
}

function flattenOne(name: string, value: FormValue): [name: string, value: Filling][] {
  if (value instanceof Date) return [[name, value]];
  if (Array.isArray(value)) {
    const all: readonly FormValue[] = value;
    const hasRows = all.some((each) => typeof each === "object" && each !== null);
    if (!hasRows) return [[name, all.map(textOf)]];
    return all.flatMap((row, at) => (row === undefined ? [] : flattenOne(`${name}[${at}]`, row)));
  }
  if (typeof value === "object" && value !== null) return flatten(value as FormValues, name);
  return [[name, textOf(value)]];
}

const limited = (field: Field) =>
  field.localName === "select" || /^(checkbox|radio|hidden)$/.test(field.type);
const isToggle = (field: Field) => field.localName === "input" && /^(checkbox|radio)$/.test(field.type);
const kind = (field: Field) => {
  if (field.localName !== "select") return field.type;
  return field.multiple ? "multiple select" : "select";
};
const optionsOf = (field: Field) =>
  [...(field as unknown as HTMLSelectElement).options] as HTMLOptionElement[];

/** Values a field of limited choice can take. */
const offered = (field: Field): string[] => {
  if (field.localName === "select")
    return optionsOf(field)
      .filter((option) => !option.disabled)
      .map((option) => option.value);
  return [isToggle(field) ? (field.getAttribute("value") ?? "on") : field.value];
};

/** Fields that submit with the form and can be filled in. */
const fieldsOf = (form: HTMLFormElement): Field[] =>
  controlsOf(form).filter(
    (field) => /^(input|select|textarea)$/.test(field.localName) && !isDisabled(field) && field.name,
  );

/**
 * Puts values into a form's fields, without telling the page.
 * @returns the last field that was filled in
 * @throws Error for a field that is not there or disabled, or a value that it does not offer
 */
export function fillForm(
  form: HTMLFormElement,
  values: FormValues,
  check: Check = checkTyped,
): Element | undefined {
  let last: Element | undefined;
  for (const [name, value] of flatten(values)) last = fillNamed(form, name, value, check);
  return last;
}

/**
 * As {@link fillForm}, for one field of a flat name.
 * @returns the field, the last one if there are several
 */
export function fillNamed(form: HTMLFormElement, name: string, value: Filling, check: Check): Element {
  if (value instanceof Date) return fillDate(form, name, value, check);
  const all = fieldsOf(form);
  if (!Array.isArray(value)) return fill(form, name, value, check);
  const wanted = nameOfList(all, name);
  const isIndexed = !all.some((field) => field.name === wanted) && value.length > 0;
  if (!isIndexed || !all.some((field) => field.name === `${name}[0]`))
    return fill(form, wanted, value, check);
  return value.map((each, at) => fill(form, `${name}[${at}]`, each, check)).at(-1) as Element;
}

/** Name of the fields that take a list together. */
function nameOfList(all: readonly Field[], name: string): string {
  const own = all.filter((field) => field.name === name && field.type !== "hidden");
  const takesSeveral = own.some((field) => field.multiple) || (own.length > 1 && own[0]?.type !== "radio");
  return takesSeveral || name.endsWith("[]") ? name : `${name}[]`;
}

/** Parts of a date as fields name them. */
const dateParts: Readonly<Record<string, (date: Date) => number>> = {
  year: (date) => date.getUTCFullYear(),
  month: (date) => date.getUTCMonth() + 1,
  day: (date) => date.getUTCDate(),
  hour: (date) => date.getUTCHours(),
  minute: (date) => date.getUTCMinutes(),
  second: (date) => date.getUTCSeconds(),
};

/** The part of an ISO date that fields of a type write. */
const dateTypes: Readonly<Record<string, readonly [from: number, to: number]>> = {
  date: [0, 10],
  month: [0, 7],
  time: [11, 16],
  "datetime-local": [0, 16],
};

function fillDate(form: HTMLFormElement, name: string, date: Date, check: Check): Element {
  let last: Element | undefined;
  const fields = fieldsOf(form);
  for (const [part, read] of Object.entries(dateParts)) {
    const own = fields.find((field) => field.name === `${name}[${part}]`);
    if (!own) continue;
    const value = read(date);
    const same = own.localName === "select" && offered(own).find((each) => each && Number(each) === value);
    last = fill(form, own.name, same || String(value), check);
  }
  if (last) return last;
  const { type = "" } = fields.find((field) => field.name === name) ?? {};
  return fill(form, name, date.toISOString().slice(...(dateTypes[type] ?? [])), check);
}

function fill(form: HTMLFormElement, wanted: string, value: string | string[], check: Check): Element {
  const all = fieldsOf(form);
  const fields = all.filter((field) => field.name === wanted);
  const [first] = fields;
  if (!first) {
    throw new Error(
      `could not find non-disabled input, select or textarea with name ${JSON.stringify(wanted)} within:\n\n${showHtml(form.outerHTML)}\n\nIt has: ${showList(new Set(all.map((field) => field.name)))}\n`,
    );
  }
  const unsent = fields.find((field) => /^(submit|image|button|reset)$/.test(field.type));
  if (unsent)
    throw new Error(
      `cannot provide value to ${JSON.stringify(wanted)} because ${unsent.type} inputs are never submitted`,
    );
  if (first.type === "file")
    throw new Error(
      `cannot provide value to ${JSON.stringify(wanted)} because files are chosen with fileInput`,
    );
  const chosen = Array.isArray(value) ? value : [value];
  if (fields.every(limited)) checkOffered(fields, wanted, chosen);
  return put(fields, chosen, check);
}

/**
 * Puts a value into one field.
 * @throws Error for a value that it does not offer
 */
export function fillField(element: Element, value: FormValue): void {
  const field = element as unknown as Field;
  const chosen = (Array.isArray(value) ? value : [value]).map(textOf);
  if (limited(field)) checkOffered([field], field.name, chosen);
  put([field], chosen, () => {});
}

function checkOffered(fields: readonly Field[], name: string, chosen: readonly string[]): void {
  const choices = fields.flatMap(offered);
  for (const value of chosen) {
    if (choices.includes(value) || isFlag(fields, value)) continue;
    const [field] = fields.filter(({ type }) => type !== "hidden").concat(fields) as [Field];
    throw new Error(
      `value for ${kind(field)} ${JSON.stringify(name)} must be one of [${showList(choices)}], got: ${JSON.stringify(value)}`,
    );
  }
}

/** A lone checkbox may be set with `true` and `false`. */
const isFlag = (fields: readonly Field[], value: string) =>
  /^(true|false)$/.test(value) && fields.filter((field) => field.type === "checkbox").length === 1;

/** Checks a value that is to be typed into a field. @throws Error if the user could not */
type Check = (field: Field, value: string) => void;

/** Takes anything: values that a test sends and a user could not. */
export const checkNothing: Check = () => {};

const written = /^(text|search|url|tel|email|password|textarea)$/;
const measured = /^(number|date|month|week|time|datetime-local)$/;

/** If a slider can stand at a value. */
function isOnScale(field: Field, value: string): boolean {
  const get = (attribute: string) => field.getAttribute(attribute) ?? "";
  const [min, max] = [readNumber("range", get("min")) ?? 0, readNumber("range", get("max")) ?? 100];
  const number = readNumber("range", value);
  if (number === undefined || number < min || number > Math.max(min, max)) return false;
  return !hasStepMismatch("range", value, get("step"), get("min"), get("value"));
}

const checkTyped: Check = (field, value) => {
  const name = JSON.stringify(field.name);
  const { type } = field;
  if ((written.test(type) || measured.test(type)) && field.hasAttribute("readonly"))
    throw new Error(`cannot provide value to ${name} because it is readonly`);
  const most = field.getAttribute("maxlength") ?? "";
  const { length } = value.replace(/\r\n?/g, "\n");
  if (written.test(type) && /^\d+$/.test(most) && length > Number(most))
    throw new Error(
      `cannot provide value to ${name} because it has ${length} characters, and its maxlength is ${most}`,
    );
  if (type === "color" && !/^#[\da-f]{6}$/i.test(value))
    throw new Error(`cannot provide value to ${name} because a color is written like "#ff8800"`);
  if (type === "range" && !isOnScale(field, value))
    throw new Error(`cannot provide value to ${name} because its range has no ${JSON.stringify(value)}`);
  if (measured.test(type) && value !== "" && readNumber(type, value) === undefined)
    throw new Error(`cannot provide value to ${name} because ${JSON.stringify(value)} is no ${type}`);
};

function put(fields: readonly Field[], chosen: readonly string[], check: Check): Field {
  const plain = fields.filter((field) => !limited(field));
  if (plain.length > 1 && plain.length !== chosen.length) {
    throw new Error(
      `there are ${plain.length} fields with name ${JSON.stringify(plain[0]?.name)}, but got ${chosen.length} values`,
    );
  }
  let last = fields[0] as Field;
  for (const field of fields) {
    if (isToggle(field)) {
      const flag = isFlag(fields, chosen[0] ?? "") && !fields.flatMap(offered).includes(chosen[0] as string);
      field.checked = flag ? chosen[0] === "true" : chosen.includes(offered(field)[0] as string);
      if (field.checked) last = field;
    } else if (field.localName === "select") {
      for (const option of optionsOf(field)) option.selected = chosen.includes(option.value);
    } else if (field.type !== "hidden") {
      const value = chosen[plain.indexOf(field)] ?? "";
      if (value !== field.value) check(field, value);
      field.value = field.localName === "textarea" ? value.replace(/\r\n?/g, "\n") : value;
      noteTyped(field);
      last = field;
    }
  }
  return last;
}

const isButton = (field: Field) =>
  field.localName === "button" || /^(submit|image|button|reset)$/.test(field.type);

/** The entries that a browser sends of a form, in the page's order; of buttons the one that submits it. */
export function readForm(form: HTMLFormElement, submitter?: Element): [name: string, value: string][] {
  return controlsOf(form).flatMap((field): [string, string][] => {
    const { name } = field;
    if (!name || isDisabled(field) || field.type === "file") return [];
    if (isButton(field)) return (field as Element) === submitter ? [[name, field.value]] : [];
    if (isToggle(field)) return field.checked ? [[name, offered(field)[0] as string]] : [];
    if (field.localName === "select")
      return optionsOf(field)
        .filter((option) => option.selected && !option.disabled)
        .map((option) => [name, option.value]);
    return /^(input|textarea)$/.test(field.localName) ? [[name, field.value]] : [];
  });
}

/** If a field fits a selector, which may be a text that is none. */
function isMatch(field: Field, selector: string): boolean {
  try {
    return field.matches(selector);
  } catch {
    return false;
  }
}

/**
 * The button that a test submits a form with.
 * @throws Error if there is none or several, if it has no name, or if it could not submit the form
 */
export function findSubmitter(form: HTMLFormElement, selector: string): Field {
  const buttons = controlsOf(form).filter(isButton);
  const all = controlsOf(form).filter((field) => isMatch(field, selector));
  const hint = submitterHint(form, buttons, selector);
  const within = showHtml(form.outerHTML);
  const [button, ...others] = all;
  if (!button || others.length) {
    const got = all.length || "none";
    throw new Error(
      withHint(
        `invalid form submitter, expected selector ${JSON.stringify(selector)} to return a single element, but got ${got} within:\n\n${within}\n`,
        hint,
      ),
    );
  }
  // The value that a dialog is told needs no name.
  if (!button.name && form.getAttribute("method")?.toLowerCase() !== "dialog") {
    throw new Error(
      `form submitter selected by ${JSON.stringify(selector)} must have a name:\n\n${showHtml(button.outerHTML)}\n`,
    );
  }
  const submits = isButton(button) && /^(submit|image)$/.test(button.type);
  if (submits && !isDisabled(button)) return button;
  throw new Error(
    `could not find non-disabled submit input or button with name ${JSON.stringify(button.name)} within:\n\n${within}\n`,
  );
}
