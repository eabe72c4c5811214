/** HTML that is trusted. */
import { Raw } from "./nodes.ts";

export { Raw } from "./nodes.ts";

/**
 * HTML to be inserted as it is. Whoever can write it can run scripts in the page: never what a person sent. As an
 * attribute's value it may hold character references and even a `javascript:` URL; its `"` cannot end the value.
 */
export const raw = (html: string): Raw => new Raw(html);
