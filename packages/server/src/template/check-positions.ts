/** Development's check of a tree that is kept: the positions of content since the first paint. */
import { Raw } from "./raw.ts";
import { ComponentSlot } from "./render-context.ts";
import { type Rendered, RenderedList, RenderedMemo, RenderedTemplate } from "./rendered-tree.ts";
import type { Slot } from "./slot.ts";
import type { SlotPosition } from "./slot-position.ts";
import { StreamQueue } from "./stream-render.ts";

/**
 * @param treeOf returns the tree of a live component
 * @throws TemplateError for content that its position does not allow
 */
export function checkPositions(
  kept: Rendered,
  place: SlotPosition,
  treeOf: (component: ComponentSlot) => Rendered,
): void {
  const check = (each: Rendered) => checkPositions(each, place, treeOf);
  if (kept instanceof RenderedTemplate) {
    place.checkTemplate(kept.template);
    kept.slots.forEach((value, index) => {
      const slot = kept.template.slots[index] as Slot;
      if (!slot.inert && (slot.kind === "child" || slot.kind === "component"))
        checkPositions(value, place.within(slot), treeOf);
    });
  } else if (kept instanceof RenderedList) kept.items.forEach(check);
  else if (kept instanceof RenderedMemo) check(kept.value);
  else if (kept instanceof ComponentSlot) check(treeOf(kept));
  else if (kept instanceof StreamQueue) {
    for (const change of kept.taken)
      if ("i" in change) for (const [, item] of change.i) check(item as Rendered);
  } else if (kept instanceof Raw) place.checkHtml(kept.html);
  else place.checkValue(kept);
}
