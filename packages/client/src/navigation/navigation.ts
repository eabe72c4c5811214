/**
 * Navigation of the page: links, commands, the server's redirects, and the browser's own back and forward.
 */

import type { NavigateOptions } from "../bindings/host.ts";
import { nextFrame } from "../dom/frame.ts";
import { endLoading, showLoading } from "../dom/loading-state.ts";
import { assign, invoke, isElement, read } from "../dom/native.ts";
import { LOST } from "../net/lost.ts";
import { ATTR_LINK, ATTR_REPLACE, FLASH_COOKIE } from "../wire/constants.ts";
import type { Navigation } from "../wire/frames.ts";
import { isOwn, readAddress } from "./address.ts";

export type Kind = "navigate" | "patch";

/** The client's part of a navigation. */
export interface NavigationHost {
  readonly win: Window & typeof globalThis;
  /** Live navigation is possible: the page's view is joined. */
  readonly ready: boolean;
  /** It was, and is again when the connection is back. */
  readonly lost: boolean;
  /** It was, and ended though the connection is there. */
  readonly crashed: boolean;
  /** Rejects if the URL is not the view's. @returns the server's redirect instead, which has been followed */
  patch(url: string, flash: string | undefined): Promise<unknown>;
  /** Rejects if the page has to be loaded. @param flash a token */
  navigate(url: string, flash: string | undefined): Promise<unknown>;
  /** Another view is on its way, and not there yet. */
  readonly arriving: boolean;
  /** A navigation that is under way is not wanted any more. */
  cancel(): void;
  pageLoading(start: boolean, detail: object): void;
  /** Another view is to come: the old one may show that. */
  removing(): void;
  /** The page is about to be loaded in full: nothing is to look like trouble. */
  leave(): void;
}

export interface Navigating {
  /** The address of the page's view while the browser is ahead of it, by a way back or forward that waits. */
  readonly shown: string | undefined;
  /** The page's view is joined. */
  resume(): void;
  /** Navigates for the user, or for a command. @throws Error for another origin */
  go(kind: Kind, href: string, options?: NavigateOptions): void;
  /** Follows a live link, if a click was on one that the browser would follow in this tab. */
  link(event: MouseEvent): void;
  /**
   * Navigates for the server, without asking the page. @param nested a view that is not the page's own says
   * it
   */
  follow(navigation: Navigation, nested?: boolean): void;
}

interface Entry {
  /** Number of the entry's view: entries that are patched between have the same. */
  readonly view: number;
  readonly at: number;
  readonly scroll?: number;
}

/** After this time without a connection, in milliseconds, a page that waits is loaded if the server answers to that. */
const LONG = 30_000;
/** The scroll position is kept this long after it came to rest, in milliseconds. */
const REST = 100;

const isTooLarge = (error: unknown) => (error as Error).message === "too_large";

export function createNavigation(host: NavigationHost): Navigating {
  const { win } = host;
  const { history, location, document } = win;
  const state = () => history.state as Entry | null;
  let { view = 0, at = 0 } = state() ?? {};
  let newest = view;
  let current = location.href;
  /** Only the latest one counts. */
  let going: object | undefined;
  let pendingHref = "";
  /** Counts down: marks of links are no events of a view. */
  let ref = -1;
  /** Ends the signs that the page is loading. */
  let stop = () => {};
  let shown: string | undefined;
  /** Goes on with navigation that waits for the connection. */
  let resume = () => {};
  /** The server ended the page's view when it sent the page elsewhere: there is none to be patched. */
  let isOver = false;
  let isFresh = false;
  /** The next popstate is our own. */
  let ignored = false;

  const tell = (type: string, detail: object) =>
    win.dispatchEvent(new win.CustomEvent(`phx:${type}`, { detail, cancelable: true }));

  const load = (href: string, replace: boolean | undefined, flash?: string) => {
    going = undefined;
    if (flash) assign(document, "cookie", `${FLASH_COOKIE}=${flash}; path=/; max-age=60; samesite=lax`);
    host.leave();
    // To where the page is already, with a hash, a browser would only scroll.
    if (href === location.href) location.reload();
    else if (replace) location.replace(href);
    else location.assign(href);
  };

  const bare = (href: string) => href.split("#")[0] as string;

  const decode = (text: string) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };

  const scroll = (top: number | undefined) => {
    const hash = decode(location.hash.slice(1));
    const target =
      hash && (invoke(document, "getElementById", hash) ?? invoke(document, "getElementsByName", hash)[0]);
    if (top !== undefined && (top || !target)) win.scrollTo(0, top);
    else if (target) invoke(target, "scrollIntoView");
  };

  const enter = (kind: Kind, href: string, replace: boolean | undefined, entry?: Entry) => {
    if (kind === "navigate") isOver = false;
    if (entry) ({ view } = entry);
    else {
      if (kind === "navigate") view = ++newest;
      if (!replace) at++;
      history[replace ? "replaceState" : "pushState"]({ view, at } satisfies Entry, "", href);
    }
    current = location.href;
    shown = undefined;
  };

  let isLeaving = false;
  /** Next target of the view that is on its way. */
  let onward: string | undefined;
  const leave = async (href: string, flash: string | undefined) => {
    host.removing();
    isLeaving = true;
    onward = undefined;
    try {
      await host.navigate(bare(href), flash);
    } finally {
      isLeaving = false;
    }
  };

  /**
   * Waits until the page's view is joined again.
   * @returns true if the page is to be loaded, since only live connections have been failing for long
   */
  const awaitConnection = (kind: Kind, href: string) =>
    new Promise<boolean>((resolve) => {
      const end = (load: boolean) => {
        win.clearInterval(timer);
        resolve(load);
      };
      const check = () =>
        win.fetch(href, { method: "HEAD" }).then(
          () => end(true),
          () => {},
        );
      const timer = win.setInterval(() => kind === "navigate" && check(), LONG);
      resume = () => end(false);
    });

  /**
   * Has the page's view patched, or another one take its place, as soon as there is a connection.
   * @returns the kind of its arrival; undefined if the server redirected the page, something newer is wanted,
   *   or it stays
   */
  const reach = async (
    kind: Kind,
    href: string,
    flash: string | undefined,
    entry: Entry | undefined,
    isCurrent: () => boolean,
  ) => {
    for (let waits = host.lost; ; ) {
      if (waits && !host.ready && (await awaitConnection(kind, href))) throw new Error("load");
      if (!isCurrent()) return undefined;
      waits = false;
      try {
        if (kind === "navigate") await leave(href, flash);
        // The hash is the page's own.
        else if (await host.patch(bare(href), flash)) return undefined;
        return kind;
      } catch (error) {
        if ((error as Error).cause === LOST) waits = true;
        // The view is mounted anew, without a patch that it may have crashed of; at the browser's URL, if
        // that has changed by itself.
        else if (kind === "patch" && host.crashed) return entry && kind;
        else if (kind === "navigate" || isTooLarge(error)) throw error;
        // If it is not this view's, it belongs to another view.
        else kind = "navigate";
      }
    }
  };

  /** The browser shows an entry that the page cannot show: it becomes the page's. */
  const stay = ({ at }: Entry) => {
    shown = undefined;
    history.replaceState({ view, at } satisfies Entry, "", current);
  };

  /** @param entry the one that the browser shows already */
  const run = async (
    kind: Kind,
    href: string,
    { replace, source, type }: NavigateOptions,
    flash?: string,
    entry?: Entry,
  ) => {
    const own = {};
    if (!going && !entry) save();
    going = own;
    host.cancel();
    resume();
    stop();
    pendingHref = href;
    const backward = entry !== undefined && entry.at < at;
    if (entry) {
      ({ at } = entry);
      shown ??= bare(current);
    }
    if (isOver) kind = "navigate";
    const loading = { kind: kind === "patch" ? "patch" : "redirect", to: href };
    let isLoading = true;
    const mark = --ref;
    if (source) showLoading(source, mark, `phx-${type}-loading`);
    stop = () => {
      if (!isLoading) return;
      isLoading = false;
      if (source) endLoading(source, mark);
      host.pageLoading(false, loading);
    };
    const end = stop;
    host.pageLoading(true, loading);
    let reached: Kind | undefined;
    try {
      reached = await reach(kind, href, flash, entry, () => going === own);
    } catch (error) {
      if (going !== own) return;
      if (!isTooLarge(error)) return load(href, replace || entry !== undefined, flash);
      // A server refuses a page with such an address as well.
      win.console.error("Overwire: the address is too long for the server, so the page stays", error);
      if (entry) stay(entry);
    } finally {
      end();
    }
    if (going !== own) return;
    going = undefined;
    if (!reached) return;
    enter(reached, href, replace, entry);
    if (reached === "navigate" && onward) enter("patch", onward, true);
    if (entry || reached === "navigate") nextFrame(win, () => scroll(entry?.scroll ?? 0));
    else if (new win.URL(href).hash) scroll(undefined);
    const direction = backward ? "backward" : "forward";
    tell("navigate", { href, patch: reached === "patch", pop: entry !== undefined, direction });
  };

  /** There is a connection, or there will be; also while one view has ended and the next one is on its way. */
  const isLive = () => host.ready || host.lost || isOver;

  const go: Navigating["go"] = (kind, href, options = {}) => {
    const url = readAddress(win, href);
    // Of several commands of one binding the first one counts.
    if (going && (pendingHref === url.href || isFresh)) return;
    const detail = { href: url.href, patch: kind === "patch", pop: false, direction: "forward" };
    if (!tell("before-navigate", detail)) return;
    if (!isLive()) return load(url.href, options.replace);
    isFresh = true;
    queueMicrotask(() => {
      isFresh = false;
    });
    void run(kind, url.href, options);
  };

  /** The address of a link. In SVG the properties of links are objects, and the attribute may have the name of old. */
  const addressOf = (link: Element) => {
    try {
      return new win.URL(
        invoke(link, "getAttribute", "href") ?? invoke(link, "getAttribute", "xlink:href") ?? "",
        read(link, "baseURI"),
      );
    } catch {
      return undefined;
    }
  };

  const link: Navigating["link"] = (event) => {
    const { target } = event;
    const source = isElement(target) && invoke(target, "closest", `a[${ATTR_LINK}]`);
    const isPlain = !(event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!source || event.defaultPrevented || !isPlain || invoke(source, "hasAttribute", "download")) return;
    const url = addressOf(source);
    if (!/^(_self)?$/i.test(invoke(source, "getAttribute", "target") ?? "") || !url || !isOwn(win, url))
      return;
    // Within the page, and to a page that is not live, the browser navigates.
    const isHere = url.hash && bare(url.href) === bare(location.href);
    if (isHere || !isLive()) return;
    event.preventDefault();
    go(invoke(source, "getAttribute", ATTR_LINK) as Kind, url.href, {
      replace: invoke(source, "hasAttribute", ATTR_REPLACE),
      source,
      type: "click",
    });
  };

  win.addEventListener("popstate", ({ state: entry }: PopStateEvent) => {
    if (ignored) {
      ignored = false;
      return;
    }
    const isSame = bare(current) === bare(location.href);
    // Another position in the same page is no matter of the server's.
    if (isSame && (!entry || (entry.view === view && !going))) {
      current = location.href;
      // The browser went there by itself, by a link.
      if (!entry) return history.replaceState({ view, at: ++at } satisfies Entry, "", current);
      ({ at } = entry);
      return scroll(entry.scroll ?? 0);
    }
    const to = (entry as Entry | null) ?? { view: -1, at: at + 1 };
    const patch = to.view === view;
    const backward = to.at < at;
    const { href } = location;
    if (!tell("before-navigate", { href, patch, pop: true, direction: backward ? "backward" : "forward" })) {
      history.go(at - to.at);
      // The entry that is left comes back with an event of its own.
      ignored = true;
      return;
    }
    if (isLive()) void run(patch ? "patch" : "navigate", href, {}, undefined, to);
    else load(href, true);
  });

  let rest: number | undefined;
  const save = () => history.replaceState({ ...state(), view, at, scroll: win.scrollY }, "", location.href);
  win.addEventListener(
    "scroll",
    () => {
      win.clearTimeout(rest);
      rest = win.setTimeout(() => !going && save(), REST);
    },
    { passive: true },
  );
  if ("scrollRestoration" in history) history.scrollRestoration = "manual";
  const before = state()?.scroll;
  if (before === undefined) history.replaceState({ view, at } satisfies Entry, "", location.href);
  // The page that is loaded for this may take long, and the user may scroll meanwhile.
  else if (!win.scrollY) nextFrame(win, () => scroll(before));

  return {
    go,
    link,
    get shown() {
      return shown;
    },
    resume: () => resume(),
    follow([kind, to, replace, flash], nested) {
      const url = new win.URL(to, location.href);
      if (kind === "redirect" || !isOwn(win, url)) return load(url.href, !!replace, flash);
      if (kind === "patch" && !nested) {
        // The view's page has no history entry yet, or has been left and has none any more.
        if (isLeaving) {
          if (!host.arriving) onward = url.href;
          return;
        }
        // The user already goes back or forward from there: the browser shows the address.
        if (shown !== undefined) {
          shown = bare(url.href);
          return;
        }
        enter("patch", url.href, !!replace);
        scroll(undefined);
        tell("navigate", { href: url.href, patch: true, pop: false, direction: "forward" });
        return;
      }
      isOver ||= !nested;
      void run(kind, url.href, { replace: !!replace }, flash);
    },
  };
}
