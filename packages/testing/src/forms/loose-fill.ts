/** Values that no field of a form offers, sent all the same: those of another page. */
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
      // If the form has more of that name, all of it has to arrive as one.
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

/**
 * Fills in a form for an action, when it is its turn: an earlier action that is under way has values of its
 * own.
 * @param strict values that are checked as the user's, and come first
 * @returns `fill`, which gives the values beside the fields, and then `run`
 */
export function filling(
  form: HTMLFormElement,
  values: FormValues,
  action: (filled: Filled) => void,
  strict: FormValues = {},
): { fill: () => FormValues | undefined; run: () => void } {
  let filled: Filled = { last: undefined, extra: undefined, added: [] };
  return {
    fill: () => {
      const first = fillForm(form, strict);
      const { last, extra, added } = fillLoosely(form, values);
      filled = { last: last ?? first, extra, added };
      return extra;
    },
    run: () => {
      try {
        action(filled);
      } finally {
        for (const field of filled.added) field.remove();
      }
    },
  };
}
