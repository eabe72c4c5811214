/** Client commands: those that the server's `JS` writes into bindings, run in the page. */

import type { CommandContext, Commands, Host } from "../bindings/host.ts";
import { readBinding } from "../bindings/push.ts";
import { createPush } from "../bindings/targets.ts";
import { findAll, invoke, read } from "../dom/native.ts";
import type { Rollback } from "../dom/sticky.ts";
import { createAttributeCommands } from "./attributes.ts";
import type { Args, Command, CommandSet, To } from "./command.ts";
import { dialogCommands } from "./dialogs.ts";
import { createEffectCommands } from "./effects.ts";
import { createFocusCommands } from "./focus.ts";

function select(to: To | undefined, source: Element): readonly Element[] {
  if (!to) return [source];
  if (typeof to === "string") return findAll(read(source, "ownerDocument"), to);
  if ("inner" in to) return findAll(source, to.inner);
  const closest = invoke(source, "closest", to.closest);
  return closest ? [closest] : [];
}

export function createCommands(
  host: Pick<Host, "win" | "prefix" | "views" | "viewOf" | "extraValues" | "navigate" | "hold"> &
    Partial<Pick<Host, "foundNothing">>,
): Commands {
  const send = createPush(host);

  const go =
    (kind: "navigate" | "patch"): Command =>
    (_el, { href = "", replace }, _undos, { source, type, event }) =>
      host.navigate(kind, href, { replace, ...(event && { source, type }) });

  const push: Command = (_el, args, _undos, context) => {
    const { optimistic } = args;
    const begin =
      optimistic &&
      (() => {
        const taken: Rollback = [];
        run(optimistic, context, taken);
        return () => {
          for (const back of taken.splice(0)) back();
        };
      });
    send(args, context, begin);
  };

  const commands: CommandSet = {
    ...createEffectCommands(host),
    ...createAttributeCommands(host),
    ...createFocusCommands(host),
    ...dialogCommands,
    push,
    dispatch(el, { event = "", detail, bubbles, blocking }, _undos, { source }) {
      const isClick = event === "click";
      let done: unknown;
      if (blocking) host.hold(new Promise((resolve) => (done = resolve)));
      const init = {
        // A click that opens the choice of a file is that element's own business.
        bubbles: bubbles ?? !(isClick && read(el as HTMLInputElement, "type") === "file"),
        cancelable: true,
        detail: { ...detail, dispatcher: source, ...(blocking && { done }) },
      };
      invoke(
        el,
        "dispatchEvent",
        isClick
          ? new host.win.MouseEvent(event, { ...init, detail: 0 })
          : new host.win.CustomEvent(event, init),
      );
    },
    exec(el, { attr }, undos, context) {
      const binding = invoke(el, "getAttribute", attr as string);
      if (!binding)
        throw new Error(`Overwire: exec found no commands in ${attr} of <${read(el, "localName")}>`);
      const { form, payload, ...rest } = context;
      run(binding, el === context.source ? context : { ...rest, source: el }, undos);
    },
    navigate: go("navigate"),
    patch: go("patch"),
  };

  const run = (binding: string | readonly unknown[], context: CommandContext, undos?: Rollback): void => {
    for (const [op, args = {}] of readBinding<Args>(binding)) {
      const command = commands[op];
      if (!command) throw new Error(`Overwire: there is no command "${op}"`);
      const found = select(args.to, context.source);
      if (!found.length) host.foundNothing?.(op, args.to, context.source);
      for (const el of found) command(el, args, undos, context);
    }
  };

  return { run };
}
