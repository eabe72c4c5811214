/** Input methods: unfinished compositions are no change yet. */
import { isComposing, setComposing } from "../dom/element-state.ts";
import { formOf } from "../dom/form-of.ts";
import { invoke, isElement, read } from "../dom/native.ts";
import type { RunForm } from "./host.ts";

/** Has it all, step by step: on a field, or on a form for all its fields. */
export const allSteps = (prefix: string): string => `${prefix}while-composing`;

/** Holds changes back while a field of their form is composed in. At the end of that each is told once, with what there is then. */
export function holdComposed(win: Window, prefix: string, runForm: RunForm): RunForm {
  /** By what changed. */
  const held = new Map<Element, () => void>();
  /** Value at the end of a composition: some browsers report it once more afterwards. */
  const told = new WeakMap<Element, string>();

  const end = ({ type, target }: Event) => {
    // A browser that takes the field out of use may not tell of the end.
    if (type === "focusout" && !(isElement(target) && isComposing(target))) return;
    setComposing(target as Element, false);
    for (const [el, run] of held) {
      if (el === target) told.set(el, (el as HTMLInputElement).value);
      if (read(el, "isConnected")) run();
    }
    held.clear();
  };
  for (const type of ["compositionend", "focusout"]) win.addEventListener(type, end);

  return (type, bound, source, ...rest) => {
    if (type === "submit") return runForm(type, bound, source, ...rest);
    const form = formOf(source);
    const fields = form ? [...read(form, "elements"), source] : [source];
    const wantsAll = [source, form].some((el) => el && invoke(el, "hasAttribute", allSteps(prefix)));
    const run = () => runForm(type, bound, source, ...rest);
    const before = told.get(source);
    told.delete(source);
    if (!wantsAll && fields.some(isComposing)) held.set(source, run);
    else if (before === undefined || before !== (source as HTMLInputElement).value) run();
  };
}

/** If a key is pressed for the input method. Safari tells of the key that ends a composition after its end. */
export const isForComposing = ({ isComposing, keyCode, key }: KeyboardEvent): boolean =>
  isComposing || (keyCode === 229 && key !== "Unidentified");
