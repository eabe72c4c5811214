/** Radio buttons that stay chosen when they are patched, although a browser lets one of a name be chosen even for a moment. */
import { findAll, invoke } from "../dom/native.ts";
import { ATTR_RESET } from "../wire/constants.ts";
import type { KeepRadios } from "./fields.ts";

const RADIO = "input[type=radio]";

const radiosIn = (within: ParentNode) => findAll<HTMLInputElement>(within, RADIO);

const resetOf = (radio: Element) => invoke(radio, "getAttribute", ATTR_RESET);

/** Tells if the server says of a button if it is chosen, which it does not as long as it says the same. */
const isSaid = (radio: HTMLInputElement, old: HTMLInputElement | undefined) =>
  !old ||
  radio.defaultChecked !== old.defaultChecked ||
  (!!resetOf(radio) && resetOf(radio) !== resetOf(old));

/**
 * A browser lets one button of a name be chosen, also for a moment: as long as rows are given their new names one by one,
 * or a new one stands before others that are to change theirs. So which are chosen is noted before, and put right after.
 */
export function createKeepRadios(document: Document): KeepRadios {
  let restore: (() => void) | undefined;
  return (to, after) => {
    // It may be noted since the same change has begun.
    if (after.includes(restore as () => void) || !(invoke(to, "matches", RADIO) || radiosIn(to)[0])) return;
    const before = new Map(radiosIn(document).map((radio) => [radio, radio.cloneNode() as HTMLInputElement]));
    restore = () => {
      const now = radiosIn(document);
      const said = new Set(now.filter((radio) => isSaid(radio, before.get(radio))));
      for (const radio of now)
        if (!said.has(radio) && before.get(radio)?.checked && !radio.checked) radio.checked = true;
      for (const radio of said) if (radio.defaultChecked && !radio.checked) radio.checked = true;
    };
    after.push(restore);
  };
}
