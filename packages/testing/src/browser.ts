/** A page in happy-dom, with what browsers do differently put right. */
import { Window } from "happy-dom";

/** happy-dom keeps the newline that opens these elements; a browser drops it. */
const openingNewline = /(<(?:textarea|pre|listing)\b(?:"[^"]*"|'[^']*'|[^>"'])*>)\r?\n/gi;

/** Opens a page. No script or style of it is loaded or run. */
export function openPage(url: string, html: string): Window {
  const window = new Window({
    url,
    settings: {
      disableJavaScriptFileLoading: true,
      disableCSSFileLoading: true,
      handleDisabledFileLoadingAsSuccess: true,
    },
  });
  const { prototype } = window.HTMLTemplateElement;
  const { get, set } = Object.getOwnPropertyDescriptor(
    prototype,
    "innerHTML",
  ) as Required<PropertyDescriptor>;
  Object.defineProperty(prototype, "innerHTML", {
    configurable: true,
    get,
    set(html: string) {
      set.call(this, html.replace(openingNewline, "$1"));
    },
  });
  window.document.write(html.replace(openingNewline, "$1"));
  return window;
}
