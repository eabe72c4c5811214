/** Navigation under way: of several the latest counts, and shows that it is. */
import type { NavigateOptions } from "../bindings/host.ts";
import { nextFrame } from "../dom/frame.ts";
import { endLoading, showLoading } from "../dom/loading-state.ts";
import { assign } from "../dom/native.ts";
import { FLASH_COOKIE } from "../wire/constants.ts";
import { bare, type Entry, type Kind, type PageHistory } from "./history.ts";
import type { NavigationHost } from "./navigation-host.ts";
import { isTooLarge, type Reach } from "./reach.ts";

/**
 * Dispatches an event of navigation in the page.
 * @param pop set if the browser shows the address already
 * @returns false if a listener prevents it
 */
export function notify(
  win: Window & typeof globalThis,
  type: "before-navigate" | "navigate",
  href: string,
  patch: boolean,
  pop = false,
  backward = false,
): boolean {
  const detail = { href, patch, pop, direction: backward ? "backward" : "forward" };
  return win.dispatchEvent(new win.CustomEvent(`phx:${type}`, { detail, cancelable: true }));
}

/** Has the browser load a page. */
export function loadPage(
  { win, leave }: NavigationHost,
  history: PageHistory,
  href: string,
  replace: boolean | undefined,
  flash?: string,
): void {
  const { location, document } = win;
  history.going = undefined;
  if (flash) assign(document, "cookie", `${FLASH_COOKIE}=${flash}; path=/; max-age=60; samesite=lax`);
  leave();
  // To where the page is already, with a hash, a browser would only scroll.
  if (href === location.href) location.reload();
  else if (replace) location.replace(href);
  else location.assign(href);
}

export interface Journeys {
  /** The server ended the page's view when it sent the page elsewhere: there is none to be patched. */
  isOver: boolean;
  /** @param entry the one that the browser shows already */
  run(kind: Kind, href: string, options: NavigateOptions, flash?: string, entry?: Entry): Promise<void>;
}

export function createJourneys(host: NavigationHost, history: PageHistory, reach: Reach): Journeys {
  const { win } = host;
  /** Counts down: marks of links are no events of a view. */
  let ref = -1;
  /** Ends the signs that the page is loading. */
  let stop = () => {};

  /** Shows that the page is loading. @returns a function that ends it */
  const show = (kind: Kind, to: string, { source, type }: NavigateOptions) => {
    const loading = { kind: kind === "patch" ? "patch" : "redirect", to };
    let isLoading = true;
    const mark = --ref;
    if (source) showLoading(source, mark, `phx-${type}-loading`);
    host.pageLoading(true, loading);
    return () => {
      if (!isLoading) return;
      isLoading = false;
      if (source) endLoading(source, mark);
      host.pageLoading(false, loading);
    };
  };

  const journeys: Journeys = {
    isOver: false,
    async run(kind, href, options, flash, entry) {
      const own = { href };
      const { replace } = options;
      if (!history.going && !entry) history.savePlace();
      history.going = own;
      host.cancel();
      reach.goOn();
      stop();
      const backward = !!entry && entry.at < history.entryIndex;
      if (entry) {
        history.entryIndex = entry.at;
        history.shown ??= bare(history.current);
      }
      if (journeys.isOver) kind = "navigate";
      const end = show(kind, href, options);
      stop = end;
      let reached: Kind | undefined;
      try {
        reached = await reach.run(kind, href, flash, entry, () => history.going === own);
      } catch (error) {
        if (history.going !== own) return;
        if (!isTooLarge(error)) return loadPage(host, history, href, replace || !!entry, flash);
        // A server refuses a page with such an address as well.
        win.console.error("Overwire: the address is too long for the server", error);
        if (entry) {
          history.shown = undefined;
          history.adopt();
        }
      } finally {
        end();
      }
      if (history.going !== own) return;
      history.going = undefined;
      if (!reached) return;
      history.enter(reached, href, replace, entry);
      if (reached === "navigate") {
        journeys.isOver = false;
        if (reach.onward) history.enter("patch", reach.onward, true);
      }
      if (entry || reached === "navigate") nextFrame(win, () => history.showPlace(entry?.scroll ?? 0));
      else if (new win.URL(href).hash) history.showPlace(undefined);
      notify(win, "navigate", href, reached === "patch", !!entry, backward);
    },
  };
  return journeys;
}
