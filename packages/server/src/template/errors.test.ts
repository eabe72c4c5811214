/** Messages of templates that are refused, and the places that they show. */
import { describe, expect, test } from "vitest";
import { TemplateError } from "./errors.ts";
import { html, type Template } from "./html.ts";
import { renderToHtml } from "./render.ts";

function message(make: () => Template): string {
  try {
    return `no error, but ${renderToHtml(make())}`;
  } catch (error) {
    expect(error).toBeInstanceOf(TemplateError);
    return (error as Error).message;
  }
}

/** Each row: the template, the problem, and the column (from 1) of the caret in its only line. */
function says(rows: readonly (readonly [() => Template, string, number])[]) {
  test.each(rows)("%#: %s", (make, problem, column) => {
    const [said, , , caret = ""] = message(make).split("\n");
    expect(said).toBe(problem);
    expect(caret.indexOf("^") - 1).toBe(column);
  });
}

test("shows the lines before and a caret under the place", () => {
  expect(
    message(
      () => html`
        <ul class="a ${1}">
          <li>${2} <b>x</li>
        </ul>`,
    ).replace(/at \S+$/m, "at …"),
  ).toBe(`<b> is never closed. Write </b> where it ends.

  <ul class="a \${…}">
    <li>\${…} <b>x</li>
             ^

  at …
`);
});

test("says it each time", () => {
  const make = () => html`<p>`;
  expect(message(make)).toBe(message(make));
  expect(message(make)).toContain("never closed");
});

test("shows a part of a long line", () => {
  const long = "x".repeat(500);
  const strings = Object.assign([`<p>${long}<b>${long}</p>`], { raw: [] });
  const [, , line = "", caret = ""] = message(() => html(strings)).split("\n");
  expect(line.length).toBeLessThan(130);
  expect(line.slice(caret.indexOf("^")).startsWith("<b>x")).toBe(true);
});

describe("elements", () => {
  says([
    [() => html`<div>`, "<div> is never closed. Write </div> where it ends.", 1],
    [() => html`a</div>`, "</div> closes nothing: no element is open here.", 2],
    [() => html`<a></b></a>`, "</b> closes nothing: <a> is open here. Write </a>.", 4],
    [() => html`<ul><li>a</ul>`, "<li> is never closed. Write </li> where it ends.", 5],
    [() => html`<br></br>`, "<br> has no content and so no closing tag. Take </br> out.", 5],
    [() => html`<${() => 1}>a`, "<${…}> is never closed. Write <//> where it ends.", 1],
    [() => html`<${() => 1}></div>`, "</div> closes nothing: <${…}> is open here. Write <//>.", 7],
    [() => html`<div><//>`, "<//> closes nothing: <div> is open here. Write </div>.", 6],
    [() => html`<div></div`, "This closing tag never ends. Write > after its name.", 6],
    [() => html`<div class="a"`, "This tag never ends. Write > where it does.", 1],
    [() => html`<div<p></p></div>`, "< cannot stand in the name of a tag. Write > where the tag ends.", 5],
    [
      () => html`<h${1}>a</h>`,
      "A slot cannot stand in the name of a tag. Choose between two templates, or between two components.",
      3,
    ],
    [() => html`<script>`, "<script> is never closed. Write </script> where it ends.", 1],
    [() => html`<textarea>${1}`, "<textarea> is never closed. Write </textarea> where it ends.", 1],
    [() => html`<!-- a`, "This comment never ends. Write --> where it does.", 1],
    [
      () => html`<!-- ${1} -->`,
      "A slot cannot stand in a comment. Take it out, or comment it in TypeScript.",
      6,
    ],
    [
      () => html`<?php ?>`,
      "A browser takes this for a comment. Write &lt; to show <, or <!-- for a comment.",
      1,
    ],
    [
      () => html`<p><!doctype html></p>`,
      "A layout begins with <!doctype html>, and nothing else has one.",
      4,
    ],
    [
      () => html`<style>a { b: ${1} }</style>`,
      "A slot cannot stand in <style>, where nothing can be escaped. Put the value into a style=${…} attribute.",
      15,
    ],
    [
      () => html`<script>f(${1})</script>`,
      "A slot cannot stand in <script>, where nothing can be escaped. Put the value into a data-* attribute.",
      11,
    ],
    [() => html`<frameset></frameset>`, "<frameset> is no longer part of HTML.", 1],
  ]);
});

describe("attributes", () => {
  says([
    [() => html`<p class="a ${1}></p>`, "The value of class never ends. Close its quotes.", 10],
    [
      () => html`<p class="a id="b"></p>`,
      '" cannot stand here in a tag. Close the quotes and the tag before it.',
      18,
    ],
    [() => html`<p a= ></p>`, "The value of a is missing.", 7],
    [() => html`<p a=b"c"></p>`, 'This value needs quotes: a="…".', 7],
    [
      () => html`<p ${"hidden"}></p>`,
      "A slot cannot stand alone in a tag. Write name=${value}, or ...${attributes}.",
      4,
    ],
    [
      () => html`<p data-${1}=2></p>`,
      "A slot cannot stand in the name of an attribute. Write ...${{ [name]: value }}.",
      9,
    ],
    [() => html`<p id=a ID=b></p>`, "The attribute ID stands here twice. Take one out.", 9],
    [
      () => html`<p onclick=${1}></p>`,
      "A slot cannot stand in onclick, which is a script. Write phx-click=${…} with an event of the view.",
      12,
    ],
    [
      () => html`<p onclick="a(${1})"></p>`,
      "A slot cannot stand in onclick, which is a script. Write phx-click=${…} with an event of the view.",
      15,
    ],
    [
      () => html`<iframe srcdoc=${1}></iframe>`,
      "A slot cannot stand in srcdoc, which is a page of its own. Write src=${…}.",
      16,
    ],
    [
      () => html`<p a="x&amp${1}"></p>`,
      "&amp would become one character with the value after it. Write &amp; for a character, &amp; for an &.",
      8,
    ],
  ]);
});

describe("elements that a browser would move", () => {
  says([
    [
      () => html`<p><div></div></p>`,
      "<div> cannot stand in <p>: a browser ends the paragraph before it. Write </p> first, or <div> in place of <p>.",
      4,
    ],
    [
      () => html`<p><b><ul></ul></b></p>`,
      "<ul> cannot stand in <p>: a browser ends the paragraph before it. Write </p> first, or <div> in place of <p>.",
      7,
    ],
    [
      () => html`<table><tr></tr></table>`,
      "<tr> cannot stand in <table> directly: a browser puts a <tbody> around it. Write <tbody>.",
      8,
    ],
    [() => html`<div><td></td></div>`, "<td> cannot stand in <div>, only in <tr>.", 6],
    [
      () => html`<table><div></div></table>`,
      "<div> cannot stand in <table> directly: a browser moves it out. It holds <caption>, <colgroup>, <thead>, <tbody>, <tfoot>.",
      8,
    ],
    [
      () => html`<tr> a <td></td></tr>`,
      "Text cannot stand in <tr> directly: a browser moves it out. Put it into a cell.",
      6,
    ],
    [() => html`<a><b><a></a></b></a>`, "<a> cannot stand in another <a>.", 7],
    [() => html`<form><form></form></form>`, "<form> cannot stand in another <form>.", 7],
    [() => html`<button><button></button></button>`, "<button> cannot stand in another <button>.", 9],
    [
      () => html`<ul><li>a<li>b</li></li></ul>`,
      "<li> cannot stand in <li>: write </li> before it, or a list around it.",
      10,
    ],
    [
      () => html`<dl><dt>a<dd>b</dd></dt></dl>`,
      "<dd> cannot stand in <dt>: write </dt> before it, or a list around it.",
      10,
    ],
    [
      () => html`<option>a<option>b</option></option>`,
      "<option> cannot stand in <option>: a browser ends that one before it. Write </option> first.",
      10,
    ],
    [
      () => html`<h1><h2></h2></h1>`,
      "<h2> cannot stand in <h1>: a browser ends that one before it. Write </h1> first.",
      5,
    ],
    [
      () => html`<svg><div></div></svg>`,
      "<div> cannot stand in <svg>: a browser leaves SVG before it. Write <foreignObject> around it.",
      6,
    ],
  ]);

  test("but not what it leaves", () => {
    const fine: Template[] = [
      html`<p><button><div></div></button></p>`,
      html`<ul><li><ul><li></li></ul></li></ul>`,
      html`<tr><td></td></tr>`,
      html`<a><${() => null}><a></a><//></a>`,
      html`<template><tr></tr></template>`,
      html`<svg><a><foreignObject><a></a></foreignObject></a></svg>`,
      html`<table>${null}<tbody>${" "}<tr>${html`<td>3</td>`}</tr></tbody></table>`,
    ];
    for (const template of fine) expect(renderToHtml(template)).not.toBe("");
  });
});

describe("values", () => {
  class Live {}
  const Card = () => html`x`;
  says([
    [
      () => html`<p>${{ a: 1, b: 2 }}</p>`,
      "An object with a, b cannot be shown. Write what of it is to be seen, or JSON.stringify(value).",
      4,
    ],
    [
      () => html`<p>${1} ${Card}</p>`,
      "The function Card cannot be shown. Call it, or write it as a component's tag: <${Component} />.",
      9,
    ],
    [
      () => html`${Promise.resolve(1)}`,
      "A promise cannot be shown. Await it in mount or in a handler, and show what it gave.",
      1,
    ],
    [
      () => html`${Symbol("a")}`,
      "A symbol cannot be shown. Write what of it is to be seen, or JSON.stringify(value).",
      1,
    ],
    [() => html`${new Set([1])}`, "An object cannot be shown. Write each(…), or [...value].", 1],
    [
      () => html`<p a=${{}}></p>`,
      "An object cannot be the value of a. Write what of it is meant as text, such as JSON.stringify(value).",
      6,
    ],
    [
      () => html`<p a=${[1]}></p>`,
      "An array cannot be the value of a. Write what of it is meant as text, such as JSON.stringify(value).",
      6,
    ],
    [
      () => html`<p a=${html``}></p>`,
      "An object cannot be the value of a. Write what of it is meant as text, such as JSON.stringify(value).",
      6,
    ],
    [
      () => html`<p phx-click=${() => 1}></p>`,
      "A function cannot be the value of phx-click. Declare it with this.event(…) in a field.",
      14,
    ],
    [() => html`<title>${html`a`}</title>`, "Only text can stand in <title>. Give it a string.", 8],
    [() => html`<p ...${"a"}></p>`, "Only an object of attributes can stand after the three dots.", 7],
    [
      () => html`<p ...${{ onclick: "x" }}></p>`,
      "onclick cannot be set from a value: it would run a script. Use a phx-* binding.",
      7,
    ],
    [() => html`<p ...${{ "a b": 1 }}></p>`, '"a b" cannot be the name of an attribute.', 7],
    [
      () => html`<${Live} />`,
      "Live is a class, a live component or a view, and can only stand in what a view renders: not in a layout, nor in renderToHtml.",
      2,
    ],
    [() => html`<${"div"} />`, "A component is a function that returns html, but this is div.", 2],
    [
      () => html`<${async () => html``} />`,
      "A promise cannot be shown. Await it in mount or in a handler, and show what it gave.",
      2,
    ],
    [
      () => html`<${Card}><b>${1}</b><//>${{}}`,
      "An object cannot be shown. Write what of it is to be seen, or JSON.stringify(value).",
      22,
    ],
  ]);

  test("in what stands between a component's tags", () => {
    const Box = ({ children }: { children: Template }) => html`${children}`;
    expect(message(() => html`<${Box}>a ${{}}<//>`)).toContain("  <${…}>a ${…}<//>\n          ^\n");
  });
});

test("strings that are no text", () => {
  expect(message(() => html`a${1}\u`)).toContain(
    "An escape sequence (\\u…, \\x…) is not a valid one here.\n\n  a${…}\ufffd\n       ^",
  );
  expect(message(() => html`a\ufdd0`)).toContain("This character cannot stand in HTML. Take it out.");
  expect(renderToHtml(html`a\0b`)).toBe("ab");
});
