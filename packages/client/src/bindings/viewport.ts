/**
 * `phx-viewport-top` and `phx-viewport-bottom`: a list tells when the user has scrolled to one of its ends.
 */
import { loadingClasses } from "../dom/element-state.ts";
import { assign, findAll, invoke, read } from "../dom/native.ts";
import type { Host } from "./host.ts";

/** At most one event of a list in this time, in milliseconds. */
const INTERVAL = 500;

interface Scrolling {
  /** Scroll position. */
  position: number;
  edge: "top" | "bottom";
  /** Scrolled up past its top, and told so. */
  overran?: boolean;
  told: number;
  /** The check that follows when telling is allowed again. */
  timer?: number | undefined;
  /** Keeps the end that was reached in sight while the next items are awaited. */
  hold?: (() => unknown) | undefined;
}

/** The element that scrolls a list; the page itself if there is none. */
function scrollerOf({ document, getComputedStyle }: Window & typeof globalThis, list: Element): Element {
  for (let el: Element | null = list; el && el !== read(document, "body"); el = read(el, "parentElement"))
    if (/auto|scroll/.test(getComputedStyle(el).overflowY)) return el;
  return read(document, "documentElement");
}

/** The edges of what a scroller shows, in the window. */
function sightOf(win: Window, scroller: Element): { readonly top: number; readonly bottom: number } {
  if (scroller === read(win.document, "documentElement")) return { top: 0, bottom: win.innerHeight };
  const top = invoke(scroller, "getBoundingClientRect").top + read(scroller, "clientTop");
  return { top, bottom: top + read(scroller, "clientHeight") };
}

/** Brings the end of a list to the edge of its scroller. */
function holdEnd(win: Window, scroller: Element, child: Element, edge: "top" | "bottom"): void {
  if (scroller === read(win.document, "documentElement"))
    return invoke(child, "scrollIntoView", { block: edge === "top" ? "start" : "end" });
  // Only the scroller of the list: `scrollIntoView` would scroll the page around it too.
  const off = invoke(child, "getBoundingClientRect")[edge] - sightOf(win, scroller)[edge];
  assign(scroller, "scrollTop", read(scroller, "scrollTop") + off);
}

/** @returns a function that tells of a scroll that came before this was loaded */
export function watchViewport({
  win,
  prefix,
  viewOf,
  commands,
}: Pick<Host, "win" | "prefix" | "viewOf" | "commands">): (target: EventTarget | null) => void {
  const { document } = win;
  const root = read(document, "documentElement");
  const attribute = (name: string) => `${prefix}viewport-${name}`;
  const all = new WeakMap<Element, Scrolling>();

  const check = (list: Element, scroller: Element, state: Scrolling) => {
    const { edge } = state;
    const isTop = edge === "top";
    const end = () => (isTop ? read(list, "firstElementChild") : read(list, "lastElementChild"));
    const child = end();
    const sight = () => sightOf(win, scroller);
    const isInSight = (edge: "top" | "bottom") => {
      const at = child ? invoke(child, "getBoundingClientRect")[edge] : Number.NaN;
      const { top, bottom } = sight();
      return at > top - 1 && at < bottom + 1;
    };
    const limit =
      invoke(document, "getElementById", invoke(list, "getAttribute", attribute("overrun-target")) ?? "") ??
      list;
    const past = Math.floor(invoke(limit, "getBoundingClientRect").top - sight().top);
    if (!isTop && past <= 0) state.overran = false;
    const binding = invoke(list, "getAttribute", attribute(edge));
    // A list that fills its scroller has no room above it to scroll into.
    const overruns = isTop && !state.overran && past >= (scroller === root ? 0 : 1);
    if (!child || !binding || !read(list, "isConnected") || !(overruns || isInSight(edge))) return;
    const wait = state.told + INTERVAL - performance.now();
    if (wait > 0) {
      state.timer ??= win.setTimeout(() => {
        state.timer = undefined;
        if (!state.hold) check(list, scroller, state);
      }, wait);
      return;
    }
    state.told = performance.now();
    if (overruns) state.overran = true;
    const payload = { id: read(child, "id"), ...(overruns && { _overran: true }) };
    commands.run(binding, { source: list, type: "viewport", payload });
    const hold = () => overruns || holdEnd(win, scroller, child, edge);
    state.hold = hold;
    /** The class goes when the answer is there. */
    const answered = new win.MutationObserver(() => follow());
    answered.observe(list, { attributeFilter: ["class"] });
    const follow = () => {
      if (loadingClasses(list).includes("phx-viewport-loading")) return;
      answered.disconnect();
      state.hold = undefined;
      if (read(child, "isConnected") && !isInSight("top")) hold();
      // The browser scrolls to keep its place, which is not the user's doing, and a user who scrolled on may
      // be at the next end.
      state.position = read(scroller, "scrollTop");
      if (end() !== child) check(list, scroller, state);
    };
    follow();
  };

  const scrolled = (target: EventTarget | null) => {
    for (const list of findAll(document, `[${attribute("top")}],[${attribute("bottom")}]`)) {
      const scroller = scrollerOf(win, list);
      if (target !== (scroller === root ? document : scroller) || !viewOf(list)) continue;
      const state: Scrolling = all.get(list) ?? { position: 0, edge: "top", told: -INTERVAL };
      all.set(list, state);
      const moved = read(scroller, "scrollTop") - state.position;
      state.position += moved;
      if (state.hold) state.hold();
      else if (moved) {
        state.edge = moved > 0 ? "bottom" : "top";
        check(list, scroller, state);
      }
    }
  };
  // Scroll events of elements do not bubble, but can be caught on their way.
  win.addEventListener("scroll", ({ target }) => scrolled(target), true);
  return scrolled;
}
