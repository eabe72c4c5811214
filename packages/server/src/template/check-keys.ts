/** Keys of lists that cannot tell one item from another, with the place of their list. */
import type { Key } from "./nodes.ts";
import { currentRenderContext } from "./render-context.ts";
import type { Slot } from "./slot.ts";

/** Tells of two items with the same key. */
export function reportEqualKeys(key: unknown, slot: Slot | undefined): void {
  const placer = currentRenderContext();
  if (!placer) return;
  const problem =
    wrongKey(key) ??
    `Two items of an each have the key ${JSON.stringify(String(key))}: when they move, one may be taken for the other. A key must be an item's own.`;
  if (placer.mistakes) placer.mistakes.add({ problem, ...placeOf(slot), certain: true });
  else placer.warnEqualKeys(problem);
}

/** Tells of the first key that is none, in development. */
export function checkKeys(keys: readonly Key[], slot: Slot | undefined): void {
  for (const key of keys) {
    const problem = wrongKey(key);
    if (!problem) continue;
    currentRenderContext()?.mistakes?.add({ problem, ...placeOf(slot), certain: true });
    return;
  }
}

const placeOf = (slot: Slot | undefined) => ({ source: slot?.source, at: slot?.at, site: slot?.site });

function wrongKey(key: unknown): string | undefined {
  if (typeof key === "string" || typeof key === "bigint" || (typeof key === "number" && !Number.isNaN(key)))
    return undefined;
  const shown =
    typeof key === "object" && key !== null
      ? "an object"
      : typeof key === "function"
        ? "a function"
        : String(key);
  return `The key of an item of an each is ${shown}, which tells no item from another. Write each(items, (item) => item.id, …), with what is the item's own: text or a number.`;
}
