/** Targets of a patch: the smallest elements that show a change, so that all others stay as they are. */
import { read } from "../dom/native.ts";
import type { Change, Holder } from "../wire/client-tree.ts";
import { defer, guardOf, isHeld } from "./deferred.ts";
import { ancestors, elementOf } from "./element-index.ts";
import { setsId } from "./html.ts";
import type { PatchContext } from "./patch-context.ts";

/** The smallest element known to hold a slot: the one it stands in, or one around it. */
export function findTarget(context: PatchContext, { instance, slot, old }: Change): Element | undefined {
  // With another id it may be another element, which stands elsewhere.
  let isId = setsId(instance, slot, old);
  for (let at: Holder | undefined = instance, inside = slot; at; inside = at.at, at = at.parent) {
    if ("keys" in at) continue;
    const { holders, marks } = at.template;
    for (let mark = holders[inside] as number; mark >= 0; mark = marks[mark]?.parent ?? -1) {
      const element = elementOf(context, at, mark);
      // The chosen option is a matter of the whole select.
      if (element && !isId && !/^opt/.test(read(element, "localName"))) return element;
      isId = false;
    }
  }
  return undefined;
}

/**
 * Marks an element to be patched when all changes are known, or to be patched later if something guards it.
 * @param otherwise may show the change at once. @returns true if it did
 */
export function markForPatch(context: PatchContext, element: Element, otherwise?: () => boolean): void {
  const guard = guardOf(context, element);
  if (guard && (isHeld(context, guard) || (guard !== element && context.policy.isEdited(guard))))
    defer(context, guard, true);
  else if (guard ? guard === element : !otherwise?.()) context.toPatch.add(element);
}

/** Elements that are in no other of them. */
export const outermost = (context: PatchContext, elements: ReadonlySet<Element>): Element[] =>
  [...elements].filter(
    (element) => !ancestors(context, element).some((at) => at !== element && elements.has(at)),
  );
