/** The browser's own back and forward: announced to the page, which may prevent it. */
import { bare, type Entry, type PageHistory } from "./history.ts";
import { notify } from "./journeys.ts";

/** @param pop takes the page to the entry that the browser shows */
export function watchPopState(
  win: Window & typeof globalThis,
  page: PageHistory,
  pop: (to: Entry, isPatch: boolean) => void,
): void {
  const { history, location } = win;
  /** The next event is our own. */
  let ignored = false;
  /** The browser went to another position in the page, by itself if that has no entry yet: by a link. */
  const move = (entry: Entry | null) => {
    page.current = location.href;
    page.entryIndex = entry?.at ?? page.entryIndex + 1;
    if (entry) page.showPlace(entry.scroll ?? 0);
    else page.adopt();
  };
  win.addEventListener("popstate", ({ state: entry }: { readonly state: Entry | null }) => {
    if (ignored) {
      ignored = false;
      return;
    }
    const { viewNumber: view, entryIndex: at, current, going } = page;
    // Another position in the same page is no matter of the server's.
    if (bare(current) === bare(location.href) && (!entry || (entry.view === view && !going)))
      return move(entry);
    const to = entry ?? { view: -1, at: at + 1 };
    const patch = to.view === view;
    if (notify(win, "before-navigate", location.href, patch, true, to.at < at)) return pop(to, patch);
    history.go(at - to.at);
    // The entry that is left comes back with an event of its own.
    ignored = true;
  });
}
