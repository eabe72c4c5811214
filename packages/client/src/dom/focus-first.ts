/** Finding the first element that takes the focus. */
import { findAll, invoke, read } from "./native.ts";

/** Interactive elements; others only take the focus if they say so. */
const INTERACTIVE = "a[href],area[href],button,input,select,textarea,iframe,summary,[contenteditable]";

/** Gives the focus to the first element in another that takes it, or to the last; interactive ones come before others. */
export function focusFirst(within: Element, last = false): void {
  for (const selector of [INTERACTIVE, "[tabindex]:not([tabindex^='-'])"]) {
    const found = findAll<HTMLElement>(within, selector);
    for (const el of last ? found.reverse() : found) {
      if (invoke(el, "matches", "[aria-hidden=true],:disabled,[type=hidden]")) continue;
      invoke(el, "focus");
      if (read(read(el, "ownerDocument"), "activeElement") === el) return;
    }
  }
}
