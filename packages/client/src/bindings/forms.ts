/** Forms as they are sent: the browser's own entries, url-encoded, with their metadata. */
import { formOf } from "../dom/form-of.ts";
import { setSubmitter } from "../dom/loading-state.ts";
import { invoke, isElement, isForm, read } from "../dom/native.ts";
import { clearUsed, isUsedInput, markSubmitted, markUsed } from "../dom/used.ts";
import { UNUSED } from "../wire/constants.ts";
import { holdComposed } from "./composing.ts";
import type { Host, RunForm } from "./host.ts";
import { valueAttributes } from "./phx-value.ts";
import { noteSubmitter } from "./submitter.ts";

type Field = HTMLInputElement;
type Win = Window & typeof globalThis;
type Entry = readonly [name: string, value: string];

/** The fields of a form, or the field itself. */
const fieldsOf = (source: Element) => (isForm(source) ? [...read(source, "elements")] : [source]) as Field[];

/** The entries of a field without a form, of which a browser makes no list. */
function loneEntries(field: Field): readonly Entry[] {
  const { name, type, localName, value } = field;
  if (!name || type === "file" || field.matches(":disabled")) return [];
  if (localName === "select")
    return [...(field as unknown as HTMLSelectElement).options]
      .filter((option) => option.selected && !option.matches(":disabled"))
      .map((option) => [name, option.value]);
  const isOff = /^(checkbox|radio)$/.test(type) ? !field.checked : !/^(input|textarea)$/.test(localName);
  return isOff ? [] : [[name, value]];
}

/**
 * The entries that the browser itself would send, without files. Listeners of `formdata` have their say.
 * @param button counts as the one that submits the form
 */
function entriesOf(win: Win, form: HTMLFormElement, button: Field | undefined): readonly Entry[] {
  const type = button?.getAttribute("type");
  // A browser makes entries only of buttons that submit.
  const isOther = button && !/^(submit|image)$/.test(button.type);
  if (isOther) button.setAttribute("type", "submit");
  try {
    return [...new win.FormData(form, button)].filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    );
  } finally {
    if (isOther && type == null) button.removeAttribute("type");
    else if (isOther) button.setAttribute("type", type as string);
  }
}

/** Names whose fields are all still untouched by the user, who could have used them. */
function unusedNames(fields: readonly Field[], source: Element, target: Element | undefined, prefix: string) {
  const optOut = `${prefix}no-unused-field`;
  const names = new Set<string>();
  if (invoke(source, "hasAttribute", optOut)) return names;
  // A custom element may have no property for its name.
  const nameOf = (field: Field) => field.getAttribute("name") ?? "";
  for (const field of fields) if (field.type !== "hidden") names.add(nameOf(field));
  for (const field of fields)
    if (field === target || isUsedInput(field) || field.hasAttribute(optOut)) names.delete(nameOf(field));
  return names;
}

/**
 * The url-encoded fields of a form in the page's order, or of one field: then all of its name, as a checkbox
 * comes with others or with a hidden field for what it means unchecked. A button counts only if it is the one
 * that submits or changes the form, and is sent in its position.
 *
 * Submitting marks all fields as used, a change the field that it is of.
 * @param target the submitter, or the field that changed
 * @param change the client's prefix, if this is a change: `_unused_<name>` then precedes an untouched field
 */
export function encodeFields(win: Win, source: Element, target?: Element | null, change?: string): string {
  const name = invoke(source, "getAttribute", "name");
  const owner = isForm(source) ? source : formOf(source);
  const field = (target ?? undefined) as Field | undefined;
  if (change === undefined) markSubmitted(source);
  else if (field) markUsed(field);
  const isButton = owner && field?.form === owner && /^(button|submit|reset|image)$/.test(field.type);
  const button = isButton ? field : undefined;
  const entries = owner ? entriesOf(win, owner, button) : loneEntries(source as Field);
  if (change === undefined) noteSubmitter(source, button, entries);
  const unused =
    change === undefined
      ? new Set<string>()
      : unusedNames(fieldsOf(owner ?? source), owner ?? source, field, change);
  const pairs = entries
    .filter(([of]) => owner === source || of === name)
    .flatMap((entry) => {
      const [name] = entry;
      const marker = unused.delete(name)
        ? [[name.replace(/([^[\]]+)(\]?(\[\])?)$/, `${UNUSED}$1$2`), ""]]
        : [];
      return [...marker, [...entry]];
    });
  return new URLSearchParams(pairs).toString();
}

/** Reports a command that dispatches an event of a field on another element without a binding of its own. */
function refuseStray(event: Event, prefix: string): void {
  const { type, target, detail } = event as CustomEvent<{ readonly dispatcher?: Element } | undefined>;
  if (!detail?.dispatcher || !isElement(target) || invoke(target, "getAttribute", `${prefix}change`)) return;
  if (isForm(target) || !("form" in target || formOf(target)))
    throw new Error(`Overwire: a custom ${type} event is for a field of a form`);
}

/** Listens to forms that are reset. @returns a function that tells of a form's change or its submit */
export function createRunForm(host: Host): RunForm {
  const { win, prefix, metadata, commands } = host;
  // The button that resets a form stands for the change of all its fields, as soon as they have changed.
  win.addEventListener("reset", ({ target }) => {
    clearUsed(target as Element);
    const button = fieldsOf(target as Element).find(({ type }) => type === "reset");
    win.setTimeout(() => button?.dispatchEvent(new win.Event("input", { bubbles: true })));
  });
  for (const type of ["input", "change"]) win.addEventListener(type, (event) => refuseStray(event, prefix));
  const runForm: RunForm = (type, bound, source, event, submitter, target) => {
    if (type === "submit") setSubmitter(source, submitter);
    const fields = encodeFields(win, bound, submitter, type === "change" ? prefix : undefined);
    const meta = {
      ...(target !== undefined && { _target: target }),
      ...metadata[type]?.(event as never, source),
      ...valueAttributes(bound, prefix),
    };
    const binding = invoke(bound, "getAttribute", prefix + type) ?? "";
    commands.run(binding, { source, type, event, form: { fields, meta } });
  };
  return holdComposed(win, prefix, runForm);
}
