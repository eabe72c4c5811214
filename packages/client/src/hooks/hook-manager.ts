/** Lives of hooks: from the coming of their elements, which runs `phx-mounted` too, to their leaving. */
import type { BoundView, Host } from "../bindings/host.ts";
import { invoke, read } from "../dom/native.ts";
import { ATTR_UPLOAD } from "../wire/constants.ts";
import type { HookCallbacks, Hooks } from "./hook-types.ts";

/** Runs an author's callback of an element: it must not stop anything but itself, at once or later. */
export type Attempt = <Result>(what: string, el: Element, run: () => Result) => Result | undefined;

/** Makes a hook's callbacks for one element; a function runs right away. */
export type StartHook = (
  hook: object,
  el: Element,
  name: string,
  signal: AbortSignal,
  attempt: Attempt,
) => HookCallbacks<never>;

export interface HookManager {
  /** An element came that may have a hook, or something to run. */
  mount(el: Element): void;
  /** After a change of the page: ends the hooks of elements that left it. */
  sweep(): void;
  /** Tells those that were changed. */
  updated(): void;
  /** @returns a function to call before an element changes, if it has a hook */
  beforeUpdate(el: Element): ((to: Element) => void) | undefined;
  /** The connection of a view is lost, or there again. */
  tell(view: BoundView, isOffline: boolean): void;
}

interface Mounted {
  readonly name: string;
  readonly el: Element;
  readonly callbacks: HookCallbacks<never>;
  /** Ends everything that belongs to the element. */
  readonly end: AbortController;
  isOffline: boolean;
}

const createAttempt =
  ({ console }: Window & typeof globalThis): Attempt =>
  (what, el, run) => {
    const failed = (error: unknown) => console.error(`Overwire: ${what} failed`, error, el);
    try {
      const result = run();
      if (!(result instanceof Promise)) return result;
      result.catch(failed);
    } catch (error) {
      failed(error);
    }
    return undefined;
  };

/**
 * @param hooks by the names that `phx-hook` gives
 * @param onInput is told of file inputs of uploads
 * @param onForm is told of all that came
 */
export function createHookManager(
  { win, prefix, viewOf, commands }: Pick<Host, "win" | "prefix" | "viewOf" | "commands">,
  hooks: Hooks,
  onInput: () => void,
  onForm: (el: Element) => void,
  start: StartHook,
): HookManager {
  const attribute = `${prefix}hook`;
  const mounted = new Map<Element, Mounted>();
  const greeted = new WeakSet<Element>();
  /** Hooks whose elements the patch under way changes. */
  const changing = new Set<Mounted>();

  const attempt = createAttempt(win);

  const call = ({ name, el, callbacks }: Mounted, callback: keyof HookCallbacks, to?: Element) =>
    attempt(`${callback} of the hook ${name}`, el, () => callbacks[callback]?.(to as never));

  const unmount = (el: Element, hook: Mounted) => {
    mounted.delete(el);
    changing.delete(hook);
    call(hook, "destroyed");
    hook.end.abort();
  };

  const begin = (el: Element) => {
    const name = invoke(el, "getAttribute", attribute);
    if (!name || mounted.has(el)) return;
    const hook = Object.hasOwn(hooks, name) && hooks[name];
    if (!hook) return win.console.error(`Overwire: there is no hook "${name}"`, el);
    if (!read(el, "id")) return win.console.error(`Overwire: an element with a hook needs an id`, el);
    const end = new win.AbortController();
    const callbacks = attempt(`the hook ${name}`, el, () => start(hook, el, name, end.signal, attempt));
    if (!callbacks) return end.abort();
    const one: Mounted = { name, el, callbacks, end, isOffline: false };
    mounted.set(el, one);
    call(one, "mounted");
  };

  return {
    mount(el) {
      begin(el);
      onForm(el);
      if (invoke(el, "hasAttribute", ATTR_UPLOAD)) onInput();
      const binding = invoke(el, "getAttribute", `${prefix}mounted`);
      if (!binding || greeted.has(el)) return;
      greeted.add(el);
      attempt(`${prefix}mounted`, el, () => commands.run(binding, { source: el, type: "hook" }));
    },
    sweep() {
      for (const [el, hook] of mounted)
        if (!read(el, "isConnected") || invoke(el, "getAttribute", attribute) !== hook.name)
          unmount(el, hook);
    },
    updated() {
      const changed = [...changing];
      changing.clear();
      for (const hook of changed) call(hook, "updated");
    },
    beforeUpdate(el) {
      const hook = mounted.get(el);
      if (!hook || changing.has(hook)) return undefined;
      return (to) => {
        if (invoke(to, "getAttribute", attribute) !== hook.name) return;
        changing.add(hook);
        call(hook, "beforeUpdate", to);
      };
    },
    tell(view, isOffline) {
      for (const [el, hook] of mounted) {
        if (hook.isOffline === isOffline || viewOf(el) !== view) continue;
        hook.isOffline = isOffline;
        call(hook, isOffline ? "disconnected" : "reconnected");
      }
    },
  };
}
