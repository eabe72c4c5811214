/** Writing a client's tree, or one element of it, as HTML. */
import type { Instance, Value } from "./client-tree.ts";
import { ATTR_MARK } from "./constants.ts";
import { type Mark, openStep } from "./template-steps.ts";

/** Options of writing a tree that is about to be patched into a page. */
export interface Marking {
  /** Takes note of an instance whose elements are written with marks. */
  written(instance: Instance): void;
  /** HTML in place of an instance, undefined to write it whole. */
  standIn(instance: Instance): string | undefined;
}

/** Writes a value; with `marking`, each marked element bears `ATTR_MARK="<instance>.<mark>"`. */
export function stringify(value: Value, marking?: Marking): string {
  if (typeof value === "string") return value;
  if ("items" in value) return value.items.map((item) => stringify(item, marking)).join("");
  return marking?.standIn(value) ?? write(value, 0, value.template.steps.length, marking);
}

/** Writes one marked element of an instance. */
export function stringifyElement(instance: Instance, mark: number, marking?: Marking): string {
  const { first, last } = instance.template.marks[mark] as Mark;
  return write(instance, first, last, marking);
}

/** A start tag, and an end tag if the element has one, that stand for an element's place in a patch. */
export function emptyElement(instance: Instance, mark: number, attributes: string): string {
  const { tag, last } = instance.template.marks[mark] as Mark;
  const end = `</${tag}>`;
  const hasEnd = String(instance.template.steps[last - 1]).endsWith(end);
  return `<${tag} ${ATTR_MARK}="${instance.id}.${mark}" ${attributes}>${hasEnd ? end : ""}`;
}

function write(instance: Instance, first: number, last: number, marking: Marking | undefined): string {
  const { steps, marks } = instance.template;
  marking?.written(instance);
  let html = "";
  let mark = first === 0 ? 0 : marks.findIndex((each) => each.first === first);
  for (let at = first; at < last; at++) {
    const step = steps[at] as string | number;
    if (typeof step === "string") html += step;
    else if (step >= 0) html += stringify(instance.slots[step] as Value, marking);
    else if (marking && step === openStep(mark)) html += ` ${ATTR_MARK}="${instance.id}.${mark++}"`;
  }
  return html;
}
