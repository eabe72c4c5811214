/** Next steps, for errors about an element that a test cannot use in the way it tried. */
import type { Element, HTMLFormElement, HTMLInputElement } from "happy-dom";
import { readText } from "./describe.ts";

const quote = (text: string) => JSON.stringify(text);
const tagOf = ({ outerHTML }: Element) => /^<[^>]*>/.exec(outerHTML)?.[0] ?? "";

/** A selector that finds a form, and may find others too if it has no id. */
const selectorOf = (form: Element) => {
  const id = form.getAttribute("id");
  return quote(id ? `#${id}` : "form");
};

const formOf = (node: Element): HTMLFormElement | null =>
  node.localName === "form"
    ? null
    : ((node as HTMLInputElement).form ?? (node.closest("form") as HTMLFormElement | null));

/** `view.form("#f", { title: … })`, as it is named by a field. */
function formCall(form: Element, field?: Element): string {
  const name = field?.getAttribute("name") ?? "";
  const key = /^[a-z_$][\w$]*$/i.test(name) ? name : quote(name);
  return `view.form(${selectorOf(form)}${name ? `, { ${key}: … }` : ""})`;
}

const isField = (node: Element) =>
  /^(input|select|textarea)$/.test(node.localName) &&
  !/^(submit|image|button|reset)$/.test((node as HTMLInputElement).type);

/** Advice for an action on an element that has no such binding. */
export function hintOf(node: Element, binding: string, prefix: string): string {
  const form = formOf(node);
  if (/^(change|submit)$/.test(binding)) {
    if (form?.hasAttribute(prefix + binding)) {
      const call = formCall(form, isField(node) ? node : undefined);
      const submits = binding === "submit" && !isField(node);
      return `Its form has: ${submits ? `view.element(…).click(), or ${call}` : call}.${binding}()`;
    }
    return "";
  }
  if (binding !== "click") return "";
  if (form && isField(node)) return `A field is filled in: ${formCall(form, node)}`;
  if (form && (node as HTMLInputElement).type === "submit")
    return `It submits its form, which has neither ${prefix}submit nor an action`;
  const around = node.parentElement?.closest(`[${prefix}click]`);
  return around ? `What it is in has: ${tagOf(around)}` : "";
}

/** Advice that may make a button usable. */
export function enablingHint(node: Element): string {
  const form = formOf(node);
  const isHeard = form && [...form.attributes].some(({ name }) => name.endsWith("-change"));
  return isHeard && /^(button|input)$/.test(node.localName) && !isField(node)
    ? `If what is filled in enables it: await ${formCall(form)}.change() before`
    : "";
}

/** Advice for a text in place of a selector of a form's button. */
export function submitterHint(
  form: HTMLFormElement,
  buttons: readonly HTMLInputElement[],
  text: string,
): string {
  const meant = buttons.find((button) =>
    [readText(button), button.getAttribute("value"), button.getAttribute("name")].includes(text.trim()),
  );
  if (!meant) return "";
  const [id, name, value] = ["id", "name", "value"].map((each) => meant.getAttribute(each));
  if (!name)
    return `It takes a selector. That button has no name: view.element("button", ${quote(text)}).click()`;
  const exact = typeof value !== "string" ? "" : `[value=${quote(value)}]`;
  const selector = id ? `#${id}` : `${meant.localName}[name=${quote(name)}]${exact}`;
  return `It takes a selector: ${formCall(form)}.submit('${selector}')`;
}

/** A hint as it stands at the end of a message. */
export const withHint = (message: string, hint: string) => (hint ? `${message}\n${hint}\n` : message);
