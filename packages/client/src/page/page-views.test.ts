/** The views of a page, as they come and go with their containers. */
import { testWindow } from "@overwire/test-support/test-window";
import { beforeEach, expect, test } from "vitest";
import { createPolicy } from "../patch/policy.ts";
import { createPortals } from "../patch/portals.ts";
import type { ViewDelegate } from "../view/view.ts";
import { ATTR_PORTAL, ATTR_TOKEN, JOIN, LEAVE } from "../wire/constants.ts";
import type { ClientFrame } from "../wire/frames.ts";
import { createPageViews, type PageViews } from "./page-views.ts";

let win: Window & typeof globalThis;
let sent: ClientFrame[];
let views: PageViews;

const $ = (selector: string) => win.document.querySelector(selector) as Element;

/** A page whose views are served by a client that only keeps their frames. */
function open(html: string, connected = true) {
  ({ win } = testWindow(html.replaceAll("data-view", ATTR_TOKEN)));
  sent = [];
  views = createPageViews();
  views.delegate = {
    win,
    connected,
    policy: createPolicy("phx-"),
    templates: new Map(),
    isLeaving: () => false,
    attempt: () => 1,
    url: () => "",
    params: () => ({}),
    send: (frame) => sent.push(frame),
  } as Partial<ViewDelegate> as ViewDelegate;
}

const joins = () => sent.filter(([kind]) => kind === JOIN).map(([, view]) => view);

beforeEach(() => open(`<main data-view="a"><p></p><section data-view="b"><i></i></section></main><u></u>`));

test("finds the view that an element is in", () => {
  for (const el of [$("main"), $("section")]) views.openView(el);
  const [outer, inner] = [views.viewAt($("main")), views.viewAt($("section"))];
  expect([outer?.number, inner?.number]).toEqual([1, 2]);
  expect([$("p"), $("main"), $("i"), $("u"), null].map(views.viewOf)).toEqual([
    outer,
    outer,
    inner,
    undefined,
    undefined,
  ]);
  expect([views.viewAround($("section")), views.viewAround($("main"))]).toEqual([outer, undefined]);
});

test("finds the view of a portal's content, wherever that is shown", () => {
  open(`<main data-view="a"><b ${ATTR_PORTAL}="u"><i></i></b></main><u></u>`);
  views.openView($("main"));
  const portals = createPortals($("main"), () => {});
  portals.settle(portals.take($("main")));
  expect($("u").contains($("i"))).toBe(true);
  expect(views.viewOf($("i"))).toBe(views.viewAt($("main")));
});

test("the first view that is in no other is the page's own", () => {
  for (const el of [$("main"), $("section")]) views.openView(el);
  expect(views.main).toBe(views.viewAt($("main")));
});

test("a view joins at once if the one around it is joined, or if there is none", () => {
  for (const el of [$("main"), $("section"), $("main")]) views.openView(el);
  expect(joins()).toEqual([1]);
});

test("joins none without a connection", () => {
  open(`<main data-view="a"></main>`, false);
  views.openView($("main"));
  expect(joins()).toEqual([]);
});

test("a view that is dropped leaves, and one that is forgotten goes on", () => {
  views.openView($("main"));
  const [view] = [...views.byNumber.values()];
  views.forget(view as never);
  views.dropView($("main"));
  expect(sent.filter(([kind]) => kind === LEAVE)).toEqual([]);
  views.openView($("main"));
  views.dropView($("main"));
  expect(sent.filter(([kind]) => kind === LEAVE)).toEqual([[LEAVE, 2]]);
  expect([views.byNumber.size, views.viewAt($("main"))]).toEqual([0, undefined]);
});
