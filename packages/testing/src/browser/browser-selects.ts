/** Selects as browsers have them: of several selected options the last one counts. */
import { type HTMLOptionElement, type HTMLSelectElement, PropertySymbol, type Window } from "happy-dom";

interface Updating {
  [PropertySymbol.updateSelectedness](chosen?: HTMLOptionElement | null): void;
}

/** Mends happy-dom's class of selects, which all windows share: to be called once. */
export function mendSelectClass({ HTMLSelectElement }: Window): void {
  const select = HTMLSelectElement.prototype as unknown as Updating;
  const update = select[PropertySymbol.updateSelectedness];
  select[PropertySymbol.updateSelectedness] = function (this: HTMLSelectElement & Updating, chosen) {
    // happy-dom takes the option whose place is the number of the selected ones.
    update.call(this, chosen ?? (this.multiple ? undefined : lastOfSeveral(this)));
  };
}

function lastOfSeveral(select: HTMLSelectElement): HTMLOptionElement | undefined {
  const selected = Array.from(select.options).filter((option) => option.selected);
  return selected.length > 1 ? selected.at(-1) : undefined;
}
