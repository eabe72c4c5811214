/** The title of the page. */
import { assign, invoke } from "./native.ts";

/**
 * Sets it between `data-prefix` and `data-suffix` of the layout's title element, or to `data-default` if it
 * is empty. Without either it stays.
 */
export function setTitle(document: Document, title: string | undefined): void {
  const {
    prefix = "",
    suffix = "",
    default: empty,
  } = (invoke(document, "querySelector", "head title") as HTMLTitleElement | null)?.dataset ?? {};
  const text = title || empty;
  if (text !== undefined) assign(document, "title", prefix + text + suffix);
}
