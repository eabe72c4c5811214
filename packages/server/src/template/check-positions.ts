/** Development's check of a tree that is kept: the places of what has come since the first paint. */
import { Raw } from "./raw.ts";
import { Living } from "./render-context.ts";
import { Instance, type Kept, List, Remembered } from "./rendered-tree.ts";
import type { Slot } from "./slot.ts";
import type { Place } from "./slot-position.ts";
import { StreamSource } from "./stream-render.ts";

/**
 * @param treeOf what a live component renders
 * @throws TemplateError for what cannot stand where it does
 */
export function checkPlaces(kept: Kept, place: Place, treeOf: (living: Living) => Kept): void {
  const check = (each: Kept) => checkPlaces(each, place, treeOf);
  if (kept instanceof Instance) {
    place.checkTemplate(kept.template);
    kept.slots.forEach((value, index) => {
      const slot = kept.template.slots[index] as Slot;
      if (!slot.inert && (slot.kind === "child" || slot.kind === "component"))
        checkPlaces(value, place.within(slot), treeOf);
    });
  } else if (kept instanceof List) kept.items.forEach(check);
  else if (kept instanceof Remembered) check(kept.value);
  else if (kept instanceof Living) check(treeOf(kept));
  else if (kept instanceof StreamSource) {
    for (const change of kept.taken) if ("i" in change) for (const [, item] of change.i) check(item as Kept);
  } else if (kept instanceof Raw) place.checkHtml(kept.html);
  else place.checkValue(kept);
}
