/** The focus across a change of the page: an element that is moved loses it in a browser. */

/** What had the focus when the change that is under way began; moved, it may have lost it meanwhile. */
const held = new WeakMap<Document, Element | null>();

/** Whether a person is in this element, as far as a change of the page is concerned. */
export const hasFocus = (el: Element): boolean => {
  const document = el.ownerDocument;
  return el === (held.get(document) ?? document.activeElement);
};

/** Runs a change, then gives the focus and the selection back to the element that had them, if it is still there. */
export function keepFocus(document: Document, change: () => void): void {
  const focused = document.activeElement as HTMLInputElement | null;
  const { selectionStart, selectionEnd } = focused ?? {};
  held.set(document, focused);
  try {
    change();
  } finally {
    held.delete(document);
  }
  if (!focused || focused === document.activeElement || !focused.isConnected || focused === document.body)
    return;
  focused.focus({ preventScroll: true });
  if (selectionStart != null && selectionEnd != null) focused.setSelectionRange(selectionStart, selectionEnd);
}
