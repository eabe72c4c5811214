/** Forms across a lost connection: what a person had typed is sent to the view that is mounted anew. */
import { encodeFields } from "./forms.ts";

/** A form of a view that is being joined again. */
export interface Recovered {
  readonly el: HTMLFormElement;
  /** The event by which it is locked. */
  readonly ref: number;
  /** What it held, and which field comes first. */
  readonly fields: string;
  readonly target: string | undefined;
  /** The binding of the new form that is to be told. */
  binding: string;
  /** Looks for it in what the view renders now. @returns whether it goes on there */
  meets(to: ParentNode): boolean;
}

/** Components may have got other numbers. */
const withoutNumbers = (binding: string) => binding.replace(/,?"target":\d+/g, "");

export function collectForms(
  root: Element,
  prefix: string,
  owns: (el: Element) => boolean,
  nextRef: () => number,
): Recovered[] {
  const { document } = root.ownerDocument.defaultView as Window;
  return [...document.querySelectorAll<HTMLFormElement>(`form[id][${prefix}change]`)]
    .filter((el) => owns(el) && el.elements.length && el.getAttribute(`${prefix}auto-recover`) !== "ignore")
    .map((el) => {
      const change = el.getAttribute(`${prefix}change`) as string;
      const first = ([...el.elements] as HTMLInputElement[]).find(
        ({ name, type }) => name && type !== "hidden",
      );
      const recovered: Recovered = {
        el,
        ref: nextRef(),
        fields: encodeFields(el, undefined, prefix),
        target: first?.name,
        binding: "",
        meets(to) {
          const next = to.querySelector(`form[id="${el.getAttribute("id")?.replace(/["\\]/g, "\\$&")}"]`);
          const own = next?.getAttribute(`${prefix}change`);
          if (!next || !own || withoutNumbers(own) !== withoutNumbers(change)) return false;
          recovered.binding = next.getAttribute(`${prefix}auto-recover`) || own;
          return true;
        },
      };
      return recovered;
    });
}
