/** Forms as they are sent: url-encoded, with what goes with them. */
import { UNUSED } from "@overwire/server/wire";
import { isUsedInput, markSubmitted, markUsed } from "../dom/used.ts";
import type { Host, RunForm } from "./host.ts";
import { valueAttributes } from "./values.ts";

type Field = HTMLInputElement;

const isDisabled = (el: Element) =>
  el.matches(":disabled") || (el.closest("fieldset[disabled]") && !el.closest("legend"));

/** What a field contributes. By hand rather than by FormData, which knows neither a single field nor gets all of it right everywhere. */
function valuesOf(field: Field, submitter: Element | null | undefined): readonly string[] {
  const { type, localName } = field;
  if (!field.name || isDisabled(field)) return [];
  if (localName === "button" || /^(submit|button|image|reset)$/.test(type))
    return field === submitter ? [field.value] : [];
  if (localName === "select")
    return [...(field as unknown as HTMLSelectElement).options]
      .filter((option) => option.selected && !isDisabled(option))
      .map(({ value }) => value);
  if (localName === "input" || localName === "textarea") {
    if (type === "file") return [];
    return /^(checkbox|radio)$/.test(type) && !field.checked ? [] : [field.value];
  }
  // A custom element that takes part in forms: only the browser knows what it sends. (A fieldset or an output sends nothing.)
  const { form } = field;
  if (!localName.includes("-")) return [];
  const data = form && new (form.ownerDocument.defaultView as Window & typeof globalThis).FormData(form);
  return data ? data.getAll(field.name).filter((value) => typeof value === "string") : [];
}

/** Names of which every field is one that nobody has used, and could have. */
function unusedNames(fields: readonly Field[], source: Element, target: Element | undefined, prefix: string) {
  const optOut = `${prefix}no-unused-field`;
  const names = new Set<string>();
  if (source.hasAttribute(optOut)) return names;
  for (const { name, type } of fields) if (type !== "hidden") names.add(name);
  for (const field of fields)
    if (field === target || isUsedInput(field) || field.hasAttribute(optOut)) names.delete(field.name);
  return names;
}

/**
 * The url-encoded fields of a form in the page's order, or of one field: then all of its name, as a checkbox comes with
 * others or with a hidden field for what it means unchecked. A button counts only if it is the one that
 * submits or changes the form, and stands where it is.
 *
 * Submitting marks all fields as used, a change the field that it is of.
 * @param target what submits the form, or the field that changed
 * @param change the client's prefix, if this is a change: `_unused_<name>` then stands before what nobody has used
 */
export function encodeFields(source: Element, target?: Element | null, change?: string): string {
  const { form, name } = source as Field;
  const fields = (
    source.localName === "form"
      ? [...(source as HTMLFormElement).elements]
      : form
        ? [...form.elements].filter((field) => (field as Field).name === name)
        : [source]
  ) as Field[];
  if (change === undefined) markSubmitted(source);
  else if (target) markUsed(target);
  const unused =
    change === undefined
      ? new Set<string>()
      : unusedNames(fields, form ?? source, target ?? undefined, change);
  const pairs = fields.flatMap((field) =>
    valuesOf(field, target).flatMap((value) => {
      const { name } = field;
      const marker = unused.delete(name)
        ? [[name.replace(/([^[\]]+)(\]?(\[\])?)$/, `${UNUSED}$1$2`), ""]]
        : [];
      return [...marker, [name, value]];
    }),
  );
  return new URLSearchParams(pairs).toString();
}

/** @returns what tells of a form's change or its submit */
export function createRunForm(host: Host): RunForm {
  const { prefix, metadata, commands } = host;
  return (type, bound, source, event, submitter, target) => {
    const fields = encodeFields(bound, submitter, type === "change" ? prefix : undefined);
    const meta = {
      ...(target !== undefined && { _target: target }),
      ...metadata[type]?.(event as never, source),
      ...valueAttributes(bound, prefix),
    };
    const binding = bound.getAttribute(prefix + type) ?? "";
    commands.run(binding, { source, type, event, form: { fields, meta } });
  };
}
