/**
 * HTML's content model: elements that a browser would move, so that the page would differ from the template.
 */
import { set, voids } from "./elements.ts";

/**
 * An open element: its name in lower case, empty for a component, whose wrapping of its children is unknown.
 */
export interface OpenElement {
  readonly key: string;
  /** Its content is SVG or MathML. */
  readonly foreign: boolean;
}

/** Elements that end a `<p>` that is open. */
const endsParagraph = set(
  "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li main menu nav ol p pre search section summary table ul",
);
const scope = "applet caption html table td th marquee object template";
const scopes = set(scope);
const scopesOrButton = set(`${scope} button`);
const onlyTemplate = set("template");
/** Elements between which and an `<li>` (or `<dd>`) inside a browser does not look for another one. */
const listScopes = set(
  "applet article aside blockquote body button caption center details dir dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup main marquee menu nav object ol pre section select summary table td template th ul",
);
/** Elements that cannot stand in one of their own kind, and the elements between the two that allow it. */
const notInItself: Readonly<Record<string, ReadonlySet<string>>> = {
  a: scopes,
  nobr: scopes,
  button: scopes,
  form: onlyTemplate,
  select: onlyTemplate,
  // A browser with scripts ends it at the first end tag.
  noscript: new Set(),
};
const closers: Readonly<Record<string, ReadonlySet<string>>> = {
  li: set("li"),
  dd: set("dd dt"),
  dt: set("dd dt"),
};
const impliedEnds = set("dd dt li optgroup option p rp rt");
/** Elements that a browser ends before one that follows in them directly. */
const siblings: Readonly<Record<string, ReadonlySet<string>>> = {
  option: set("option"),
  optgroup: set("option optgroup"),
  hr: set("option optgroup"),
  rt: impliedEnds,
  rp: impliedEnds,
  ...Object.fromEntries(["h1", "h2", "h3", "h4", "h5", "h6"].map((name) => [name, set("h1 h2 h3 h4 h5 h6")])),
};
/** Elements that stand in certain parents only; a browser drops them elsewhere, or adds the missing ones. */
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
  head: set("html"),
  body: set("html"),
};
/** Parents that hold certain elements only; a browser moves others out. */
const rows = set("tr script style template");
const children: Readonly<Record<string, ReadonlySet<string>>> = {
  table: set("caption colgroup thead tbody tfoot script style template"),
  tbody: rows,
  thead: rows,
  tfoot: rows,
  tr: set("td th script style template"),
  colgroup: set("col template"),
  html: set("head body"),
  head: set("base link meta noscript script style template title"),
};
const select = set("select");
/** Elements that every browser leaves in a select; some have begun to leave more. */
const inSelect = set("option optgroup hr script template");
/** HTML elements before which a browser leaves SVG and MathML. */
const breakout = set(
  "b big blockquote body center code dd div dl dt em h1 h2 h3 h4 h5 h6 head i li listing menu nobr ol p pre ruby s small span strike strong sub sup table tt u ul var",
);
/** Elements of SVG and MathML that hold HTML again. */
const htmlAgain = set("foreignobject desc title annotation-xml mi mo mn ms mtext");
/** Elements that cannot be part of a template at all. */
const obsolete = set("plaintext frameset frame");

/** Tells if the content of an element is SVG or MathML. */
export const isForeign = (key: string, parent: OpenElement | undefined): boolean =>
  key === "svg" || key === "math" || (!!parent?.foreign && !htmlAgain.has(key));

/**
 * The reason for which a browser would move an element, with the correction; undefined if it would not.
 * @param open the open elements of the template, outermost first
 */
export function misplaced(key: string, open: readonly OpenElement[]): string | undefined {
  if (obsolete.has(key)) return `<${key}> is no longer part of HTML.`;
  const parent = open.at(-1);
  if (!parent?.key) return undefined;
  if (parent.foreign) {
    if (!breakout.has(key) && !voids.has(key)) return undefined;
    return `<${key}> cannot stand in <${parent.key}>: a browser leaves SVG before it. Write <foreignObject> around it.`;
  }
  return misplacedBelow(key, parent.key) ?? misplacedWithin(key, knownAncestors(open));
}

/** Names of the open elements up to the first unknown surrounding, a component or SVG. Innermost first. */
function knownAncestors(open: readonly OpenElement[]): readonly string[] {
  const from = open.findLastIndex(({ key, foreign }) => key === "" || foreign);
  return open
    .slice(from + 1)
    .map(({ key }) => key)
    .reverse();
}

function misplacedBelow(key: string, parent: string): string | undefined {
  if (siblings[key]?.has(parent)) {
    return `<${key}> cannot stand in <${parent}>: a browser ends that one before it. Write </${parent}> first.`;
  }
  if (key === "html") return `<html> cannot stand in another element.`;
  if (key === "image") return "<image> is an element of SVG. Write <img>.";
  const allowed = parents[key];
  if (allowed && !allowed.has(parent) && (parent !== "template" || allowed.has("html"))) {
    return key === "tr" && parent === "table"
      ? "<tr> cannot stand in <table> directly: a browser puts a <tbody> around it. Write <tbody>."
      : `<${key}> cannot stand in <${parent}>, only in <${[...allowed].join("> or <")}>.`;
  }
  const content = children[parent];
  if (!content || content.has(key)) return undefined;
  return `<${key}> cannot stand in <${parent}> directly: a browser moves it out. It holds <${[...content].slice(0, 5).join(">, <")}>.`;
}

function misplacedWithin(key: string, ancestors: readonly string[]): string | undefined {
  const within = (names: ReadonlySet<string>, until: ReadonlySet<string>) => {
    const found = ancestors.find((each) => names.has(each) || until.has(each));
    return found !== undefined && names.has(found) ? found : undefined;
  };
  const stops = notInItself[key];
  if (stops && within(set(key), stops)) return `<${key}> cannot stand in another <${key}>.`;
  const closer = closers[key] && within(closers[key], listScopes);
  if (closer)
    return `<${key}> cannot stand in <${closer}>: write </${closer}> before it, or a list around it.`;
  if (endsParagraph.has(key) && within(set("p"), scopesOrButton)) {
    return `<${key}> cannot stand in <p>: a browser ends the paragraph before it. Write </p> first, or <div> in place of <p>.`;
  }
  if (!inSelect.has(key) && within(select, onlyTemplate)) {
    return `<${key}> cannot stand in <select>: not every browser leaves it there. It holds <option>, <optgroup>, <hr>.`;
  }
  return undefined;
}
