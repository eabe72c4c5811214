/** Commands for scripts and hooks: those of the server's `JS`, for an element at hand. */
import type { Commands, Host } from "../bindings/host.ts";
import type { EffectOptions, Names, Transition } from "../dom/effects.ts";
import type { Json } from "../wire/frames.ts";

/** Options of showing or hiding an element. */
export interface ShowOptions extends EffectOptions {
  /** The CSS `display` of a shown element. Default `block`. */
  readonly display?: string;
}

/** Changes of the page by commands: patches keep them. */
export interface Js {
  /** Runs commands as they stand in a binding: JSON, or the list itself. */
  exec(el: Element, encoded: string | readonly unknown[]): void;
  show(el: Element, options?: ShowOptions): void;
  hide(el: Element, options?: EffectOptions): void;
  /** Shows hidden elements and hides shown ones; `in` and `out` are the transitions. */
  toggle(
    el: Element,
    options?: Omit<ShowOptions, "transition"> & { readonly in?: Transition; readonly out?: Transition },
  ): void;
  /** Opens a `<dialog>` modally. */
  showModal(el: Element): void;
  /** Closes a `<dialog>`. */
  close(el: Element): void;
  addClass(el: Element, names: Names, options?: EffectOptions): void;
  removeClass(el: Element, names: Names, options?: EffectOptions): void;
  toggleClass(el: Element, names: Names, options?: EffectOptions): void;
  transition(el: Element, transition: Transition, options?: Omit<EffectOptions, "transition">): void;
  setAttribute(el: Element, name: string, value: string): void;
  removeAttribute(el: Element, name: string): void;
  /** Sets an attribute or takes it away; with two values, changes from one to the other. */
  toggleAttribute(el: Element, name: string, value: string, other?: string): void;
  /** Leaves attributes to the page: patches keep their values. `*` stands for any text. */
  ignoreAttributes(el: Element, names: Names): void;
  /** Pushes an event to the element's view, or to `target`: a component's number, or a selector. */
  push(
    el: Element,
    event: string,
    options?: {
      readonly value?: Json;
      readonly target?: number | string;
      readonly loading?: string;
      readonly pageLoading?: boolean;
    },
  ): void;
  /** Goes to another view of the app. @throws Error for a URL of another origin */
  navigate(href: string, options?: { readonly replace?: boolean }): void;
  /** Goes to another URL of the same view. @throws Error for a URL of another origin */
  patch(href: string, options?: { readonly replace?: boolean }): void;
}

export function createJs(commands: Commands, host: Pick<Host, "navigate">): Js {
  const run = (op: string, source: Element, args: object = {}) =>
    commands.run([[op, args]], { source, type: "hook" });
  const classes = (op: string) => (el: Element, names: Names, options?: EffectOptions) =>
    run(op, el, { ...options, names });
  return {
    exec: (source, encoded) => commands.run(encoded, { source, type: "hook" }),
    show: (el, options) => run("show", el, options),
    hide: (el, options) => run("hide", el, options),
    toggle: (el, options) => run("toggle", el, options),
    showModal: (el) => run("showModal", el),
    close: (el) => run("close", el),
    addClass: classes("addClass"),
    removeClass: classes("removeClass"),
    toggleClass: classes("toggleClass"),
    transition: (el, transition, options) => run("transition", el, { ...options, transition }),
    setAttribute: (el, name, value) => run("setAttribute", el, { attr: [name, value] }),
    removeAttribute: (el, attr) => run("removeAttribute", el, { attr }),
    toggleAttribute: (el, ...attr) => run("toggleAttribute", el, { attr }),
    ignoreAttributes: classes("ignoreAttributes"),
    push: (el, event, options) => run("push", el, { ...options, event }),
    navigate: (href, { replace } = {}) => host.navigate("navigate", href, { replace }),
    patch: (href, { replace } = {}) => host.navigate("patch", href, { replace }),
  };
}
