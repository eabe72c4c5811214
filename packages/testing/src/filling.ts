/** Values that no field of a form offers, sent all the same: what a page could send if it were another one. */
import type { Element, HTMLFormElement } from "happy-dom";
import { checkNothing, type FormValue, type FormValues, fillForm, fillNamed, flatten } from "./fields.ts";

export interface Filled {
  /** The last field that was filled in. */
  readonly last: Element | undefined;
  /** Values of names that the form does not have. */
  readonly extra: FormValues | undefined;
  /** Fields to be there while the form is sent. */
  readonly added: readonly Element[];
}

/** Puts values into the fields that take them; the others are to be sent beside them. */
export function fillLoosely(form: HTMLFormElement, values: FormValues): Filled {
  const extra: Record<string, FormValue> = {};
  const added: Element[] = [];
  const names = [...form.elements].map((field) => (field.getAttribute("name") ?? "").split("[")[0]);
  let last: Element | undefined;
  for (const [name, value] of Object.entries(values)) {
    try {
      last = fillForm(form, { [name]: value }, checkNothing) ?? last;
    } catch {
      if (!names.includes(name)) {
        extra[name] = value;
        continue;
      }
      // Where the form has more of that name, all of it has to arrive as one.
      for (const [path, leaf] of flatten({ [name]: value })) {
        try {
          last = fillNamed(form, path, leaf, checkNothing);
        } catch {
          const isList = Array.isArray(leaf);
          for (const each of isList ? leaf : [String(leaf)])
            added.push(hidden(form, isList ? `${path}[]` : path, each));
        }
      }
    }
  }
  return { last, extra: Object.keys(extra).length ? extra : undefined, added };
}

function hidden(form: HTMLFormElement, name: string, value: string): Element {
  const input = form.ownerDocument.createElement("input");
  input.type = "hidden";
  input.name = name;
  input.value = value;
  form.append(input);
  return input;
}

/** Runs an action with fields that are there only for it. */
export const sending = (added: readonly Element[], action: () => void) => () => {
  try {
    action();
  } finally {
    for (const field of added) field.remove();
  }
};
