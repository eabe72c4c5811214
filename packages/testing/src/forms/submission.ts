/** Ways for a user to submit a form, and a browser's reasons against it. */
import type { HTMLFormElement, HTMLInputElement } from "happy-dom";
import { showHtml } from "../errors/describe.ts";
import { enablingHint, withHint } from "../errors/hints.ts";
import { controlsOf, isDisabled } from "./form-data.ts";
import { invalidFields, troubleOf } from "./validity.ts";

const blocking = /^(text|search|tel|url|email|password|date|month|week|time|datetime-local|number)$/;

const submits = (field: HTMLInputElement) =>
  /^(button|input)$/.test(field.localName) && /^(submit|image)$/.test(field.type);

/**
 * Makes sure that a browser would send a form.
 * @param name of the form, for messages
 * @param button that the user presses; without one the user presses Enter in a field
 * @returns the button that counts as pressed, if there is one
 * @throws Error that says why it would not
 */
export function assertSent(
  form: HTMLFormElement,
  name: string,
  button?: HTMLInputElement,
): HTMLInputElement | undefined {
  const pressed = button ?? assertEnter(form, name);
  if (form.hasAttribute("novalidate") || pressed?.hasAttribute("formnovalidate")) return pressed;
  const reasons = invalidFields(form).map((field) => {
    const label = field.getAttribute("name") || field.id;
    const shown = label ? JSON.stringify(label) : (/^<[^>]*>/.exec(field.outerHTML)?.[0] ?? "a field");
    return `${shown}: ${troubleOf(field)}`;
  });
  if (reasons.length)
    throw new Error(`a browser would not submit ${name}, because fields are invalid: ${reasons.join("; ")}`);
  return pressed;
}

/** @returns the button that counts as pressed, if the form has one */
function assertEnter(form: HTMLFormElement, name: string): HTMLInputElement | undefined {
  // The first one of the page, inside of the form or elsewhere.
  const button = controlsOf(form).find(submits);
  if (button && isDisabled(button))
    throw new Error(
      withHint(
        `cannot submit ${name}: its first submit button is disabled, so that Enter does nothing:\n\n${showHtml(button.outerHTML)}\n`,
        enablingHint(button),
      ),
    );
  if (button) return button;
  const fields = controlsOf(form).filter(
    ({ localName, type }) => localName === "input" && blocking.test(type),
  );
  if (fields.length > 1)
    throw new Error(
      `cannot submit ${name}: it has no submit button, and with ${fields.length} text fields Enter submits nothing. Give it a button:\n\n${showHtml(form.outerHTML)}\n`,
    );
  return undefined;
}
