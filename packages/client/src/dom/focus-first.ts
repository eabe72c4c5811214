/** Finding what takes the focus. */

/** What a person works with; other elements only take the focus if they say so. */
const INTERACTIVE = "a[href],area[href],button,input,select,textarea,iframe,summary,[contenteditable]";

/** Gives the focus to the first element in another that takes it, or to the last; interactive ones come before others. */
export function focusFirst(within: Element, last = false): void {
  for (const selector of [INTERACTIVE, "[tabindex]:not([tabindex^='-'])"]) {
    const found = [...within.querySelectorAll<HTMLElement>(selector)];
    for (const el of last ? found.reverse() : found) {
      if (el.matches("[aria-hidden=true],:disabled,[type=hidden]")) continue;
      el.focus();
      if (el.ownerDocument.activeElement === el) return;
    }
  }
}
