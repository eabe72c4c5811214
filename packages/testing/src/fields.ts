/** Filling in a form as a person could: only fields that are there, only values that are offered. */
import type {
  Element,
  HTMLFormElement,
  HTMLInputElement,
  HTMLOptionElement,
  HTMLSelectElement,
} from "happy-dom";
import { showHtml, showList } from "./describe.ts";

/** What a test puts into a form: by a field's name, or nested as its brackets say: `{ user: { name: "Ann" } }`. */
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
  | readonly (string | number)[]
  | FormValues;

type Field = HTMLInputElement;

/** `{ user: { tags: ["a"] } }` as names of fields with their values: `user[tags]` → `["a"]`. */
function flatten(values: FormValues, prefix = ""): [name: string, value: string[] | string][] {
  return Object.entries(values).flatMap(([key, value]): [string, string[] | string][] => {
    const name = prefix ? `${prefix}[${key}]` : key;
    if (Array.isArray(value)) return [[name, value.map(String)]];
    if (typeof value === "object" && value !== null) return flatten(value as FormValues, name);
    return [[name, value === null || value === undefined ? "" : String(value)]];
  });
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
  return [isToggle(field) ? field.getAttribute("value") || "on" : field.value];
};

/** Fields that submit with the form and can be filled in. */
const fieldsOf = (form: HTMLFormElement): Field[] =>
  ([...form.elements] as unknown as Field[]).filter(
    (field) =>
      /^(input|select|textarea)$/.test(field.localName) &&
      !field.hasAttribute("disabled") &&
      !field.closest("fieldset[disabled]") &&
      field.name,
  );

/**
 * Puts values into a form's fields, without telling the page.
 * @returns the last field that was filled in
 * @throws Error for a field that is not there or disabled, or a value that it does not offer
 */
export function fillForm(form: HTMLFormElement, values: FormValues): Element | undefined {
  let last: Element | undefined;
  for (const [name, value] of flatten(values)) last = fill(form, name, value);
  return last;
}

function fill(form: HTMLFormElement, name: string, value: string | string[]): Element {
  const all = fieldsOf(form);
  const wanted =
    Array.isArray(value) &&
    !name.endsWith("[]") &&
    !all.some((field) => field.name === name && field.multiple)
      ? `${name}[]`
      : name;
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
  return put(fields, chosen);
}

/**
 * Puts a value into one field.
 * @throws Error for a value that it does not offer
 */
export function fillField(element: Element, value: FormValue): void {
  const field = element as unknown as Field;
  const chosen = (Array.isArray(value) ? value : [value ?? ""]).map(String);
  if (limited(field)) checkOffered([field], field.name, chosen);
  put([field], chosen);
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

function put(fields: readonly Field[], chosen: readonly string[]): Field {
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
      field.value = chosen[plain.indexOf(field)] ?? "";
      last = field;
    }
  }
  return last;
}
