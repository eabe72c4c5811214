/** Forms across a lost connection: the user's input is sent to the view that is mounted anew. */
import { isLocked, lock, unlock } from "../dom/locks.ts";
import { findAll, invoke, read } from "../dom/native.ts";
import { markUsed } from "../dom/used.ts";
import { mergeAttributes } from "../patch/fields.ts";
import type { FormMeta } from "../wire/frames.ts";
import { encodeFields } from "./forms.ts";
import type { Commands, Host } from "./host.ts";
import { valueAttributes } from "./phx-value.ts";

/** The forms of a view that is being joined again; nothing touches them until they have been told. */
export interface Recovery {
  /** Reads the view's new rendering. Forms without a place there are not recovered. */
  meet(to: ParentNode): void;
  /** Tells the view their contents. @param show changes the page */
  tell(show: (change: () => void) => void): void;
}

/** @param nextRef makes the number of an event, for a lock */
export type Recover = (owns: (el: Element) => boolean, nextRef: () => number) => Recovery;

/** Forms that were filled before the client began: by the browser on the way back to a page, or by the user meanwhile. */
export type TellFilled = (el: Element) => void;

/** Components may have got other numbers. */
const withoutNumbers = (binding: string) => binding.replace(/,?"target":\d+/g, "");

/** @returns a function that tells a view of the fields of a form, as if one had changed */
function createTell({ win, prefix }: Pick<Host, "win" | "prefix">, commands: Commands) {
  return (el: HTMLFormElement, fields = encodeFields(win, el, undefined, prefix)) => {
    const first = ([...read(el, "elements")] as HTMLInputElement[]).find(
      ({ name, type, localName }) =>
        name && type !== "hidden" && !/^(fieldset|output|object)$/.test(localName),
    );
    const meta: FormMeta = { ...(first && { _target: first.name }), ...valueAttributes(el, prefix) };
    const binding =
      invoke(el, "getAttribute", `${prefix}auto-recover`) ||
      (invoke(el, "getAttribute", `${prefix}change`) as string);
    commands.run(binding, { source: el, type: "change", form: { fields, meta } });
  };
}

/** Tells if another option is chosen than the page chose. */
function isChosen(select: HTMLSelectElement): boolean {
  const options = [...select.options];
  const presets = options.filter((option) => option.hasAttribute("selected"));
  const usual =
    presets.at(-1) ?? (select.size > 1 ? undefined : options.find((option) => !option.matches(":disabled")));
  return options.some((option) =>
    select.multiple ? option.selected !== presets.includes(option) : option.selected && option !== usual,
  );
}

/** Tells if a field has another value than the page gave it. */
function isFilled(field: HTMLInputElement | HTMLSelectElement): boolean {
  if (field.localName === "select") return isChosen(field as HTMLSelectElement);
  if (!/^(input|textarea)$/.test(field.localName) || field.type === "file") return false;
  // A browser may correct a default, such as an invalid number: it is the default still.
  const form = invoke(read(field, "ownerDocument"), "createElement", "form") as HTMLFormElement;
  const fresh = field.cloneNode(true) as HTMLInputElement;
  invoke(form, "append", fresh);
  invoke(form, "reset");
  return field.value !== fresh.value || (field as HTMLInputElement).checked !== fresh.checked;
}

/** @returns a function that tells a view of a form that came with the page, once */
export function createTellFilled(host: Pick<Host, "win" | "prefix">, commands: Commands): TellFilled {
  const tell = createTell(host, commands);
  const seen = new WeakSet<Element>();
  const selector = `form[id][${host.prefix}change]:not([${host.prefix}auto-recover=ignore])`;
  return (el) => {
    if (seen.has(el) || !invoke(el, "matches", selector)) return;
    seen.add(el);
    const form = el as HTMLFormElement;
    const fields = [...read(form, "elements")] as HTMLInputElement[];
    const filled = fields.filter(isFilled);
    if (!filled.length) return;
    // Changes that waited for the features are told first, and tell all.
    queueMicrotask(() =>
      queueMicrotask(() => {
        if (isLocked(form)) return;
        filled.forEach(markUsed);
        tell(form);
      }),
    );
  };
}

export function createRecover(host: Pick<Host, "win" | "prefix">, commands: Commands): Recover {
  const { win, prefix } = host;
  const tell = createTell(host, commands);
  const { document } = win;
  const change = `${prefix}change`;
  const autoRecover = `${prefix}auto-recover`;

  return (owns, nextRef) => {
    const ref = nextRef();
    const forms = findAll<HTMLFormElement>(document, `form[id][${change}]`)
      .filter(
        (el) =>
          owns(el) && read(el, "elements").length && invoke(el, "getAttribute", autoRecover) !== "ignore",
      )
      .map((el) => ({ el, fields: encodeFields(win, el, undefined, prefix) }));
    for (const { el } of forms) lock(el, ref);
    let met: typeof forms | undefined;

    return {
      meet(to) {
        met ??= forms.filter(({ el }) => {
          const next = invoke(
            to,
            "querySelector",
            `form[id="${invoke(el, "getAttribute", "id")?.replace(/["\\]/g, "\\$&")}"]`,
          );
          const [is, was] = [next, el].map((form) =>
            withoutNumbers((form && invoke(form, "getAttribute", change)) ?? ""),
          );
          if (!next || is !== was) {
            unlock(el, ref);
            return false;
          }
          // It is left alone for now, but its binding has to be that of the new view.
          mergeAttributes(el, next, "", prefix);
          return true;
        });
      },
      tell(show) {
        for (const { el, fields } of met ?? []) {
          tell(el, fields);
          // If that tells the server nothing there is no answer to wait for.
          show(() => unlock(el, ref));
        }
      },
    };
  };
}
