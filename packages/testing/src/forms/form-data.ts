/** The entry list of a form as browsers make it, in place of happy-dom's, which knows neither fieldsets nor several choices. */
import type {
  Element,
  File,
  FormData,
  HTMLFormElement,
  HTMLInputElement,
  HTMLSelectElement,
  Window,
} from "happy-dom";

type Field = HTMLInputElement;

/** If a browser takes a field for disabled: by itself, or by a fieldset around it, but for what is in its first legend. */
export function isDisabled(field: Element): boolean {
  if (field.hasAttribute("disabled")) return true;
  for (let at = field.parentElement; at; at = at.parentElement) {
    if (!at.matches("fieldset[disabled]")) continue;
    const legend = [...at.children].find(({ localName }) => localName === "legend");
    if (!legend?.contains(field)) return true;
  }
  return false;
}

const controls = /^(button|input|select|textarea|fieldset|optgroup|option)$/;

/** If an element is one that can be disabled, and is: other elements in a disabled fieldset are not. */
export const isDisabledControl = (element: Element): boolean =>
  (controls.test(element.localName) || element.localName.includes("-")) && isDisabled(element);

const isChosen = (option: Element) =>
  !option.hasAttribute("disabled") && !option.closest("optgroup")?.hasAttribute("disabled");

const directional = /^(hidden|text|search|tel|url|email|password|submit|reset|button|textarea)$/;

type Entry = readonly [name: string, value: string | File];

function entriesOf(field: Field, submitter: Element | undefined): readonly Entry[] {
  const { type, localName } = field;
  const name = field.getAttribute("name") ?? "";
  if (isDisabled(field) || field.closest("datalist")) return [];
  const isButton = localName === "button" || /^(submit|image|reset|button)$/.test(type);
  if (isButton && field !== submitter) return [];
  if (type === "image") {
    const start = name && `${name}.`;
    return [
      [`${start}x`, "0"],
      [`${start}y`, "0"],
    ];
  }
  if (!name) return [];
  if (localName === "select")
    return [...(field as unknown as HTMLSelectElement).options]
      .filter((option) => option.selected && isChosen(option))
      .map(({ value }) => [name, value] as const);
  if (!/^(input|textarea|button)$/.test(localName)) return [];
  if (/^(checkbox|radio)$/.test(type))
    return field.checked ? [[name, field.getAttribute("value") ?? "on"]] : [];
  if (type === "file") return [...(field.files ?? [])].map((file) => [name, file] as const);
  const value = type === "hidden" && /^_charset_$/i.test(name) ? "UTF-8" : field.value;
  const direction = directional.test(type) && field.getAttribute("dirname");
  const around = field.closest("[dir]")?.getAttribute("dir");
  return direction
    ? [
        [name, value],
        [direction, around === "rtl" ? "rtl" : "ltr"],
      ]
    : [[name, value]];
}

const FOLLOWING = 4;

/** Fields and buttons of a form in the order of the page: also those outside of it, not those inside that name another form. */
export function controlsOf(form: HTMLFormElement): Field[] {
  const id = form.getAttribute("id");
  return ([...form.elements] as unknown as Field[])
    .filter((field) => (field.getAttribute("form") ?? id) === id)
    .sort((a, b) => (a.compareDocumentPosition(b) & FOLLOWING ? -1 : 1));
}

/** Gives a window the entry lists of browsers; listeners of `formdata` are asked. */
export function mendFormData(window: Window): void {
  const Own = window.FormData as unknown as new () => FormData;
  class BrowserFormData extends Own {
    constructor(form?: HTMLFormElement, submitter?: Element | null) {
      super();
      if (!form) return;
      for (const field of controlsOf(form))
        for (const [name, value] of entriesOf(field, submitter ?? undefined)) this.append(name, value);
      const event = new window.Event("formdata", { bubbles: true });
      form.dispatchEvent(Object.assign(event, { formData: this }));
    }
  }
  Object.defineProperty(window, "FormData", {
    configurable: true,
    writable: true,
    value: BrowserFormData,
  });
}
