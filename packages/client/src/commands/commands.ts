/** Client commands: those that the server's `JS` writes into bindings, run in the page. */

import type { BoundView, CommandContext, Commands, Host } from "../bindings/host.ts";
import { type PushArgs, readBinding } from "../bindings/push.ts";
import { createPush } from "../bindings/targets.ts";
import { createEffects, type EffectOptions, type Names, namesOf, type Transition } from "../dom/effects.ts";
import { focusFirst } from "../dom/focus-first.ts";
import { nextFrame } from "../dom/frame.ts";
import { findAll, invoke, read } from "../dom/native.ts";
import { ignoreAttributes, type Rollback, setAttribute } from "../dom/sticky.ts";
import { isUnsafe } from "../dom/unsafe.ts";

/** Elements that a command is for: a selector in the whole page, or from the command's own element. */
export type To = string | { readonly inner: string } | { readonly closest: string };

/** Options of all commands together, under their names on the wire. */
interface Args extends EffectOptions, PushArgs {
  readonly to?: To;
  readonly display?: string;
  readonly in?: Transition;
  readonly out?: Transition;
  readonly names?: Names;
  /** A name, or one with values, of which commands are lists. */
  readonly attr?: string | readonly unknown[];
  readonly optimistic?: readonly unknown[];
  readonly detail?: object;
  readonly bubbles?: boolean;
  readonly href?: string;
  readonly replace?: boolean;
}

type Field = HTMLInputElement;

type Command = (el: Element, args: Args, context: CommandContext, undos: Rollback | undefined) => void;

function select(to: To | undefined, source: Element): readonly Element[] {
  if (!to) return [source];
  if (typeof to === "string") return findAll(read(source, "ownerDocument"), to);
  if ("inner" in to) return findAll(source, to.inner);
  const closest = invoke(source, "closest", to.closest);
  return closest ? [closest] : [];
}

function asDialog(el: Element, op: string): HTMLDialogElement {
  const name = read(el, "localName");
  if (name !== "dialog") throw new Error(`Overwire: ${op} is for a <dialog>, not for a <${name}>`);
  return el as HTMLDialogElement;
}

export function createCommands(
  host: Pick<Host, "win" | "prefix" | "views" | "viewOf" | "extraValues" | "navigate" | "hold"> &
    Partial<Pick<Host, "foundNothing">>,
): Commands {
  const { win } = host;
  const send = createPush(host);
  const effects = createEffects(win, host.hold);
  /** Elements to give the focus back to, with their views: those of views that are gone are forgotten. */
  let focused: (readonly [el: Element, view: BoundView | undefined])[] = [];

  /**
   * An element that an earlier command shows may only be there two frames later, when it can take the focus.
   */
  const focus = (attempt: () => void) => {
    const { document } = win;
    attempt();
    const active = read(document, "activeElement");
    nextFrame(win, () =>
      nextFrame(win, () => {
        // The user may have gone on meanwhile.
        if ([active, read(document, "body")].includes(read(document, "activeElement"))) attempt();
      }),
    );
  };

  const setClasses =
    (on: (el: Element, name: string) => boolean): Command =>
    (el, args, _context, undos) =>
      effects.classes(el, new Map(namesOf(args.names).map((name) => [name, on(el, name)])), args, undos);

  /** Sets an attribute, by the rules of templates: text runs neither as a script nor as commands. */
  const write = (el: Element, name: string, value: unknown, undos: Rollback | undefined) => {
    const isText = typeof value === "string";
    if (value !== null && isUnsafe(el, name, isText ? value : "", host.prefix))
      win.console.error(`Overwire: ${name} was not set, as it could run a script`);
    else setAttribute(el, name, isText || value === null ? value : JSON.stringify(value), undos);
  };

  const go =
    (kind: "navigate" | "patch"): Command =>
    (_el, { href = "", replace }, { source, type, event }) =>
      host.navigate(kind, href, { replace, ...(event && { source, type }) });

  const push: Command = (_el, args, context) => {
    const { optimistic } = args;
    if (!optimistic) return send(args, context);
    send(args, context, () => {
      const taken: Rollback = [];
      run(optimistic, context, taken);
      return () => {
        for (const back of taken.splice(0)) back();
      };
    });
  };

  const commands: { readonly [op: string]: Command } = {
    push,
    show: (el, args, _context, undos) => effects.show(el, true, args, args.display, undos),
    hide: (el, args, _context, undos) => effects.show(el, false, args, args.display, undos),
    toggle(el, { in: transition, out, ...args }, _context, undos) {
      const on = !effects.isShown(el);
      effects.show(el, on, { ...args, transition: on ? transition : out }, args.display, undos);
    },
    addClass: setClasses(() => true),
    removeClass: setClasses(() => false),
    toggleClass: setClasses((el, name) => !read(el, "classList").contains(name)),
    transition: (el, args, _context, undos) => effects.classes(el, new Map(), args, undos),
    setAttribute: (el, { attr: [name, value] = [] }, _context, undos) =>
      write(el, name as string, value, undos),
    removeAttribute: (el, { attr }, _context, undos) => setAttribute(el, attr as string, null, undos),
    toggleAttribute(el, { attr = [] }, _context, undos) {
      const [name = "", on = "", off] = attr as readonly string[];
      const now = invoke(el, "getAttribute", name);
      write(el, name, now !== null && off === undefined ? null : now === on ? (off ?? null) : on, undos);
    },
    ignoreAttributes: (el, { names }) => ignoreAttributes(el, namesOf(names)),
    dispatch(el, { event = "", detail, bubbles, blocking }, { source }) {
      const isClick = event === "click";
      let done: unknown;
      if (blocking) host.hold(new Promise((resolve) => (done = resolve)));
      const init = {
        // A click that opens the choice of a file is that element's own business.
        bubbles: bubbles ?? !(isClick && read(el as Field, "type") === "file"),
        cancelable: true,
        detail: { ...detail, dispatcher: source, ...(blocking && { done }) },
      };
      invoke(
        el,
        "dispatchEvent",
        isClick ? new win.MouseEvent(event, { ...init, detail: 0 }) : new win.CustomEvent(event, init),
      );
    },
    exec(el, { attr }, context, undos) {
      const binding = invoke(el, "getAttribute", attr as string);
      if (!binding)
        throw new Error(`Overwire: exec found no commands in ${attr} of <${read(el, "localName")}>`);
      const { form, payload, ...rest } = context;
      run(binding, el === context.source ? context : { ...rest, source: el }, undos);
    },
    showModal(el, _args, _context, undos) {
      const dialog = asDialog(el, "showModal");
      // The reason of an earlier close says nothing of the next.
      dialog.returnValue = "";
      try {
        dialog.showModal();
      } catch {
        // Open already, but not modally.
        dialog.removeAttribute("open");
        dialog.showModal();
      }
      undos?.push(() => dialog.close());
    },
    close(el, _args, _context, undos) {
      const dialog = asDialog(el, "close");
      if (dialog.open) undos?.push(() => dialog.showModal());
      dialog.close();
    },
    focus: (el) => focus(() => invoke(el as HTMLElement, "focus")),
    focusFirst: (el) => focus(() => focusFirst(el)),
    pushFocus: (el) => void focused.push([el, host.viewOf(el)]),
    popFocus() {
      const views = new Set(host.views);
      focused = focused.filter(([, view]) => !view || views.has(view));
      const [el] = focused.pop() ?? [];
      if (el) focus(() => invoke(el as HTMLElement, "focus"));
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
      for (const el of found) command(el, args, context, undos);
    }
  };

  return { run: (binding, context) => run(binding, context) };
}
