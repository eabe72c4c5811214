/** The signs of a page on its way: events for its progress bar, and that it is being left. */
import { testWindow } from "@overwire/test-support/test-window";
import { beforeEach, expect, test } from "vitest";
import { createPageLifecycle, type PageLifecycle } from "./page-lifecycle.ts";

let win: Window & typeof globalThis;
let lifecycle: PageLifecycle;
let heard: unknown[];

beforeEach(() => {
  ({ win } = testWindow("", "http://localhost/a?b#c"));
  lifecycle = createPageLifecycle(win);
  heard = [];
  for (const type of ["page-loading-start", "page-loading-stop", "news"])
    win.addEventListener(`phx:${type}`, (event) => heard.push([type, (event as CustomEvent).detail]));
});

test("a page loads until its view is joined, once", () => {
  const detail = { kind: "initial", to: "http://localhost/a?b#c" };
  lifecycle.begin();
  expect(heard).toEqual([["page-loading-start", detail]]);
  lifecycle.ready();
  lifecycle.ready();
  expect(heard.slice(1)).toEqual([["page-loading-stop", detail]]);
});

test("tells of other parts that load", () => {
  lifecycle.pageLoading(true, { kind: "patch" });
  lifecycle.pageLoading(false, { kind: "patch" });
  expect(heard).toEqual([
    ["page-loading-start", { kind: "patch" }],
    ["page-loading-stop", { kind: "patch" }],
  ]);
});

test("dispatches pushed events in their order", () => {
  lifecycle.dispatch([
    ["news", 1],
    ["news", 2],
  ]);
  lifecycle.dispatch(undefined);
  expect(heard).toEqual([
    ["news", 1],
    ["news", 2],
  ]);
});

test("is being left until the page is shown again", () => {
  expect(lifecycle.isLeaving()).toBe(false);
  win.dispatchEvent(new win.Event("pagehide"));
  expect(lifecycle.isLeaving()).toBe(true);
  win.dispatchEvent(new win.Event("pageshow"));
  expect(lifecycle.isLeaving()).toBe(false);
  lifecycle.leave();
  expect(lifecycle.isLeaving()).toBe(true);
});
