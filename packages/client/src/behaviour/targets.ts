/** Which views, and which live components in them, an event goes to. */
import { findAll } from "../dom/native.ts";
import type { BoundView, Host } from "./host.ts";

export type Target = readonly [view: BoundView, component: number | undefined];

/**
 * @param source where the event comes from
 * @param target number of a component of the source's view, or a selector: then each match says where it belongs to;
 * neither: the source's view
 */
export function findTargets(
  { win, viewOf }: Pick<Host, "win" | "viewOf">,
  source: Element,
  target: number | string | null | undefined,
): readonly Target[] {
  const own = viewOf(source);
  if (target == null || target === "" || /^\d+$/.test(String(target)))
    return own ? [[own, Number(target) || undefined]] : [];
  const targets: Target[] = [];
  for (const el of findAll(win.document, String(target))) {
    const view = viewOf(el);
    if (view) targets.push([view, view.componentOf(el)]);
  }
  if (!targets.length)
    win.console.error(`Overwire: nothing in a view matches the target "${target}"`, source);
  return targets;
}
