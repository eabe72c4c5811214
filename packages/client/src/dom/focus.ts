/** The focus across a change of the page: an element that is moved loses it in a browser. */

/** Runs a change, then gives the focus and the selection back to the element that had them, if it is still there. */
export function keepFocus(document: Document, change: () => void): void {
  const focused = document.activeElement as HTMLInputElement | null;
  const { selectionStart, selectionEnd } = focused ?? {};
  change();
  if (!focused || focused === document.activeElement || !focused.isConnected || focused === document.body)
    return;
  focused.focus({ preventScroll: true });
  if (selectionStart != null && selectionEnd != null) focused.setSelectionRange(selectionStart, selectionEnd);
}
