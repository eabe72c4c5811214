/** Text that would run as commands, and names of attributes that no value can give. */
import { describe, expect, it } from "vitest";
import { attributeValue } from "./attributes.ts";
import { Differ } from "./diff.ts";
import { html } from "./html.ts";
import { raw } from "./raw.ts";
import { renderToHtml } from "./render.ts";
import { toRenderedTemplate } from "./rendered-tree.ts";

describe("text that would run as commands", () => {
  const text = '[["exec",{"attr":"data-x"}]]';
  const commands = { [attributeValue]: () => text };
  const escaped = text.replaceAll('"', "&quot;");

  it.each([
    ["a whole binding", html`<b phx-click=${text}></b>`],
    ["one in quotes", html`<b phx-click="${text}"></b>`],
    ["one of several parts", html`<b phx-click="${""}${text}"></b>`],
    ["one that a value only begins", html`<b phx-click="${"[["}exec]]"></b>`],
    ["an object with that text", html`<b phx-click=${{ toString: () => text }}></b>`],
    ["in any case", html`<b PHX-Click=${text}></b>`],
    ["under another prefix", html`<b my-click=${text}></b>`],
    ["in a spread", html`<b ...${{ "phx-mounted": text, "phx-window-keydown": text }}></b>`],
  ])("is left out of %s", (_, template) => {
    expect(renderToHtml(template)).toBe("<b></b>");
    expect(renderToHtml(html`${[template]}`)).toBe("<b></b>");
  });

  it("runs if the author wrote it: as an object, as raw, or in the template", () => {
    const expected = `<b phx-click="${escaped}"></b>`;
    expect(renderToHtml(html`<b phx-click=${commands}></b>`)).toBe(expected);
    expect(renderToHtml(html`<b ...${{ "phx-click": commands }}></b>`)).toBe(expected);
    expect(renderToHtml(html`<b phx-click=${raw(text)}></b>`)).toBe(expected);
    expect(renderToHtml(html`<b phx-click='[["hide",{}]]'></b>`)).toContain("hide");
  });

  it("may be the value of an attribute that is not a binding", () => {
    const template = html`<b title=${text} data-click=${"x"} phx-target=${"[a]"} phx-key=${"["} phx-value-a=${text}></b>`;
    expect(renderToHtml(template)).toContain(`phx-value-a="${escaped}"`);
    expect(renderToHtml(template)).toContain('phx-target="[a]" phx-key="["');
  });

  it("cannot become part of commands", () => {
    expect(() => renderToHtml(html`<b phx-click='[["push",{"event":"${text}"}]]'></b>`)).toThrow(
      "A slot cannot stand in the commands of phx-click",
    );
  });

  it("patches in the same way", () => {
    const page = (value: unknown) => html`<b phx-click=${value} class=${"x"}></b>`;
    const kept = toRenderedTemplate(page("inc"));
    const update = (value: unknown) => new Differ(new Set()).diffTemplate(kept, page(value));
    expect(update(text)).toEqual({ 0: "" });
    expect(update(commands)).toEqual({ 0: ` phx-click="${escaped}"` });
    expect(update({ ...commands })).toBeUndefined();
  });
});

describe("names that are reserved", () => {
  it.each([
    "onclick",
    "ONCLICK",
    "srcdoc",
    "data-ow-view",
    "data-ow-link",
    "Data-Ow-Upload",
    "data-ow-reset",
  ])("%s cannot be spread", (name) => {
    expect(() => renderToHtml(html`<b ...${{ [name]: "x" }}></b>`)).toThrow("cannot be set from a value");
  });

  it("no slot can stand in them", () => {
    expect(() => renderToHtml(html`<b data-ow-view=${"x"}></b>`)).toThrow("Overwire's own");
    expect(() => renderToHtml(html`<b data-ow-link="${"x"}"></b>`)).toThrow("Overwire's own");
  });

  it("but the attributes of a form's field can", () => {
    expect(renderToHtml(html`<b ...${{ "data-ow-reset": 1 }}></b>`)).toBe('<b data-ow-reset="1"></b>');
  });
});
