/** Client commands: what the server's `JS` writes into bindings, run in the page. */
import type { Json } from "@overwire/server/wire";
import { focusFirst } from "../dom/focus.ts";
import { ignoreAttributes, setAttribute, type Undos } from "../dom/sticky.ts";
import { createEffects, type EffectOptions, type Names, namesOf, type Transition } from "./effects.ts";
import { valueAttributes } from "./forms.ts";
import type { BoundView, CommandContext, Commands, Host } from "./host.ts";
import { findTargets } from "./targets.ts";

/** Which elements a command is for: a selector in the whole page, or from where the command stands. */
export type To = string | { readonly inner: string } | { readonly closest: string };

/** Options of all commands together, under their names on the wire. */
interface Args extends EffectOptions {
  readonly to?: To;
  readonly display?: string;
  readonly in?: Transition;
  readonly out?: Transition;
  readonly names?: Names;
  readonly attr?: string | readonly string[];
  readonly event?: string;
  readonly value?: Json;
  readonly target?: number | string;
  readonly loading?: string;
  readonly pageLoading?: boolean;
  readonly optimistic?: readonly unknown[];
  readonly detail?: object;
  readonly bubbles?: boolean;
  readonly href?: string;
  readonly replace?: boolean;
}

type Field = HTMLInputElement;

type Command = (el: Element, args: Args, context: CommandContext, undos: Undos | undefined) => void;

const isRecord = (value: unknown): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What an element sends as its own value. */
function ownValue(el: Element): { value?: string } {
  const { type, checked, value } = el as Field;
  const isField = /^(input|select|textarea)$/.test(el.localName);
  if (el.localName === "form" || !(isField || el.hasAttribute("value"))) return {};
  if (/^(checkbox|radio)$/.test(type) && !checked) return {};
  return { value: String(value ?? el.getAttribute("value")) };
}

function select(to: To | undefined, source: Element): readonly Element[] {
  if (!to) return [source];
  if (typeof to === "string") return [...source.ownerDocument.querySelectorAll(to)];
  if ("inner" in to) return [...source.querySelectorAll(to.inner)];
  const closest = source.closest(to.closest);
  return closest ? [closest] : [];
}

export function createCommands(
  host: Pick<Host, "win" | "prefix" | "views" | "viewOf" | "extraValues" | "navigate" | "hold">,
): Commands {
  const { win, prefix } = host;
  const effects = createEffects(win, host.hold);
  /** Elements to give the focus back to, with their views: those of views that are gone are forgotten. */
  let focused: (readonly [el: Element, view: BoundView | undefined])[] = [];

  /** What a command before it shows may only be there two frames later, where it can take the focus. */
  const focus = (attempt: () => void) => {
    const { document } = win;
    attempt();
    const { activeElement } = document;
    win.requestAnimationFrame(() =>
      win.requestAnimationFrame(() => {
        // A person may have gone on meanwhile.
        if ([activeElement, document.body].includes(document.activeElement)) attempt();
      }),
    );
  };

  const setClasses =
    (on: (el: Element, name: string) => boolean): Command =>
    (el, args, _context, undos) =>
      effects.classes(el, new Map(namesOf(args.names).map((name) => [name, on(el, name)])), args, undos);

  const push: Command = (_el, { event = "", value = {}, ...args }, context) => {
    const { source, type, form } = context;
    // The change of a field is told by its form, if it has no binding of its own.
    const around = type === "change" && !source.hasAttribute(`${prefix}change`) && (source as Field).form;
    const bound = around || source;
    const targets = findTargets(host, source, args.target ?? bound.getAttribute(`${prefix}target`));
    if (!targets.length) return;
    const taken: Undos = [];
    const undo = () => {
      for (const back of taken.splice(0)) back();
    };
    if (args.optimistic) run(args.optimistic, context, taken);
    const more = { ...(isRecord(value) && value), ...host.extraValues() };
    const own = { ...context.payload, ...valueAttributes(source, prefix), ...ownValue(source) };
    const message = {
      type,
      event,
      source,
      loading: args.loading ? [...win.document.querySelectorAll(args.loading)] : undefined,
      pageLoading: args.pageLoading,
      undo: args.optimistic && undo,
      ...(form
        ? { form: form.fields, meta: { ...form.meta, ...more } }
        : // A payload that is no object stands alone.
          { payload: isRecord(value) ? { ...own, ...more } : value }),
    };
    // Where there is no connection nothing is sent; where the event is refused the view has said so.
    for (const [view, component] of targets) view.push({ ...message, component }).catch(undo);
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
    toggleClass: setClasses((el, name) => !el.classList.contains(name)),
    transition: (el, args, _context, undos) => effects.classes(el, new Map(), args, undos),
    setAttribute: (el, { attr: [name, value] = [] }, _context, undos) =>
      setAttribute(el, name as string, value as string, undos),
    removeAttribute: (el, { attr }, _context, undos) => setAttribute(el, attr as string, null, undos),
    toggleAttribute(el, { attr: [name = "", on = "", off] = [] }, _context, undos) {
      const now = el.getAttribute(name);
      setAttribute(
        el,
        name,
        now !== null && off === undefined ? null : now === on ? (off ?? null) : on,
        undos,
      );
    },
    ignoreAttributes: (el, { names }) => ignoreAttributes(el, namesOf(names)),
    dispatch(el, { event = "", detail, bubbles, blocking }, { source }) {
      const isClick = event === "click";
      let done: unknown;
      if (blocking) host.hold(new Promise((resolve) => (done = resolve)));
      const init = {
        // A click that opens the choice of a file is that element's own business.
        bubbles: bubbles ?? !(isClick && (el as Field).type === "file"),
        cancelable: true,
        detail: { ...detail, dispatcher: source, ...(blocking && { done }) },
      };
      el.dispatchEvent(
        isClick ? new win.MouseEvent(event, { ...init, detail: 0 }) : new win.CustomEvent(event, init),
      );
    },
    exec(el, { attr }, context, undos) {
      const binding = el.getAttribute(attr as string);
      if (!binding) throw new Error(`Overwire: exec found no commands in ${attr} of <${el.localName}>`);
      const { form, payload, ...rest } = context;
      run(binding, el === context.source ? context : { ...rest, source: el }, undos);
    },
    focus: (el) => focus(() => (el as HTMLElement).focus()),
    focusFirst: (el) => focus(() => focusFirst(el)),
    pushFocus: (el) => void focused.push([el, host.viewOf(el)]),
    popFocus() {
      const views = new Set(host.views);
      focused = focused.filter(([, view]) => !view || views.has(view));
      const [el] = focused.pop() ?? [];
      if (el) focus(() => (el as HTMLElement).focus());
    },
    navigate: (_el, { href = "", replace }) => host.navigate("navigate", href, { replace: !!replace }),
    patch: (_el, { href = "", replace }) => host.navigate("patch", href, { replace: !!replace }),
  };

  const run = (binding: string | readonly unknown[], context: CommandContext, undos?: Undos): void => {
    const list =
      typeof binding !== "string"
        ? binding
        : binding[0] === "["
          ? (JSON.parse(binding) as unknown[])
          : [["push", { event: binding }]];
    for (const [op, args = {}] of list as readonly (readonly [op: string, args?: Args])[]) {
      const command = commands[op];
      if (!command) throw new Error(`Overwire: there is no command "${op}"`);
      for (const el of select(args.to, context.source)) command(el, args, context, undos);
    }
  };

  return { run: (binding, context) => run(binding, context) };
}
