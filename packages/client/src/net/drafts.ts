/** Drafts of forms, kept for a page whose session ends: what was typed is there again when its address is opened again. */
import { findAll, invoke, read } from "../dom/native.ts";
import { storageOf } from "./storage.ts";

/** Its first letter is one for which the client looks when a page begins. */
const KEY = "overwire:draft:";
/** Time for which drafts are kept, and within which the page is left after its session has ended, in milliseconds. */
const AGE = 3_600_000;
const LEAVING = 60_000;

type Field = HTMLInputElement | HTMLSelectElement;
/** Name, value of a box, and state: the text, if it is checked, or the values that are chosen. */
type Kept = readonly [name: string, box: string, state: string | boolean | readonly string[]];
type Draft = readonly [until: number, forms: readonly (readonly [id: string, fields: readonly Kept[]])[]];

const keyOf = ({ location: { pathname, search } }: Window) => KEY + pathname + search;

const isBox = (field: Field): boolean => /^(checkbox|radio)$/.test(field.type);
const isSelect = (field: Field): field is HTMLSelectElement => field.localName === "select";

/** No passwords, and nothing that the user does not see. */
const fieldsOf = (form: HTMLFormElement) =>
  ([...read(form, "elements")] as Field[]).filter(
    ({ name, localName, type }) =>
      name &&
      /^(input|select|textarea)$/.test(localName) &&
      !/^(password|file|hidden|submit|reset|button|image)$/.test(type),
  );

const keep = (field: Field): Kept => [
  field.name,
  isBox(field) ? field.value : "",
  isSelect(field)
    ? [...field.selectedOptions].map(({ value }) => value)
    : isBox(field)
      ? (field as HTMLInputElement).checked
      : field.value,
];

function restore(field: Field, [, , state]: Kept): void {
  if (isSelect(field))
    for (const option of field.options) option.selected = (state as string[]).includes(option.value);
  else if (isBox(field)) (field as HTMLInputElement).checked = state as boolean;
  else field.value = state as string;
}

/** The session has ended: what the forms have when the page is left soon is kept. */
export function keepDrafts(win: Window, prefix: string): void {
  const until = performance.now() + LEAVING;
  const save = () => {
    const forms = findAll<HTMLFormElement>(win.document, `form[id]:not([${prefix}auto-recover=ignore])`).map(
      (form) => [invoke(form, "getAttribute", "id"), fieldsOf(form).map(keep)],
    );
    if (forms.length && performance.now() < until)
      storageOf(win)?.setItem(keyOf(win), JSON.stringify([Date.now() + AGE, forms]));
  };
  win.addEventListener("pagehide", save, { once: true });
}

/** Fills the forms of a page as they were when it was left, and has its views told. */
export function restoreDrafts(win: Window & typeof globalThis): void {
  const storage = storageOf(win);
  const text = storage?.getItem(keyOf(win));
  if (!text) return;
  storage?.removeItem(keyOf(win));
  const [until, forms] = JSON.parse(text) as Draft;
  if (until < Date.now()) return;
  for (const [id, kept] of forms) {
    const form = findAll<HTMLFormElement>(win.document, "form[id]").find(
      (form) => invoke(form, "getAttribute", "id") === id,
    );
    const left = [...kept];
    for (const field of form ? fieldsOf(form) : []) {
      const now = keep(field);
      const at = left.findIndex(([name, box]) => name === now[0] && box === now[1]);
      const [was] = at < 0 ? [] : left.splice(at, 1);
      if (!was || JSON.stringify(was) === JSON.stringify(now)) continue;
      restore(field, was);
      field.dispatchEvent(new win.Event("input", { bubbles: true }));
    }
  }
}
