/** Templates and lists that are not written as they have to be: each error says where, and what to write. */
import { expect, test } from "vitest";
import { each, html, memo, renderToHtml, TemplateError } from "../index.ts";

/** Takes arguments of any kind, as JavaScript does. */
const loose = { each, html, memo, renderToHtml } as unknown as {
  [name: string]: (...given: unknown[]) => string;
};
const key = (item: unknown) => String(item);
const render = () => html`<b>a</b>`;
const LIST = "Write each(items, (item) => item.id, (item) => html`…`).";

test.each([
  [() => loose["each"]?.([1], key), `The third argument of each, which renders an item, is missing. ${LIST}`],
  [() => loose["each"]?.([1], key, html`<b>a</b>`), "which renders an item, is a template."],
  [() => loose["each"]?.([1]), `The second argument of each, which tells an item's key, is missing. ${LIST}`],
  [() => loose["each"]?.([1], "id", render), 'which tells an item\'s key, is the text "id".'],
  [
    () => loose["each"]?.(undefined, key, render),
    "The items of an each are missing, which cannot be gone through. Begin with an empty list, items = []",
  ],
  [() => loose["each"]?.(null, key, render), "The items of an each are null"],
  [
    () => loose["each"]?.(Promise.resolve([]), key, render),
    "The items of an each are a promise, which cannot be gone through. Await it",
  ],
  [() => loose["each"]?.({ a: 1 }, key, render), "Write each(Object.entries(items), …)"],
  [() => loose["each"]?.(5, key, render), "The items of an each are the number 5"],
  [
    () => loose["memo"]?.(render),
    "The first argument of memo, an array of what it depends on, is the function render. Write memo([this.version], () => html`…`).",
  ],
  [() => loose["memo"]?.([1]), "The second argument of memo, which renders, is missing."],
  [() => loose["memo"]?.([1], html`a`), "The second argument of memo, which renders, is a template."],
  [() => html, "The function html cannot be shown. Write html`…`, with the template after it."],
])("%#: a slot says what it cannot show", (make, problem) => {
  const failing = () => renderToHtml(html`<p>a</p><p>${make()}</p>`);
  expect(failing).toThrow(TemplateError);
  expect(failing).toThrow(problem);
  expect(failing).toThrow(/\n {2}<p>a<\/p><p>\$\{…\}<\/p>\n {13}\^\n\n {2}at \S*wrong-list\.test\.ts:\d+/);
  expect(() => renderToHtml(html`<p>${[make()]}</p>`)).toThrow(problem);
});

test("every iterable is a list", () => {
  for (const items of [[1], new Set([1]), new Map([[1, 1]]), "a", [1].values()])
    expect(renderToHtml(html`<p>${each<unknown>(items, String, render)}</p>`)).toBe("<p><b>a</b></p>");
});

test("html is no function, and renderToHtml wants what it makes", () => {
  for (const given of ["<p>a</p>", undefined, ["<p>a</p>"]])
    expect(() => loose["html"]?.(given)).toThrow("html is a tag and was called as a function. Write html`…`");
  expect(() => loose["renderToHtml"]?.("<p>a</p>")).toThrow(
    'renderToHtml expects a template, html`…`, but it is the text "<p>a</p>".',
  );
  expect(() => loose["renderToHtml"]?.(html)).toThrow("it is the function html");
});

test.each([
  [undefined, "but this is undefined. Is it exported under this name?"],
  [html`a`, "but this is a template. Show it as it is: ${template}."],
])("%#: a tag says what is no component", (component, problem) => {
  expect(() => renderToHtml(html`<${component} />`)).toThrow(problem);
});
