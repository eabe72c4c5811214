/** Elements that await an answer, with all signs of it: classes, and elements that are disabled or have another text meanwhile. */
import { disable, enable } from "./disable.ts";
import { addLoading, removeLoading } from "./element-state.ts";
import { invoke, read } from "./native.ts";

/** Fields of forms that are submitted with an event, by its ref. */
const submitted = new WeakMap<Element, Map<number, readonly Element[]>>();
/** By forms: the button that submits one. */
const submitters = new WeakMap<Element, Element | null | undefined>();
const prefixes = new WeakMap<Document, string>();

/** Says how the names of a page's bindings begin, if not with `phx-`. */
export const setPrefix = (document: Document, prefix: string): void => void prefixes.set(document, prefix);

/** Says which button a form is about to be submitted by. */
export const setSubmitter = (form: Element, submitter: Element | null | undefined): void =>
  void submitters.set(form, submitter);

/** Signs of elements that wait. */
export interface LoadingState {
  showLoading(el: Element, ref: number, className: string): void;
  /** The event has its answer: signs that no other event needs are taken back. */
  endLoading(el: Element, ref: number): void;
}

/**
 * Shows that an element's event awaits its answer: by a class, and by the text of `phx-disable-with`. Of a
 * form that is submitted, fields are readonly and buttons disabled.
 */
export const showLoading: LoadingState["showLoading"] = (el, ref, className) => {
  addLoading(el, ref, className);
  const prefix = prefixes.get(read(el, "ownerDocument")) ?? "phx-";
  const text = invoke(el, "getAttribute", `${prefix}disable-with`);
  if (text !== null) disable(el, ref, "disabled", text);
  if (read(el, "localName") !== "form" || className !== "phx-submit-loading") return;
  const fields = [...read(el as HTMLFormElement, "elements")].filter(
    (field): field is HTMLInputElement =>
      /^(input|textarea|button)$/.test(read(field, "localName")) &&
      !invoke(field, "closest", `[${prefix}update=ignore]`),
  );
  submitted.set(el, (submitted.get(el) ?? new Map<number, readonly Element[]>()).set(ref, fields));
  const submitter = submitters.get(el);
  for (const field of fields) {
    const isButton = /^(submit|button|reset|image)$/.test(field.type);
    if (isButton && (submitter ?? field) === field && field.hasAttribute(`${prefix}disable-with`))
      showLoading(field, ref, className);
    else disable(field, ref, isButton || field.type === "file" ? "disabled" : "readonly");
  }
};

export const endLoading: LoadingState["endLoading"] = (el, ref) => {
  removeLoading(el, ref);
  enable(el, ref);
  const fields = submitted.get(el)?.get(ref) ?? [];
  submitted.get(el)?.delete(ref);
  for (const field of fields) endLoading(field, ref);
};
