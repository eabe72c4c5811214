/** What HTML says about elements by their names, as far as templates need it. */

const set = (names: string): ReadonlySet<string> => new Set(names.split(" "));

/** Elements without content or end tag. */
export const voids = set("area base br col embed hr img input link meta source track wbr");
/** Elements whose content is not HTML at all. */
export const rawText = set("script style");
/** Elements whose content is text only, in which entities count. */
export const textOnly = set("textarea title");
/** Elements in which all whitespace counts. */
export const preserving = set("pre textarea");
/** Elements in which a browser shows no text, so that whitespace alone means nothing. */
export const structural = set("html head table thead tbody tfoot tr colgroup select optgroup datalist");

/** Elements that a `<p>` cannot hold: a browser closes the paragraph before them. */
const closingP = set(
  "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre search section table ul",
);
/** Elements that cannot stand anywhere inside one of their own kind. */
const notInItself = set("a button form");
/** Elements that stand in certain parents only; a browser makes up what is missing. */
const parents: Readonly<Record<string, ReadonlySet<string>>> = {
  tr: set("tbody thead tfoot"),
  td: set("tr"),
  th: set("tr"),
  tbody: set("table"),
  thead: set("table"),
  tfoot: set("table"),
  caption: set("table"),
  colgroup: set("table"),
  col: set("colgroup"),
};
/** What may stand directly in the parts of a table. */
const children: Readonly<Record<string, ReadonlySet<string>>> = {
  table: set("caption colgroup thead tbody tfoot script style template"),
  tbody: set("tr script style template"),
  thead: set("tr script style template"),
  tfoot: set("tr script style template"),
  tr: set("td th script style template"),
  colgroup: set("col template"),
};

/**
 * Why a browser would not put an element where a template has it, with what to write instead; undefined if it would.
 * @param open names of the open elements of the same template, outermost first
 */
export function misplaced(name: string, open: readonly string[]): string | undefined {
  const parent = open.at(-1);
  if (parent === undefined || open.includes("svg") || open.includes("math")) return undefined;
  if (closingP.has(name) && open.includes("p")) return `<${name}> cannot stand in <p>: a browser ends the paragraph before it. Use <div> instead of <p>.`;
  if (notInItself.has(name) && open.includes(name)) return `<${name}> cannot stand in another <${name}>.`;
  if (/^h[1-6]$/.test(name) && /^h[1-6]$/.test(parent)) return `<${name}> cannot stand in <${parent}>.`;
  if (name === "li" && parent === "li") return "<li> cannot stand in <li>: write </li> before it, or a list around it.";
  if (name === "option" && parent === "option") return "<option> cannot stand in <option>: write </option> before it.";
  if (/^d[dt]$/.test(name) && /^d[dt]$/.test(parent)) return `<${name}> cannot stand in <${parent}>: write </${parent}> before it.`;
  const allowed = parents[name];
  if (allowed && !allowed.has(parent) && parent !== "template") {
    return name === "tr" && parent === "table"
      ? "<tr> cannot stand in <table> directly: a browser puts a <tbody> around it. Write <tbody>."
      : `<${name}> cannot stand in <${parent}>, only in <${[...allowed].join("> or <")}>.`;
  }
  if (children[parent] && !children[parent].has(name)) return `<${name}> cannot stand in <${parent}>: a browser moves it out of the table.`;
  return undefined;
}

/** Attributes that a browser follows or runs, where a script must not stand. */
export const urlAttributes = set("href src action formaction xlink:href data poster ping background cite manifest");
