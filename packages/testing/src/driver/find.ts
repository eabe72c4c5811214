/** Finding elements as strictly as a test should: exactly one, and an error that shows the candidates. */
import type { Element } from "happy-dom";
import { readText, showElements, showHtml } from "../errors/describe.ts";

/**
 * Narrows a selector: text that an element contains, whitespace aside, or a pattern. If several elements
 * contain the text and it is the whole text of one, that one is meant: `"+"` finds the button `+` beside
 * `+10`.
 */
export type TextFilter = string | RegExp;

const matches = (element: Element, filter: TextFilter) =>
  typeof filter === "string"
    ? readText(element).includes(readText({ textContent: filter }))
    : new RegExp(filter.source, filter.flags.replace(/[gy]/g, "")).test(readText(element));

const isWhole = (element: Element, filter: TextFilter) =>
  typeof filter === "string" && readText(element) === readText({ textContent: filter });

/** An element as a test named it: `"button" with text "+"`. */
export const nameElement = (selector: string, filter?: TextFilter): string => {
  const text = filter instanceof RegExp ? String(filter) : JSON.stringify(filter);
  return JSON.stringify(selector) + (filter === undefined ? "" : ` with text ${text}`);
};

/**
 * All elements that fit.
 * @param roots the container of a view, whose content is searched, and its portals, which are found too
 */
export function findAll(
  [container, ...portals]: readonly Element[],
  selector: string,
  filter?: TextFilter,
): Element[] {
  const found = [...((container?.querySelectorAll(selector) ?? []) as Iterable<Element>)];
  for (const portal of portals) {
    if (portal.matches(selector)) found.push(portal);
    found.push(...([...portal.querySelectorAll(selector)] as Element[]));
  }
  return filter === undefined ? found : found.filter((element) => matches(element, filter));
}

/**
 * The one element that fits.
 * @throws Error if there is none or several, with the elements that were found
 */
export function findOne(roots: readonly Element[], selector: string, filter?: TextFilter): Element {
  const all = findAll(roots, selector);
  const fitting = filter === undefined ? all : all.filter((element) => matches(element, filter));
  const whole = filter === undefined ? [] : fitting.filter((element) => isWhole(element, filter));
  const [element, ...others] = whole.length === 1 ? whole : fitting;
  if (element && others.length === 0) return element;
  const name = JSON.stringify(selector);
  if (all.length === 0) {
    const [container, ...portals] = roots;
    const html = [container?.innerHTML ?? "", ...portals.map(({ outerHTML }) => outerHTML)].join("\n");
    throw new Error(
      `expected selector ${name} to return a single element, but got none within:\n\n${showHtml(html)}\n`,
    );
  }
  if (filter === undefined) {
    throw new Error(
      `expected selector ${name} to return a single element, but got ${all.length}:\n\n${showElements(all)}\n`,
    );
  }
  const text = filter instanceof RegExp ? String(filter) : JSON.stringify(filter);
  if (all.length === 1) {
    throw new Error(`selector ${name} did not match text filter ${text}, got:\n\n${showElements(all)}\n`);
  }
  throw new Error(
    fitting.length === 0
      ? `selector ${name} returned ${all.length} elements but none matched the text filter ${text}:\n\n${showElements(all)}\n`
      : `selector ${name} returned ${all.length} elements and ${fitting.length} of them matched the text filter ${text}, expected one:\n\n${showElements(all)}\n`,
  );
}
