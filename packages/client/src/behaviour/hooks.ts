/** Runs hooks: finds the elements that came, changed or left with each change of the page, and tells their hooks. */
import { ATTR_LINK, ATTR_TOKEN, type Json } from "@overwire/server/wire";
import type { HookCallbacks, Hooks } from "./hook-types.ts";
import type { BoundView, Host } from "./host.ts";

/** Runs what an author wrote: it must not stop anything but itself. */
export type Attempt = <Result>(what: string, run: () => Result) => Result | undefined;

/** Makes a hook's callbacks for one element; a function runs right away. */
export type StartHook = (
  hook: object,
  el: Element,
  name: string,
  signal: AbortSignal,
  attempt: Attempt,
) => HookCallbacks<never>;

export interface HookOptions {
  readonly hooks: Hooks;
  /** Undefined until it is loaded: what has a hook waits until {@link PageHooks.settle} is called after that. */
  readonly start: StartHook | undefined;
  /** There is something in the page that not every page has: hooks, links, commands. */
  onMore?(): void;
  /** Whether a view has been joined: what is in it waits for that. */
  isLive(view: BoundView): boolean;
  /** The container of a view came into the page, or was there when the client began. */
  onView?(container: Element): void;
  /** It left. */
  onViewGone?(container: Element): void;
}

export interface PageHooks {
  /** After every change of the page: tells hooks, runs `phx-mounted`, reports containers of views. */
  settle(): void;
  /** For the policy of patches. @returns what to call before an element changes, if it has a hook */
  beforeUpdate(el: Element): ((to: Element) => void) | undefined;
  disconnected(view: BoundView): void;
  reconnected(view: BoundView): void;
  /** An event that the server pushed: goes to hooks, and to all who listen to `phx:<name>`. */
  dispatch(name: string, detail: Json): void;
  /** The client ends, and so do all hooks. */
  destroy(): void;
}

interface Mounted {
  readonly name: string;
  readonly callbacks: HookCallbacks<never>;
  /** Ends what goes with the element. */
  readonly end: AbortController;
  isOffline: boolean;
}

/** Bindings that need what is loaded when a page needs it. */
const needy =
  "hook mounted remove disconnected viewport-top viewport-bottom click-away keydown keyup window-keydown window-keyup window-focus window-blur".split(
    " ",
  );

export function createHooks(
  host: Pick<Host, "win" | "prefix" | "viewOf" | "commands">,
  options: HookOptions,
): PageHooks {
  const { win, viewOf } = host;
  const { document } = win;
  const [hookAttribute, mountedAttribute] = [`${host.prefix}hook`, `${host.prefix}mounted`];
  const more = [
    ...needy.map((name) => `[${host.prefix}${name}]`),
    `[${ATTR_LINK}]`,
    `form[id][${host.prefix}change]`,
  ];
  const needs = more.join();
  const selector = `${needs},[${ATTR_TOKEN}]`;
  const mounted = new Map<Element, Mounted>();
  /** Hooks whose elements the patch under way changes. */
  const changing = new Set<Mounted>();
  /** Elements that came; those of views that are not joined go on waiting. */
  const waiting = new Set(document.querySelectorAll(selector));
  const containers = new Set<Element>();
  const greeted = new WeakSet<Element>();

  const attempt: Attempt = (what, run) => {
    try {
      return run();
    } catch (error) {
      win.console.error(`Overwire: ${what} failed`, error);
      return undefined;
    }
  };

  const call = ({ name, callbacks }: Mounted, callback: keyof HookCallbacks, to?: Element) =>
    attempt(`${callback} of the hook ${name}`, () => callbacks[callback]?.(to as never));

  const mount = (el: Element, start: StartHook) => {
    const name = el.getAttribute(hookAttribute);
    if (!name || mounted.has(el)) return;
    const hook = Object.hasOwn(options.hooks, name) && options.hooks[name];
    if (!hook) return win.console.error(`Overwire: there is no hook "${name}"`, el);
    if (!el.id) return win.console.error(`Overwire: an element with a hook needs an id`, el);
    const end = new win.AbortController();
    const callbacks = attempt(`the hook ${name}`, () => start(hook, el, name, end.signal, attempt));
    if (!callbacks) return end.abort();
    const one: Mounted = { name, callbacks, end, isOffline: false };
    mounted.set(el, one);
    call(one, "mounted");
  };

  const unmount = (el: Element, hook: Mounted) => {
    mounted.delete(el);
    changing.delete(hook);
    call(hook, "destroyed");
    hook.end.abort();
  };

  const take = (records: readonly MutationRecord[]) => {
    for (const { type, target, addedNodes } of records) {
      if (type === "attributes") waiting.add(target as Element);
      for (const node of addedNodes) {
        const el = node as Element;
        if (el.nodeType !== 1) continue;
        if (el.matches(selector)) waiting.add(el);
        for (const inside of el.querySelectorAll(selector)) waiting.add(inside);
      }
    }
    for (const [el, hook] of mounted)
      if (!el.isConnected || el.getAttribute(hookAttribute) !== hook.name) unmount(el, hook);
    for (const el of containers) {
      if (el.isConnected && el.hasAttribute(ATTR_TOKEN)) continue;
      containers.delete(el);
      options.onViewGone?.(el);
    }
    for (const el of waiting) {
      if (!el.isConnected) waiting.delete(el);
      else if (el.hasAttribute(ATTR_TOKEN) && !containers.has(el)) {
        containers.add(el);
        options.onView?.(el);
      }
    }
    for (const el of waiting) {
      const view = viewOf(el);
      if (view && !options.isLive(view)) continue;
      const { start } = options;
      if (el.matches(needs)) {
        options.onMore?.();
        if (!start) continue;
        mount(el, start);
      }
      waiting.delete(el);
      const binding = el.getAttribute(mountedAttribute);
      if (!binding || greeted.has(el)) continue;
      greeted.add(el);
      attempt(mountedAttribute, () => host.commands.run(binding, { source: el, type: "hook" }));
    }
    const changed = [...changing];
    changing.clear();
    for (const hook of changed) call(hook, "updated");
  };

  const observer = new win.MutationObserver(take);
  observer.observe(document, { childList: true, subtree: true, attributeFilter: [hookAttribute] });

  /** Tells the hooks of a view that the connection is lost, or there again. */
  const tell = (view: BoundView, isOffline: boolean) => {
    for (const [el, hook] of mounted) {
      if (hook.isOffline === isOffline || viewOf(el) !== view) continue;
      hook.isOffline = isOffline;
      call(hook, isOffline ? "disconnected" : "reconnected");
    }
  };

  return {
    settle: () => take(observer.takeRecords()),
    beforeUpdate(el) {
      const hook = mounted.get(el);
      if (!hook || changing.has(hook)) return undefined;
      return (to) => {
        if (to.getAttribute(hookAttribute) !== hook.name) return;
        changing.add(hook);
        call(hook, "beforeUpdate", to);
      };
    },
    disconnected: (view) => tell(view, true),
    reconnected: (view) => tell(view, false),
    dispatch(name, detail) {
      win.dispatchEvent(new win.CustomEvent(`phx:${name}`, { detail }));
    },
    destroy() {
      observer.disconnect();
      for (const [el, hook] of mounted) unmount(el, hook);
    },
  };
}
