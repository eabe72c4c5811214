/** HTML's rules for elements by their names, as far as templates need them. */

export const set = (names: string): ReadonlySet<string> => new Set(names.split(" "));

/** Elements without content or end tag. */
export const voids = set("area base br col embed hr img input link meta source track wbr");
/** Elements whose content is not HTML at all. */
export const rawText = set("script style iframe xmp noembed noframes");
/** Elements whose content is text only, in which character references count. */
export const textOnly = set("textarea title");
/** Elements in which all whitespace counts. */
export const preserving = set("pre textarea");
/** Elements in which a browser shows no text, so that whitespace alone means nothing. */
export const structural = set("html head table thead tbody tfoot tr colgroup select optgroup datalist");
/** Elements that a browser moves text out of. */
export const textless = set("html head table thead tbody tfoot tr colgroup");
