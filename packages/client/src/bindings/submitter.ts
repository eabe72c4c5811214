/** Forms that the browser sends after their view has seen them: as the button says by which they were submitted. */
import { invoke, read } from "../dom/native.ts";

type Field = HTMLInputElement;
type Entry = readonly [name: string, value: string];

/** By forms: the button that submitted one last, and its own entries. */
const submitted = new WeakMap<Element, readonly [button: Field, own: readonly Entry[]]>();
/** Takes back a button's changes of its form. */
const undos = new WeakMap<Element, () => void>();

/** @param entries of the form with its button */
export function noteSubmitter(form: Element, button: Field | undefined, entries: readonly Entry[]): void {
  undos.get(form)?.();
  undos.delete(form);
  submitted.delete(form);
  if (!button) return;
  const { type, name, value } = button;
  const start = name && `${name}.`;
  const own = (type === "image" ? [`${start}x`, `${start}y`] : [name]).flatMap((each) =>
    entries.filter(([of, is]) => of === each && (type === "image" || is === value)).slice(-1),
  );
  submitted.set(form, [button, own]);
}

/**
 * Copies the attributes of the submitting button to the form: a script cannot submit it by a button without
 * asking again.
 */
export function applySubmitter(form: HTMLFormElement): void {
  const [button, own] = submitted.get(form) ?? [];
  if (!button || !own) return;
  const added = own.map(([name, value]) => {
    const input = invoke(read(form, "ownerDocument"), "createElement", "input") as HTMLInputElement;
    input.type = "hidden";
    input.name = name;
    input.value = value;
    if (invoke(form, "contains", button)) button.before(input);
    else invoke(form, "append", input);
    return input;
  });
  const before = ["action", "method", "enctype", "target"].flatMap((name) => {
    const value = button.getAttribute(`form${name}`);
    if (value === null) return [];
    const was = invoke(form, "getAttribute", name);
    invoke(form, "setAttribute", name, value);
    return [[name, was] as const];
  });
  undos.set(form, () => {
    for (const input of added) input.remove();
    for (const [name, was] of before) {
      if (was === null) invoke(form, "removeAttribute", name);
      else invoke(form, "setAttribute", name, was);
    }
  });
}
