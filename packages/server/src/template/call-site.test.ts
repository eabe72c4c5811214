/** Place of an error in the author's code, and the component whose template it is. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { each, html, Link, memo, raw, renderToHtml, type Template, TemplateError } from "../index.ts";
import { type FoundMistake, Mistakes } from "../runtime/mistakes.ts";
import { formatCallSite, renderAs } from "./call-site.ts";
import { type RenderContext, withRenderContext } from "./render-context.ts";

const file = fileURLToPath(import.meta.url);
const lines = readFileSync(file, "utf8").split("\n");

/** The error of a template that a view makes and renders. */
function errorOf(make: () => Template): TemplateError {
  try {
    renderToHtml(renderAs("Page", make));
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** The mark in a comment on the error's line. */
const markOf = ({ file: named, line }: { file?: string | undefined; line?: number | undefined }) => {
  expect(named).toBe(file);
  return /\/\/ (.+)$/.exec(lines[(line as number) - 1] ?? "")?.[1];
};

const bad = Symbol("bad") as unknown as string;
const Unclosed = () => html`<p>`; // unclosed
const Card = ({ value, children }: { value?: unknown; children?: unknown }) => {
  const shown = value;
  return html`<b title="x">${shown}${children}</b>`; // card
};
const Rows = ({ items }: { items: readonly unknown[] }) =>
  html`<ul>${each(
    items,
    (_, index) => index,
    (item) => html`<li>${item}</li>`, // row
  )}</ul>`;
const Anchor = () => raw('<a href="/">a</a>');
const Broken = (): Template => {
  throw new TemplateError("It is broken.");
};

test("the message ends with the place, relative to the working directory, and the component", () => {
  const error = errorOf(() => html`<${Card} value=${bad} />`);
  const { line, column } = error;
  const path = file.slice(process.cwd().length + 1);
  expect(error.message).toMatch(/\n\n {2}<b title="x">[^\n]*\n[^\n]*\^\n\n {2}at [^\n]+\n?$/);
  expect(error.message.trimEnd().endsWith(`\n  at ${path}:${line}:${column} (in Card)`)).toBe(true);
  expect(error.place).toBe(`${path}:${line}:${column} (in Card)`);
  expect(lines[(line as number) - 1]?.slice(0, column)).toMatch(/^ {2}return (html)?/);
});

test("a file outside of the working directory keeps its whole path", () => {
  const at = { line: 1, column: 2, component: undefined };
  expect(formatCallSite({ file: "/elsewhere/a.ts", ...at }, "Cart")).toBe("/elsewhere/a.ts:1:2 (in Cart)");
  expect(formatCallSite({ file: `${process.cwd()}/a.ts`, ...at }, undefined)).toBe("a.ts:1:2");
  expect(formatCallSite({ file: "https://example.com/a.ts", ...at }, undefined)).toBe(
    "https://example.com/a.ts:1:2",
  );
});

test("an error outside of any template has no place", () => {
  const error = new TemplateError("It is broken.");
  expect(error.message).toBe("It is broken.");
  expect([error.file, error.line, error.column, error.component, error.place]).toEqual(
    Array(5).fill(undefined),
  );
});

describe("the place and the component of", () => {
  const rows: readonly (readonly [what: string, make: () => Template, mark: string, component: string])[] = [
    ["a template that cannot be read", () => html`<div><${Unclosed} /></div>`, "unclosed", "Unclosed"],
    ["a view's own template", () => html`<p>${bad}</p>`, "view", "Page"], // view
    ["a value of a component", () => html`<${Card} value=${bad} />`, "card", "Card"],
    ["an item of a list", () => html`<${Rows} items=${[bad]} />`, "row", "Rows"],
    ["what a memo renders", () => html`<p>${memo([1], () => html`<i>${bad}</i>`)}</p>`, "memo", "Page"], // memo
    ["what stands between a component's tags", () => html`<${Card}><i>${bad}</i><//>`, "between", "Page"], // between
    ["a component that throws", () => html`<p><${Broken} /></p>`, "thrown", "Broken"], // thrown
    ["a tag that is no component", () => html`<p><${"b"} /></p>`, "no component", "Page"], // no component
    ["a spread", () => html`<p ...${"b"}></p>`, "spread", "Page"], // spread
    ["an attribute", () => html`<p title=${{}}></p>`, "attribute", "Page"], // attribute
    ["a built-in component", () => html`<${Link} href="/" title=${bad}>a<//>`, "link", "Page"], // link
    ["an item of an array", () => html`<p>${[bad]}</p>`, "array", "Page"], // array
    ["an element that cannot stand in a slot", () => html`<ul>${html`<tr></tr>`}</ul>`, "place", "Page"], // place
    ["trusted HTML that cannot stand there", () => html`<p>${raw("<div></div>")}</p>`, "raw", "Page"], // raw
    ["an element in a built-in component", () => html`<${Link} href="/">${Anchor()}<//>`, "portal", "Page"], // portal
    ["a template that becomes text", () => html`<p>${`${html`<b></b>`}`}</p>`, "text", "Page"], // text
  ];
  test.each(rows)("%s", (_, make, mark, component) => {
    const error = errorOf(make);
    expect(markOf(error)).toBe(mark);
    expect(error.component).toBe(component);
  });
});

test("a helper's template belongs to the component that calls it, each time", () => {
  const cell = (value: unknown) => html`<td>${value}</td>`;
  const Good = () => html`<table><tbody><tr>${cell(1)}</tr></tbody></table>`;
  const Bad = () => html`<table><tbody><tr>${cell(bad)}</tr></tbody></table>`;
  renderToHtml(html`<${Good} />`);
  expect(errorOf(() => html`<${Bad} />`).component).toBe("Bad");
});

test("a template that was made before belongs to the component that shows it", () => {
  const made = html`<i>${bad}</i>`; // made
  const error = errorOf(() => html`<${Card} value=${made} />`);
  expect([markOf(error), error.component]).toEqual(["made", "Card"]);
});

test("a component without a name is that of who calls it", () => {
  expect(
    errorOf(
      () =>
        html`<${(
          () => () =>
            html`<p>`
        )()} />`,
    ).component,
  ).toBe("Page");
});

test("a component ends with its call: what stands beside it is the view's", () => {
  expect(errorOf(() => html`<${Card} value="a" />${bad}`).component).toBe("Page");
  expect(() => renderToHtml(html`<${Broken} />`)).toThrow();
  expect(new TemplateError("It is broken.").component).toBeUndefined();
});

describe("likely mistakes", () => {
  function mistakesOf(make: () => Template): readonly FoundMistake[] {
    const mistakes = new Mistakes(
      () => {},
      () => {},
    );
    withRenderContext({ mistakes } as unknown as RenderContext, () => renderToHtml(renderAs("Page", make)));
    return mistakes.found;
  }

  test.each([
    ["in a template", () => html`<p className="a"></p>`, "habit"], // habit
    ["in a value", () => html`<p>${"<b>a</b>"}</p>`, "shown"], // shown
    ["in a built-in component", () => html`<${Link} href="/" ...${{ className: "a" }}>a<//>`, "own"], // own
  ])("%s have their place", (_, make, mark) => {
    const [mistake, ...others] = mistakesOf(make);
    expect(mistake && markOf(mistake.error)).toBe(mark);
    expect(mistake?.error.component).toBe("Page");
    expect(others).toEqual([]);
  });
});

test("nothing is looked up in production", async () => {
  vi.stubEnv("NODE_ENV", "production");
  vi.resetModules();
  const own = await import("../index.ts");
  const capture = vi.spyOn(Error, "captureStackTrace");
  const template = own.html`<p>${bad}</p>`;
  expect(capture).not.toHaveBeenCalled();
  expect(Object.keys(template)).toEqual(["strings", "values"]);
  expect(() => own.renderToHtml(template)).toThrow(/\^\n$/);
  capture.mockRestore();
  vi.unstubAllEnvs();
});
