/** A template in another has to be one that a browser leaves there. */
import { live } from "@overwire/testing";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createApp } from "../app.ts";
import { LiveComponent } from "../view/live-component.ts";
import { LiveView } from "../view/live-view.ts";
import { each } from "./each.ts";
import { html, type Template } from "./html.ts";
import { memo } from "./memo.ts";
import type { Child } from "./nodes.ts";
import { raw } from "./raw.ts";
import { renderToHtml } from "./render.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

const Box = ({ children }: { children?: Child }) => html`<div>${children}</div>`;
const Row = () => html`<tr><td>1</td></tr>`;

describe("an error names the slot", () => {
  test.each<[string, Template, string]>([
    ["a text in a table", html`<table>${"a"}</table>`, "Text cannot stand in <table> directly"],
    ["a number in a row", html`<table><tbody><tr>${0}</tr></tbody></table>`, "Text cannot stand in <tr>"],
    ["a text in columns", html`<colgroup>${"a"}</colgroup>`, "Text cannot stand in <colgroup>"],
    ["a text in a select", html`<select>${"a"}</select>`, "Text cannot stand in <select>"],
    ["a text of a template", html`<tbody>${html`no rows`}</tbody>`, "Text cannot stand in <tbody>"],
    ["a text of a list", html`<tbody>${["a"]}</tbody>`, "Text cannot stand in <tbody>"],
    ["a block in a table body", html`<tbody>${html`<div></div>`}</tbody>`, "<div> cannot stand in <tbody>"],
    ["a row in a block", html`<div>${html`<tr></tr>`}</div>`, "<tr> cannot stand in <div>"],
    ["a row in a table", html`<table><${Row} /></table>`, "<tr> cannot stand in <table> directly"],
    [
      "an item that is no row",
      html`<tbody>${each(
        [1],
        (n) => n,
        () => html`<li></li>`,
      )}</tbody>`,
      "<li> cannot stand in <tbody>",
    ],
    ["a block in a paragraph", html`<p><b>${html`<i><${Box} /></i>`}</b></p>`, "<div> cannot stand in <p>"],
    ["a link in a link", html`<a><${Box}><b><a>x</a></b><//></a>`, "<a> cannot stand in another <a>"],
    ["a form in a form", html`<form>${memo([], () => html`<form></form>`)}</form>`, "another <form>"],
    ["a button in a button", html`<button><${Box}><button></button><//></button>`, "another <button>"],
    [
      "noscript in noscript",
      html`<noscript>${html`<b><noscript></noscript></b>`}</noscript>`,
      "another <noscript>",
    ],
    ["trusted HTML", html`<p>${raw("<ul></ul>")}</p>`, "<ul> cannot stand in <p>"],
  ])("%s", (_, template, message) => {
    expect(() => renderToHtml(template)).toThrow(message);
    expect(() => renderToHtml(template)).toThrow(/It is what this slot shows\.\n\n.*\$\{…\}/s);
  });

  test("but not in production, in which the page shows what it can", () => {
    vi.stubEnv("NODE_ENV", "production");
    expect(renderToHtml(html`<tbody>${"a"}</tbody>`)).toBe("<tbody>a</tbody>");
  });
});

test("a layout cannot put its view into a paragraph", async () => {
  class Page extends LiveView {
    render() {
      return html`text`;
    }
  }
  const layout = ({ children, head }: { children: Child; head: Child }) =>
    html`<!doctype html><html><head>${head}</head><body><p>${children}</p></body></html>`;
  const errors: string[] = [];
  const app = createApp({ layout, report: ({ error }) => void errors.push(String(error)) });
  app.live("/", Page);
  await expect(live(app, "/")).rejects.toThrow("500");
  expect(String(errors)).toContain("A view stands in a <div>. <div> cannot stand in <p>");
});

test("an element that a browser leaves is no error", () => {
  const fine = [
    html`<table><tbody>${null}${" "}${[html`<${Row} />`, html`<!-- none --><tr></tr>`]}</tbody></table>`,
    html`<ul>${each(
      [1],
      (n) => n,
      () => html`<li><ul>${html`<li></li>`}</ul></li>`,
    )}</ul>`,
    html`<a><svg><foreignObject>${html`<div></div>`}</foreignObject></svg></a>`,
    html`<template>${html`<tr></tr>`}</template>`,
    html`<svg>${html`<a><text>x</text></a>`}</svg>`,
    html`<select>${html`<option>a</option>`}</select>`,
    html`<p>${html`<button><${Box} /></button>`}</p>`,
    html`<datalist>${"text"}</datalist>`,
  ];
  for (const each of fine) expect(renderToHtml(each)).not.toBe("");
});

describe("a view", () => {
  const shown: { body: Child } = { body: "" };
  class Page extends LiveView {
    isOpen = false;
    open = this.event(() => {
      this.isOpen = true;
    });
    render(): Template {
      return html`<button phx-click=${this.open}>open</button>${shown.body}${this.isOpen && later.body}`;
    }
  }
  class Part extends LiveComponent<{ id: string }> {
    render() {
      return html`<form></form>`;
    }
  }
  class Nested extends LiveView {
    render() {
      return html`<p>nested</p>`;
    }
  }
  const later: { body: Child } = { body: "" };

  afterEach(() => {
    shown.body = later.body = "";
  });

  test.each<[string, () => Child, string]>([
    [
      "a nested view in a table body",
      () => html`<table><tbody><${Nested} id="n" /></tbody></table>`,
      "A view stands in a <div>. <div> cannot stand in <tbody>",
    ],
    ["a row that stands alone", () => html`<tr></tr>`, "<tr> cannot stand in <div>"],
    [
      "a form of a live component in a form",
      () => html`<form><${Part} id="p" /></form>`,
      "<form> cannot stand in another <form>",
    ],
    [
      "a shadow root",
      () => html`<div><template shadowrootmode="open"><slot></slot></template></div>`,
      "attaches its shadow root itself",
    ],
    [
      "a shadow root in trusted HTML",
      () => html`<div>${raw("<x-a><template shadowrootmode=open></template></x-a>")}</div>`,
      "attaches its shadow root itself",
    ],
    [
      "a live component in a template",
      () => html`<template><${Part} id="p" /></template>`,
      "A live component cannot stand in <template>",
    ],
  ])("%s is an error, at first and in a patch", async (_, body, message) => {
    shown.body = body();
    await expect(live(Page)).rejects.toThrow(message);
    shown.body = "";
    later.body = body();
    const view = await live(Page);
    const clicked = view.element("button").click();
    await expect(clicked).rejects.toThrow();
  });

  test("has rows of live components and lists in their table", async () => {
    class Line extends LiveComponent<{ id: string }> {
      render() {
        return html`<tr><td>${this.props.id}</td></tr>`;
      }
    }
    shown.body = html`<table><tbody>${["a", "b"].map((id) => html`<${Line} id=${id} />`)}</tbody></table>`;
    const view = await live(Page);
    expect(view.text("tbody")).toBe("ab");
  });

  test("shows what changes in a template, and its styles", async () => {
    class Rows extends LiveView {
      n = 1;
      step = this.event(() => {
        this.n++;
      });
      render() {
        return html`<button phx-click=${this.step}>+</button>
          <template id="t"><li class=${`c${this.n}`} style=${{ order: this.n }}>row ${this.n}${html`<b>${this.n}</b>`}</li></template>`;
      }
    }
    const view = await live(Rows);
    const content = () => (view.container.querySelector("template") as HTMLTemplateElement).innerHTML;
    expect(content()).toBe('<li class="c1" style="order: 1">row 1<b>1</b></li>');
    await view.element("button").click();
    expect(content()).toBe('<li class="c2" style="order: 2">row 2<b>2</b></li>');
  });
});
