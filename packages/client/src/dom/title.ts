/** The title of the page. */
import { assign, invoke } from "./native.ts";

/**
 * Sets it between what the layout's title element says in `data-prefix` and `data-suffix`, or to `data-default` if it is
 * empty. If neither says what it is, it stays.
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
