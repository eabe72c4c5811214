/** Views that are navigated to: each joined beside the page's own, and put in its place once it is there. */
import type { Host } from "../bindings/host.ts";
import type { RunRemoval } from "../bindings/remove.ts";
import { findAll, invoke, read } from "../dom/native.ts";
import { put } from "../patch/order.ts";
import type { UploadsHost } from "../uploads/uploads.ts";
import type { Arrival, View } from "../view/view.ts";
import { ATTR_STICKY } from "../wire/constants.ts";
import type { NavigationHost } from "./navigation-host.ts";

/** The views of a page, as far as one takes the place of another. */
export interface SwapHost {
  /** The view of the page itself. */
  main: View | undefined;
  addView(container: Element, arrival: Arrival): View;
  /** The view in a container is over. */
  dropView(container: Element): void;
  viewAt(container: Element): View | undefined;
  /** Gives up a view's number and container, but goes on with the view. */
  forget(view: View): void;
}

/** Signs of the page that it is on its way to another. */
export type PageSigns = Pick<NavigationHost, "pageLoading" | "leave">;

/** A view that is on its way. */
export interface PendingView {
  readonly view: View;
  /** It is there, or will not come. */
  settle(error?: Error): void;
}

export interface ViewSwap {
  readonly current: PendingView | undefined;
  navigate(url: string, flash: string | undefined): Promise<void>;
}

export function createViewSwap(page: SwapHost): ViewSwap {
  let current: PendingView | undefined;

  /** Sticky views move over. */
  const replace = (old: View, next: View) => {
    const stickies = findAll(old.el, `[${ATTR_STICKY}][id]`);
    invoke(old.el, "after", next.el);
    for (const sticky of stickies) {
      const place = findAll(next.el, `[${ATTR_STICKY}]`).find((el) => read(el, "id") === read(sticky, "id"));
      if (!place || !page.viewAt(sticky)) continue;
      put(read(place, "parentNode") as Element, sticky, place);
      invoke(place, "remove");
    }
    page.forget(old);
    page.main = next;
    old.leave();
    invoke(old.el, "remove");
  };

  return {
    get current() {
      return current;
    },
    navigate: (url, flash) =>
      new Promise<void>((resolve, reject) => {
        const { main } = page;
        if (!main) return reject(new Error("Overwire: there is no view"));
        const container = invoke(main.el, "cloneNode", false) as Element;
        const view = page.addView(container, { url, flash });
        const own: PendingView = {
          view,
          settle(error) {
            if (current === own) current = undefined;
            if (!error) {
              replace(page.main as View, view);
              resolve();
              return;
            }
            page.dropView(container);
            reject(error);
          },
        };
        current = own;
        view.join();
      }),
  };
}

/** @returns the navigator of a page's views */
export function createNavigator(
  { win, prefix, socket }: Pick<Host & UploadsHost, "win" | "prefix" | "socket">,
  page: SwapHost,
  { pageLoading, leave }: PageSigns,
  arrivals: ViewSwap,
  removing: RunRemoval,
): NavigationHost {
  return {
    win,
    get ready() {
      return !!page.main?.joined;
    },
    get lost() {
      return !!page.main?.lost;
    },
    get crashed() {
      return socket.connected && !page.main?.joined;
    },
    patch: (url, flash) => page.main?.patch(url, flash) ?? Promise.reject(new Error("elsewhere")),
    navigate: arrivals.navigate,
    get arriving() {
      return !!arrivals.current;
    },
    cancel: () => arrivals.current?.settle(new Error("elsewhere")),
    pageLoading,
    leave,
    removing() {
      for (const el of page.main ? findAll(page.main.el, `[${prefix}remove]`) : [])
        if (!invoke(el, "closest", `[${ATTR_STICKY}]`)) removing(el);
    },
  };
}
