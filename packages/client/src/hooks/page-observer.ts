/** Finds elements that come into the page and leave it with each change: containers of views, and those that features wait for. */
import { findAll, invoke, read } from "../dom/native.ts";
import { ATTR_LINK, ATTR_TOKEN, ATTR_UPLOAD } from "../wire/constants.ts";
import type { HookManager } from "./hook-manager.ts";

export interface ObserverOptions {
  /** Undefined until they are loaded: an element with a hook waits until {@link PageObserver.settle} is called after that. */
  hookManager(): HookManager | undefined;
  /** There is something in the page that not every page has: hooks, links, commands. */
  onMore(): void;
  /** The container of a view came into the page, or was there when the client began. */
  onView(container: Element): void;
  /** It left. */
  onViewGone(container: Element): void;
}

export interface PageObserver {
  /** The form that the server asks the page to submit by itself. Set again as long as it waits for code that is loaded later. */
  triggered: HTMLFormElement | undefined;
  /** After every change of the page: tells hooks, runs `phx-mounted`, reports containers of views. */
  settle(): void;
}

/** Bindings that need the features. */
const needy =
  "hook mounted remove disconnected viewport-top viewport-bottom click-away keydown keyup window-keydown window-keyup window-focus window-blur cancel close debounce throttle disable-with change submit update=stream".split(
    " ",
  );

/** @param viewOf the view that an element is in: until it is joined its content waits */
export function observePage(
  win: Window & typeof globalThis,
  prefix: string,
  viewOf: (el: Element) => { readonly joined: boolean } | undefined,
  { hookManager, onMore, onView, onViewGone }: ObserverOptions,
): PageObserver {
  const { document } = win;
  const needs = [
    ...needy.map((name) => `[${prefix}${name}]`),
    `[${ATTR_LINK}]`,
    `[${ATTR_UPLOAD}]`,
    "select",
    "[type=radio]",
  ].join();
  const triggered = `form[${prefix}trigger-action]`;
  const selector = `${needs},${triggered},[${ATTR_TOKEN}]`;
  /** Elements that came; those of views that are not joined go on waiting. */
  const waiting = new Set(findAll(document, selector));
  const containers = new Set<Element>();

  const take = (records: readonly MutationRecord[]) => {
    for (const { type, target, addedNodes } of records) {
      if (type === "attributes") waiting.add(target as Element);
      for (const node of addedNodes) {
        const el = node as Element;
        if (read(el, "nodeType") !== 1) continue;
        if (invoke(el, "matches", selector)) waiting.add(el);
        for (const inside of findAll(el, selector)) waiting.add(inside);
      }
    }
    hookManager()?.sweep();
    for (const el of containers) {
      if (read(el, "isConnected") && invoke(el, "hasAttribute", ATTR_TOKEN)) continue;
      containers.delete(el);
      onViewGone(el);
    }
    for (const el of waiting) {
      if (!read(el, "isConnected")) waiting.delete(el);
      else if (invoke(el, "hasAttribute", ATTR_TOKEN) && !containers.has(el)) {
        containers.add(el);
        onView(el);
      }
    }
    // A patch need not make elements in their order.
    for (const el of [...waiting].sort(
      (a, b) => (invoke(a, "compareDocumentPosition", b) & 2) /* PRECEDING */ - 1,
    )) {
      if (viewOf(el)?.joined === false) continue;
      if (invoke(el, "matches", triggered)) page.triggered = el as HTMLFormElement;
      if (invoke(el, "matches", needs)) {
        onMore();
        if (!hookManager()) continue;
        hookManager()?.mount(el);
      }
      waiting.delete(el);
    }
    hookManager()?.updated();
  };

  const observer = new win.MutationObserver(take);
  const page: PageObserver = {
    triggered: undefined,
    settle: () => take(observer.takeRecords()),
  };
  observer.observe(document, {
    childList: true,
    subtree: true,
    attributeFilter: [`${prefix}hook`, `${prefix}trigger-action`],
  });
  return page;
}
