import { html, Portal, renderToHtml, type Template } from "@overwire/server";
import { patchedPage } from "@overwire/test-support/patched-page";
import { serverSide } from "@overwire/test-support/server-side";
import { testWindow } from "@overwire/test-support/test-window";
import { beforeEach, expect, test } from "vitest";
import { learnTemplates } from "../wire/client-tree.ts";
import type { PatchCallbacks } from "./patch-context.ts";
import { portalOwner } from "./portals.ts";

const { document } = testWindow();

beforeEach(() => {
  document.body.innerHTML = '<main></main><aside id="a"></aside><aside id="b"></aside>';
});

const $ = (selector: string) => document.querySelector(selector) as HTMLElement;
const inside = (selector: string) => $(selector).innerHTML;

const open = (first: Template, callbacks?: PatchCallbacks) => patchedPage($("main"), first, callbacks);

const modal = (text: string, target = "#a", id = "modal") =>
  html`<${Portal} id=${id} target=${target}><p>${text}</p><//>`;

test("a part of the first HTML is moved to its target, the same node, and shown", () => {
  const view = (text: string) => html`<div>before ${modal(text)} after</div>`;
  $("main").innerHTML = renderToHtml(view("1"));
  open(view("1"));
  expect(inside("#a")).toBe('<div id="modal" data-ow-portal="#a"><p>1</p></div>');
  expect(inside("main")).toBe("<div>before <template></template> after</div>");
});

test("patches find it there", () => {
  const view = (text: string, title = "") => html`<div title=${title}>${modal(text)}</div>`;
  const { show } = open(view("1"));
  const portal = $("#modal");
  show(view("2"));
  show(view("3", "new"));
  expect($("#modal")).toBe(portal);
  expect(inside("#a")).toBe('<div id="modal" data-ow-portal="#a"><p>3</p></div>');
});

test("it comes and goes with its place; others stay", () => {
  const view = (on: boolean) => html`<div>${on && modal("1")}</div><div>${modal("2", "#a", "other")}</div>`;
  const { show } = open(view(false));
  const other = $("#other");
  show(view(true));
  expect($("#a").textContent).toBe("21");
  show(view(false));
  expect($("#a").textContent).toBe("2");
  show(view(true));
  expect($("#a").textContent).toBe("21");
  expect($("#other")).toBe(other);
});

test("it moves when its target changes", () => {
  const { show } = open(html`<div>${modal("1")}</div>`);
  const view = (target: string) => html`<div>${modal("1", target)}</div>`;
  show(view("#a"));
  const portal = $("#modal");
  show(view("#b"));
  expect(portal.parentElement).toBe($("#b"));
  expect(inside("#a")).toBe("");
});

test("portals in portals have their own targets", () => {
  const view = (on: boolean, text: string) =>
    html`<div>${on && html`<${Portal} id="outer" target="#a"><i>${text}</i>${modal(text, "#b")}<//>`}</div>`;
  const { show } = open(view(true, "1"));
  expect([$("#a").textContent, $("#b").textContent]).toEqual(["1", "1"]);
  show(view(true, "2"));
  expect([$("#a").textContent, $("#b").textContent]).toEqual(["2", "2"]);
  show(view(false, ""));
  expect([inside("#a"), inside("#b")]).toEqual(["", ""]);
});

test("the target may be in the view itself, also in another portal", () => {
  const view = (text: string, items: string) =>
    html`<section><ul id="own" title=${text}>${[...items].map((item) => html`<li>${item}</li>`)}</ul>${modal(text, "#own")}</section>`;
  const { show } = open(view("1", "ab"));
  const portal = $("#modal");
  show(view("2", "b"));
  show(view("3", "bcd"));
  expect($("#own").contains(portal)).toBe(true);
  expect([...document.querySelectorAll("#own > *")].map((el) => el.textContent).sort()).toEqual([
    "3",
    "b",
    "c",
    "d",
  ]);
});

test("an unknown target throws, quoting the selector", () => {
  expect(() => open(html`<div>${modal("1", "#nowhere")}</div>`)).toThrow('"#nowhere"');
});

test("when the view ends what it shows elsewhere goes", () => {
  const { patcher } = open(html`<div>${modal("1")}</div>`);
  patcher.destroy();
  expect(inside("#a")).toBe("");
});

test("its content is the view's, and knows its place", () => {
  const { patcher } = open(html`<div>${modal("1")}</div>`);
  expect([$("#modal p"), $("#modal"), $("#a")].map(patcher.owns)).toEqual([true, true, false]);
  expect($("main").contains(portalOwner($("#modal p")) as Element)).toBe(true);
  expect(portalOwner($("#a"))).toBeUndefined();
});

test("hooks around its place are told of changes in it", () => {
  const told: string[] = [];
  const view = (text: string) => html`<div id="x">${modal(text)}</div>`;
  const { show } = open(view("1"), {
    beforeUpdate: (el) => (el.id === "x" ? () => told.push($("#modal").textContent as string) : undefined),
  });
  told.length = 0;
  show(view("2"));
  expect(told).toEqual(["1"]);
});

test("it may go by a transition of its own", async () => {
  const view = (on: boolean) =>
    html`<div>${on && html`<${Portal} id="modal" target="#a" phx-remove="bye">x<//>`}</div>`;
  let end = () => {};
  const { show } = open(view(true), {
    removing: () =>
      new Promise<void>((resolve) => {
        end = resolve;
      }),
  });
  show(view(false));
  expect($("#modal").hasAttribute("inert")).toBe(true);
  show(view(true));
  expect(document.querySelectorAll("#modal").length).toBe(2);
  end();
  await Promise.resolve();
  expect(document.querySelectorAll("#modal:not([inert])").length).toBe(1);
  expect(document.querySelectorAll("#modal").length).toBe(1);
});

test("a page that is joined again keeps its portals", () => {
  const view = (text: string) => html`<div>${modal(text)}</div>`;
  const { patcher, known } = open(view("1"));
  const portal = $("#modal");
  const { full, templates } = serverSide()(view("2"));
  learnTemplates(known, templates);
  if (full) patcher.load(full);
  expect($("#modal")).toBe(portal);
  expect($("#a").textContent).toBe("2");
});
