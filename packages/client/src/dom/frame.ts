/** Frames of the page, which do not come while it is hidden. */

type Win = Window & typeof globalThis;

/** Time in which a page that shows something has a frame, in milliseconds. */
const LATE = 100;

/** Tells if the page is hidden: no frames come, and timers come late. An element named like the property only makes it look visible. */
export const isHidden = ({ document }: Win): boolean =>
  (document as { readonly visibilityState: unknown }).visibilityState === "hidden";

/** Runs something with the next frame, or soon if none comes. */
export function nextFrame(win: Win, run: () => void): void {
  if (isHidden(win)) return win.queueMicrotask(run);
  let timer: number | undefined;
  const once = () => {
    if (timer === undefined) return;
    win.clearTimeout(timer);
    timer = undefined;
    run();
  };
  timer = win.setTimeout(once, LATE);
  win.requestAnimationFrame(once);
}
