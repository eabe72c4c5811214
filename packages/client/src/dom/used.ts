/** Fields that the user has used: only their errors are worth showing. */
import { read } from "./native.ts";

const used = new WeakSet<Element>();

/** A change of it was sent. */
export const markUsed = (el: Element): void => void used.add(el);

const elementsOf = (form: Element): Element[] => [...(read(form as HTMLFormElement, "elements") ?? [])];

/** Submitting a form uses all that is in it. */
export const markSubmitted = (form: Element): void => elementsOf(form).forEach(markUsed);

/** Makes a form that is reset, or one field, untouched again. */
export const clearUsed = (el: Element): void => {
  for (const each of [el, ...elementsOf(el)]) used.delete(each);
};

/** Tells if a change of the field was sent, or its form submitted, since its form was last reset. */
export const isUsedInput = (el: Element): boolean => used.has(el);
