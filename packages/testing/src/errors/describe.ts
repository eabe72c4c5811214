/** Words for the contents of a page, so that a failing test shows them. */
import type { Element } from "happy-dom";

const LONGEST = 1500;

/** HTML for a message, cut if it is long. */
export const showHtml = (html: string): string => {
  const trimmed = html.trim();
  const shown =
    trimmed.length > LONGEST
      ? `${trimmed.slice(0, LONGEST)}… (${trimmed.length} characters)`
      : trimmed || "(nothing)";
  return shown.replace(/^/gm, "    ");
};

/** Elements for a message, a few of them whole. */
export const showElements = (elements: readonly Element[]): string =>
  elements
    .slice(0, 10)
    .map(({ outerHTML }) => showHtml(outerHTML))
    .concat(elements.length > 10 ? `    … and ${elements.length - 10} more` : [])
    .join("\n");

export const showList = (values: Iterable<string>): string =>
  [...values].map((value) => JSON.stringify(value)).join(", ") || "none";

/** Text as a reader sees it: whitespace joined, ends cut. */
export const readText = (node: { readonly textContent: string | null }): string =>
  (node.textContent ?? "").replace(/\s+/g, " ").trim();
