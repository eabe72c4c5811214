/** The entries of the browser's history that a page has made: the view of each, its order, and its scroll position. */
import { nextFrame } from "../dom/frame.ts";
import { invoke } from "../dom/native.ts";

export type Kind = "navigate" | "patch";

export interface Entry {
  /** Number of the entry's view: entries that are patched between have the same. */
  readonly view: number;
  readonly at: number;
  readonly scroll?: number;
}

/** The scroll position is kept this long after it came to rest, in milliseconds. */
const REST = 100;

export interface PageHistory {
  /** Number of the view that the page shows. */
  viewNumber: number;
  /** Place of the shown entry among all. */
  entryIndex: number;
  /** The address that the page shows. */
  current: string;
  /** The address of the page's view while the browser is ahead of it, by a way back or forward that waits. */
  shown: string | undefined;
  /** The navigation to another entry that is under way: meanwhile no position is kept. */
  going: { readonly href: string } | undefined;
  /** Keeps the scroll position. */
  savePlace(): void;
  /** Scrolls to a position, or to the target of the address's hash. */
  showPlace(top: number | undefined): void;
  /** Makes an entry. @param entry the one that the browser shows already */
  enter(kind: Kind, href: string, replace: boolean | undefined, entry?: Entry): void;
  /** The browser shows an entry that the page cannot show, or has come to by a link: it becomes the page's. */
  adopt(): void;
}

/** An address without its hash, which is the page's own. */
export const bare = (href: string): string => href.split("#")[0] as string;

const decode = (text: string) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

function scrollPage(win: Window & typeof globalThis, top: number | undefined) {
  const { location, document } = win;
  const hash = decode(location.hash.slice(1));
  const target =
    hash && (invoke(document, "getElementById", hash) ?? invoke(document, "getElementsByName", hash)[0]);
  if (top !== undefined && (top || !target)) win.scrollTo(0, top);
  else if (target) invoke(target, "scrollIntoView");
}

export function createHistory(win: Window & typeof globalThis): PageHistory {
  const { history, location } = win;
  const state = history.state as Entry | null;
  let newest = state?.view ?? 0;
  let rest: number | undefined;
  const write = (way: "replaceState" | "pushState", href: string, more?: object) =>
    history[way]({ ...more, view: page.viewNumber, at: page.entryIndex } satisfies Entry, "", href);

  const page: PageHistory = {
    viewNumber: newest,
    entryIndex: state?.at ?? 0,
    current: location.href,
    shown: undefined,
    going: undefined,
    savePlace: () => write("replaceState", location.href, { ...history.state, scroll: win.scrollY }),
    showPlace: (top) => scrollPage(win, top),
    enter(kind, href, replace, entry) {
      if (entry) page.viewNumber = entry.view;
      else {
        if (kind === "navigate") page.viewNumber = ++newest;
        if (!replace) page.entryIndex++;
        write(replace ? "replaceState" : "pushState", href);
      }
      page.current = location.href;
      page.shown = undefined;
    },
    adopt: () => write("replaceState", page.current),
  };

  win.addEventListener(
    "scroll",
    () => {
      win.clearTimeout(rest);
      rest = win.setTimeout(() => !page.going && page.savePlace(), REST);
    },
    { passive: true },
  );
  if ("scrollRestoration" in history) history.scrollRestoration = "manual";
  if (state?.scroll === undefined) write("replaceState", location.href);
  // The page that is loaded for this may take long, and the user may scroll meanwhile.
  else if (!win.scrollY) nextFrame(win, () => page.showPlace(state.scroll));
  return page;
}
