/**
 * Navigation of the page: links, commands, the server's redirects, and the browser's own back and forward.
 */
import type { NavigateOptions } from "../bindings/host.ts";
import { invoke } from "../dom/native.ts";
import { ATTR_LINK, ATTR_REPLACE, SESSION } from "../wire/constants.ts";
import type { Navigation, SessionOffer } from "../wire/frames.ts";
import { isOwn, readAddress } from "./address.ts";
import { watchPopState } from "./back-and-forward.ts";
import { bare, createHistory, type Entry, type Kind } from "./history.ts";
import { createJourneys, loadPage, notify } from "./journeys.ts";
import { clickedLink } from "./links.ts";
import type { NavigationHost } from "./navigation-host.ts";
import { createReach } from "./reach.ts";

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
  follow(navigation: Navigation | SessionOffer, nested?: boolean): void;
}

/** @param fetchSession asks for the cookies of a session, by a ticket */
export function createNavigation(
  host: NavigationHost,
  fetchSession: (url: string, ticket: string) => void,
): Navigating {
  const { win } = host;
  const { location } = win;
  const history = createHistory(win);
  const reach = createReach(host);
  const journeys = createJourneys(host, history, reach);
  let isFresh = false;

  const load = (href: string, replace: boolean | undefined, flash?: string) =>
    loadPage(host, history, href, replace, flash);

  /** There is a connection, or there will be; also while one view has ended and the next one is on its way. */
  const isLive = () => host.ready || host.lost || journeys.isOver;

  const go: Navigating["go"] = (kind, href, options = {}) => {
    const url = readAddress(win, href);
    // Of several commands of one binding the first one counts.
    if (history.going && (history.going.href === url.href || isFresh)) return;
    if (!notify(win, "before-navigate", url.href, kind === "patch")) return;
    if (!isLive()) return load(url.href, options.replace);
    isFresh = true;
    queueMicrotask(() => {
      isFresh = false;
    });
    void journeys.run(kind, url.href, options);
  };

  /** The page goes with the browser to an entry. */
  const pop = (to: Entry, isPatch: boolean) => {
    if (isLive()) void journeys.run(isPatch ? "patch" : "navigate", location.href, {}, undefined, to);
    else load(location.href, true);
  };
  watchPopState(win, history, pop);

  return {
    go,
    link(event) {
      const clicked = clickedLink(win, event);
      if (!clicked) return;
      const [source, url] = clicked;
      // Within the page, and to a page that is not live, the browser navigates.
      if ((url.hash && bare(url.href) === bare(location.href)) || !isLive()) return;
      event.preventDefault();
      const kind = invoke(source, "getAttribute", ATTR_LINK) as Kind;
      go(kind, url.href, { replace: invoke(source, "hasAttribute", ATTR_REPLACE), source, type: "click" });
    },
    get shown() {
      return history.shown;
    },
    resume: () => reach.goOn(),
    follow([kind, to, replace, flash], nested) {
      if (kind === SESSION) return fetchSession(to, flash as string);
      const url = new win.URL(to, location.href);
      if (kind === "redirect" || !isOwn(win, url)) return load(url.href, !!replace, flash);
      if (kind === "navigate" || nested) {
        journeys.isOver ||= !nested;
        void journeys.run(kind, url.href, { replace: !!replace }, flash);
      } else if (reach.isLeaving) {
        // The view's page has no history entry yet, or has been left and has none any more.
        if (!host.arriving) reach.onward = url.href;
        // The user already goes back or forward from there: the browser shows the address.
      } else if (history.shown !== undefined) history.shown = bare(url.href);
      else {
        history.enter("patch", url.href, !!replace);
        history.showPlace(undefined);
        notify(win, "navigate", url.href, true);
      }
    },
  };
}
