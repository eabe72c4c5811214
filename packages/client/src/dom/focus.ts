/** The focus across a change of the page: an element that is moved loses it in a browser. */
import { invoke, read } from "./native.ts";

/** The element that had the focus when the current change began; moved, it may have lost it meanwhile. */
const held = new WeakMap<Document, Element | null>();

/** Tells if the user is in this element, as far as a change of the page is concerned. */
export const hasFocus = (el: Element): boolean => {
  const document = read(el, "ownerDocument");
  return el === (held.get(document) ?? read(document, "activeElement"));
};

/** The nodes in which the selection of a page begins and ends. To ask for them while the page changes makes a browser lay it out. */
const selected = new WeakMap<Document, readonly (Node | null)[]>();

/** Keeps an eye on the selection of a page. */
export function watchSelection(document: Document): void {
  invoke(document, "addEventListener", "selectionchange", () => {
    const { anchorNode = null, focusNode = null } = invoke(document, "getSelection") ?? {};
    selected.set(document, [anchorNode, focusNode]);
  });
}

/** Tells if the selection begins or ends in a node. */
export const isSelected = (node: Node): boolean =>
  !!selected.get(read(node, "ownerDocument") as Document)?.includes(node);

/** Tells if there is such a position in a text of the page. */
const isIn = (node: Node | null | undefined, offset: number | undefined): node is Text =>
  !!node && read(node, "isConnected") && (offset as number) <= (node as Text).length;

/** Runs a change, then gives the focus and the selection back to the element that had them, if it is still there. */
export function keepFocus(document: Document, change: () => void): void {
  const focused = read(document, "activeElement") as HTMLInputElement | null;
  const [start, end] = (["selectionStart", "selectionEnd"] as const).map(
    (name) => focused && read(focused, name),
  );
  // To look at it makes a browser lay out the page, which is too much for what is in a field.
  const selection =
    focused && invoke(focused, "hasAttribute", "contenteditable") && invoke(document, "getSelection");
  const { anchorNode: anchor, anchorOffset, focusNode, focusOffset } = selection || {};
  held.set(document, focused);
  try {
    change();
  } finally {
    held.delete(document);
  }
  // Moved, it leaves the selection behind.
  if (
    selection &&
    anchor !== selection.anchorNode &&
    isIn(anchor, anchorOffset) &&
    isIn(focusNode, focusOffset)
  )
    selection.setBaseAndExtent(anchor, anchorOffset as number, focusNode, focusOffset as number);
  if (!focused || focused === read(document, "activeElement")) return;
  if (!read(focused, "isConnected") || focused === read(document, "body")) return;
  invoke(focused, "focus", { preventScroll: true });
  if (start != null && end != null) focused.setSelectionRange(start, end);
}
