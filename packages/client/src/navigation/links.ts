/** Live links: clicks that the browser would follow in this tab. */
import { invoke, isElement, read } from "../dom/native.ts";
import { ATTR_LINK } from "../wire/constants.ts";
import { isOwn } from "./address.ts";

/** The address of a link. In SVG the properties of links are objects, and the attribute may have the name of old. */
function addressOf(win: Window & typeof globalThis, link: Element) {
  try {
    return new win.URL(
      invoke(link, "getAttribute", "href") ?? invoke(link, "getAttribute", "xlink:href") ?? "",
      read(link, "baseURI"),
    );
  } catch {
    return undefined;
  }
}

/** @returns the live link that a click is on, and its address in the app, if the browser would follow it in this tab */
export function clickedLink(
  win: Window & typeof globalThis,
  event: MouseEvent,
): readonly [link: Element, url: URL] | undefined {
  const { target } = event;
  const link = isElement(target) && invoke(target, "closest", `a[${ATTR_LINK}]`);
  const isPlain = !(event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!link || event.defaultPrevented || !isPlain || invoke(link, "hasAttribute", "download"))
    return undefined;
  const url = addressOf(win, link);
  return /^(_self)?$/i.test(invoke(link, "getAttribute", "target") ?? "") && url && isOwn(win, url)
    ? [link, url]
    : undefined;
}
