/** The focus and the selection across a change of the page: in a browser an element that is moved loses them. */
import { invoke, read } from "./native.ts";

/** The element that had the focus when the current change began; moved, it may have lost it meanwhile. */
const held = new WeakMap<Document, Element | null>();

const focusedIn = (document: Document) => held.get(document) ?? read(document, "activeElement");

/** Tells if the user is in this element, as far as a change of the page is concerned. */
export const hasFocus = (el: Element): boolean => el === focusedIn(read(el, "ownerDocument"));

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

/** Moves a node, and as much of the selection as is in it. */
export function keepSelection(node: Node, move: () => void): void {
  const document = read(node, "ownerDocument") as Document;
  const isIn = (end: Node | null) => invoke(node, "contains", end);
  const focused = focusedIn(document);
  // A field's selection comes with the focus.
  const selection =
    selected.get(document)?.some(isIn) &&
    !(focused && invoke(focused, "matches", "input:not([type=checkbox],[type=radio]),textarea")) &&
    invoke(document, "getSelection");
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection || ({} as Selection);
  move();
  if (!selection) return;
  if (isIn(anchorNode))
    selection.setBaseAndExtent(
      anchorNode as Node,
      anchorOffset,
      selection.focusNode as Node,
      selection.focusOffset,
    );
  if (isIn(focusNode)) selection.extend(focusNode as Node, focusOffset);
}

/** Runs a change, then gives the focus back to the element that had it, if it is still there. */
export function keepFocus(document: Document, change: () => void): void {
  const focused = read(document, "activeElement") as HTMLElement | null;
  held.set(document, focused);
  try {
    change();
  } finally {
    held.delete(document);
  }
  // In a field it brings the selection back.
  if (
    focused &&
    focused !== read(document, "activeElement") &&
    focused !== read(document, "body") &&
    read(focused, "isConnected")
  )
    invoke(focused, "focus", { preventScroll: true });
}
