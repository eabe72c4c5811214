/** Targets of events: views, and live components in them. */
import { formOf } from "../dom/form-of.ts";
import { findAll, invoke, read } from "../dom/native.ts";
import { keepSubmitted } from "../patch/submitted.ts";
import type { CommandContext, Host } from "./host.ts";
import { ownTarget, type PushArgs, push, type Target } from "./push.ts";

/**
 * @param source element of the event
 * @param target number of a component of the source's view, or a selector: then each match says where it
 *   belongs to; neither: the source's view
 */
export function findTargets(
  host: Pick<Host, "win" | "viewOf">,
  source: Element,
  target: number | string | null | undefined,
): readonly Target[] {
  const own = ownTarget(host, source, target);
  if (own) return own;
  const { win, viewOf } = host;
  const targets: Target[] = [];
  for (const el of findAll(win.document, String(target))) {
    const view = viewOf(el);
    if (view) targets.push([view, view.componentOf(el)]);
  }
  if (!targets.length)
    win.console.error(`Overwire: nothing in a view matches the target "${target}"`, source);
  return targets;
}

/**
 * @returns a function that pushes an event; `ahead` shows something in advance and returns a function that
 *   takes it back
 */
export function createPush(host: Pick<Host, "win" | "prefix" | "viewOf" | "extraValues">) {
  const { win, prefix } = host;
  return (args: PushArgs, context: CommandContext, ahead?: () => () => void): void => {
    const { source, type } = context;
    // The change of a field is told by its form, if it has no binding of its own.
    const form = type === "change" ? formOf(source) : null;
    const bound = (!invoke(source, "hasAttribute", `${prefix}change`) && form) || source;
    const given = args.target ?? invoke(bound, "getAttribute", `${prefix}target`);
    const targets = findTargets(host, source, given);
    const undo = targets.length ? ahead?.() : undefined;
    const chosen = args.loading ? findAll(win.document, args.loading) : undefined;
    const loading = form ? [form, ...(chosen ?? [])] : chosen;
    const submitted = type === "submit" && {
      // Its fields, as the form itself may be patched.
      locks: [...(read(source as HTMLFormElement, "elements") ?? []), ...(loading ?? [])],
      done: keepSubmitted(source),
    };
    push(host, args, context, targets, { loading, undo, ...submitted });
  };
}
