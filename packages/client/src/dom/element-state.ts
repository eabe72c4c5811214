/** What the client knows of an element and does not write into the page, and how it shows that it awaits an answer. */
import { applyDisabled, disable, enable } from "./disable.ts";
import { invoke, read } from "./native.ts";

interface State {
  /** Events that await their answers: classes by ref. */
  readonly loading: Map<number, string[]>;
  /** Fields of a form that are submitted with an event, by ref. */
  readonly fields: Map<number, Element[]>;
  /** The button that submits the form. */
  submitter: Element | null | undefined;
  composing: boolean;
}

const states = new WeakMap<Element, State>();

const stateOf = (el: Element): State => {
  let state = states.get(el);
  if (!state) {
    state = { loading: new Map(), fields: new Map(), submitter: undefined, composing: false };
    states.set(el, state);
  }
  return state;
};

const prefixes = new WeakMap<Document, string>();

/** Says how the names of a page's bindings begin, if not with `phx-`. */
export const setPrefix = (document: Document, prefix: string): void => void prefixes.set(document, prefix);

/** Says which button a form is about to be submitted by. */
export const setSubmitter = (form: Element, submitter: Element | null | undefined): void => {
  stateOf(form).submitter = submitter;
};

/**
 * Shows that an element's event awaits its answer: by a class, and by what `phx-disable-with` says. Of a form that is
 * submitted, fields are readonly and buttons disabled.
 */
export function addLoading(el: Element, ref: number, className: string): void {
  const { loading, fields, submitter } = stateOf(el);
  const prefix = prefixes.get(read(el, "ownerDocument")) ?? "phx-";
  loading.set(ref, [...(loading.get(ref) ?? []), className]);
  read(el, "classList").add(className);
  const text = invoke(el, "getAttribute", `${prefix}disable-with`);
  if (text !== null) disable(el, ref, "disabled", text);
  if (read(el, "localName") !== "form" || className !== "phx-submit-loading") return;
  const submitted = [...read(el as HTMLFormElement, "elements")].filter(
    (field) =>
      /^(input|textarea|button)$/.test(read(field, "localName")) &&
      !invoke(field, "closest", `[${prefix}update=ignore]`),
  );
  fields.set(ref, submitted);
  for (const field of submitted as HTMLInputElement[]) {
    const isButton = /^(submit|button|reset|image)$/.test(field.type);
    if (isButton && (submitter ?? field) === field && field.hasAttribute(`${prefix}disable-with`))
      addLoading(field, ref, className);
    else disable(field, ref, isButton || field.type === "file" ? "disabled" : "readonly");
  }
}

/** The event has its answer. A class stays as long as a newer event of the element needs it. */
export function removeLoading(el: Element, ref: number): void {
  const { loading, fields } = stateOf(el);
  const classes = loading.get(ref) ?? [];
  loading.delete(ref);
  const needed = loadingClasses(el);
  read(el, "classList").remove(...classes.filter((name) => !needed.includes(name)));
  if (!read(el, "classList").length) invoke(el, "removeAttribute", "class");
  enable(el, ref);
  const submitted = fields.get(ref) ?? [];
  fields.delete(ref);
  for (const field of submitted) removeLoading(field, ref);
}

/** Classes that a patch must not take away. */
export const loadingClasses = (el: Element): string[] => [...(states.get(el)?.loading.values() ?? [])].flat();

/** Keeps through a patch what shows that an answer is awaited. */
export function applyPending(from: Element, to: Element): void {
  const classes = loadingClasses(from);
  if (classes.length) read(to, "classList").add(...classes);
  applyDisabled(from, to);
}

export const isComposing = (el: Element): boolean => states.get(el)?.composing ?? false;

export const setComposing = (el: Element, composing: boolean): void => {
  stateOf(el).composing = composing;
};
