/** The life of a page as its user sees it: it is loading, there, and left. */
import { reloaded } from "../net/reload.ts";
import type { PushedEvent } from "../wire/frames.ts";

export interface PageLifecycle {
  /** The page is being left: nothing shows as trouble. */
  isLeaving(): boolean;
  leave(): void;
  /** Events that the server pushed: they go to hooks, and to all listeners of `phx:<name>`. */
  dispatch(events: readonly PushedEvent[] | undefined): void;
  /** Tells the page that something of it begins to load, or has loaded. */
  pageLoading(start: boolean, detail: object): void;
  /** The first view of the page is on its way. */
  begin(): void;
  /** The view of the page is joined. */
  ready(): void;
}

export function createPageLifecycle(win: Window & typeof globalThis): PageLifecycle {
  let leaving = false;
  let initial: object | undefined = { kind: "initial", to: win.location.href };
  const leave = () => {
    leaving = true;
  };
  const dispatch = (events: readonly (readonly [name: string, detail: unknown])[] = []) => {
    for (const [name, detail] of events) win.dispatchEvent(new win.CustomEvent(`phx:${name}`, { detail }));
  };
  const pageLoading = (start: boolean, detail: object) =>
    dispatch([[`page-loading-${start ? "start" : "stop"}`, detail]]);
  win.addEventListener("pagehide", leave);
  win.addEventListener("pageshow", () => {
    leaving = false;
  });
  return {
    isLeaving: () => leaving,
    leave,
    dispatch,
    pageLoading,
    begin: () => initial && pageLoading(true, initial),
    ready() {
      reloaded(win);
      if (initial) pageLoading(false, initial);
      initial = undefined;
    },
  };
}
