/** HTML that is trusted. */
import { Raw } from "./nodes.ts";

export { Raw } from "./nodes.ts";

/**
 * HTML to be inserted as it is. Its author can run scripts in the page: never pass user input. As an
 * attribute's value it may hold character references and even a `javascript:` URL; its `"` cannot end the
 * value.
 */
export const raw = (html: string): Raw => new Raw(html);
