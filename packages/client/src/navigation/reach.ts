/** Ways to another URL or view: by the connection, as soon as there is one. */
import { LOST } from "../net/lost.ts";
import { bare, type Entry, type Kind } from "./history.ts";
import type { NavigationHost } from "./navigation-host.ts";

/** After this time without a connection, in milliseconds, a page that waits is loaded if the server answers to that. */
const LONG = 30_000;

export interface Reach {
  /** Another view is on its way. */
  readonly isLeaving: boolean;
  /** The next target of the view that is on its way. */
  onward: string | undefined;
  /** Goes on with what waits for the connection. */
  goOn: () => void;
  /**
   * Has the page's view patched, or another one take its place, as soon as there is a connection.
   * @returns the kind of its arrival; undefined if the server redirected the page, something newer is wanted,
   *   or it stays
   */
  run(
    kind: Kind,
    href: string,
    flash: string | undefined,
    entry: Entry | undefined,
    isCurrent: () => boolean,
  ): Promise<Kind | undefined>;
}

export const isTooLarge = (error: unknown): boolean => (error as Error).message === "too_large";

export function createReach(host: NavigationHost): Reach {
  const { win } = host;
  let isLeaving = false;

  const leave = async (href: string, flash: string | undefined) => {
    host.removing();
    isLeaving = true;
    reach.onward = undefined;
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
      reach.goOn = () => end(false);
    });

  const reach: Reach = {
    get isLeaving() {
      return isLeaving;
    },
    onward: undefined,
    goOn() {},
    async run(kind, href, flash, entry, isCurrent) {
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
    },
  };
  return reach;
}
