/** Forms across a lost connection: what a person had typed is sent to the view that is mounted anew. */
import type { FormMeta } from "@overwire/server/wire";
import { lock, unlock } from "../dom/locks.ts";
import { findAll, invoke, read } from "../dom/native.ts";
import { mergeAttributes } from "../patch/fields.ts";
import { encodeFields } from "./forms.ts";
import type { Commands, Host } from "./host.ts";
import { valueAttributes } from "./values.ts";

/** The forms of a view that is being joined again; nothing touches them until they have been told. */
export interface Recovery {
  /** Is shown what the view renders now. What has no place there is not recovered. */
  meet(to: ParentNode): void;
  /** Tells the view what they held. @param show changes the page */
  tell(show: (change: () => void) => void): void;
}

/** @param nextRef makes the number of an event, for a lock */
export type Recover = (owns: (el: Element) => boolean, nextRef: () => number) => Recovery;

/** Components may have got other numbers. */
const withoutNumbers = (binding: string) => binding.replace(/,?"target":\d+/g, "");

export function createRecover({ win, prefix }: Pick<Host, "win" | "prefix">, commands: Commands): Recover {
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
          // It is left alone for now, but what it is bound to has to be the new view.
          mergeAttributes(el, next, "", prefix);
          return true;
        });
      },
      tell(show) {
        for (const { el, fields } of met ?? []) {
          const first = ([...read(el, "elements")] as HTMLInputElement[]).find(
            ({ name, type, localName }) =>
              name && type !== "hidden" && !/^(fieldset|output|object)$/.test(localName),
          );
          const meta: FormMeta = { ...(first && { _target: first.name }), ...valueAttributes(el, prefix) };
          const binding =
            invoke(el, "getAttribute", autoRecover) || (invoke(el, "getAttribute", change) as string);
          commands.run(binding, { source: el, type: "change", form: { fields, meta } });
          // Where that tells the server nothing there is no answer to wait for.
          show(() => unlock(el, ref));
        }
      },
    };
  };
}
