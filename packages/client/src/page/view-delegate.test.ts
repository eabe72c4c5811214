/** The client's answers to its views: when one has ended, and when a patch asks for more than a change of the page. */
import { testWindow } from "@overwire/test-support/test-window";
import { beforeEach, describe, expect, test } from "vitest";
import type { Host } from "../bindings/host.ts";
import { createFeatureLoader, type StartedFeatures } from "../features/loader.ts";
import type { PageObserver } from "../hooks/page-observer.ts";
import type { View, ViewDelegate } from "../view/view.ts";
import { createPageLifecycle } from "./page-lifecycle.ts";
import type { PageParts } from "./page-parts.ts";
import { createViewDelegate } from "./view-delegate.ts";

let done: unknown[][];
let delegate: ViewDelegate;
let observer: PageObserver;
let arriving: View | undefined;
let win: Window & typeof globalThis;
let loads: readonly string[];

const note =
  (name: string) =>
  (...args: unknown[]) =>
    void done.push([name, ...args]);

const main = { el: "main", number: 1 } as unknown as View;
const nested = { el: "nested", number: 2 } as unknown as View;
const to = ["navigate", "/b", 0] as const;

beforeEach(() => {
  ({ win, loads } = testWindow("", "http://localhost/a#b"));
  win.HTMLFormElement.prototype.submit = note("submit");
  [done, arriving] = [[], undefined];
  observer = { triggered: undefined, settle: note("settle") };
  const started = {
    navigating: { follow: note("follow"), resume: note("resume"), shown: undefined },
    uploads: { joined: () => {}, settle: note("uploads") },
    applySubmitter: note("submitter"),
    arrivals: {
      get current() {
        return arriving && { view: arriving, settle: note("arrived") };
      },
    },
  } as unknown as StartedFeatures;
  const loader = createFeatureLoader({ startFeatures: () => started });
  loader.begin(
    () => started,
    () => {},
  );
  const views = { main, byNumber: new Map(), dropView: note("drop") };
  const page = {
    win,
    prefix: "phx-",
    options: {},
    lifecycle: createPageLifecycle(win),
    loader,
    views,
    socket: { connected: true, disconnect: note("disconnect") },
    traffic: {},
    templates: new Map(),
    changes: {},
  } as unknown as PageParts;
  const commands = { run: (binding: unknown) => done.push(["run", binding]) };
  const host = { win, viewOf: () => main, commands } as unknown as Host;
  delegate = createViewDelegate(page, host, observer);
});

describe("a view that ended", () => {
  test("takes its page along if it was sent to another one", () => {
    expect(delegate.ended(main, "redirected" as never, to, false)).toBe(true);
    expect(delegate.ended(nested, "redirected" as never, to, false)).toBe(true);
    expect(done).toEqual([
      ["follow", to, false],
      ["follow", to, true],
    ]);
  });

  test("while the page navigates to it ends the navigation", () => {
    arriving = nested;
    expect(delegate.ended(nested, "crashed", undefined, false)).toBe(true);
    expect(done).toEqual([["arrived", new Error("crashed")]]);
    expect(delegate.ended(nested, "redirected" as never, to, false)).toBe(true);
    expect(done.slice(2)).toEqual([["follow", to]]);
  });

  test("is joined again after a crash, unless it is a nested one that never could be", () => {
    expect(delegate.ended(main, "crashed", undefined, true)).toBe(false);
    expect(delegate.ended(nested, "crashed", undefined, false)).toBe(false);
    expect(done).toEqual([]);
    expect(delegate.ended(nested, "crashed", undefined, true)).toBe(true);
    expect(done).toEqual([["drop", "nested"]]);
  });

  test.each(["stale", "refused"] as const)("loads its page anew if its token is %s", (code) => {
    expect(delegate.ended(nested, code, undefined, false)).toBe(true);
    expect(done).toEqual([["drop", "nested"]]);
    expect([delegate.ended(main, code, undefined, false), delegate.isLeaving()]).toEqual([true, true]);
    expect([done.length, loads]).toEqual([1, ["reload"]]);
  });
});

describe("a patch that was shown", () => {
  test("settles the page before it goes on to another one", () => {
    delegate.shown(main, { n: to }, false);
    expect(done).toEqual([["settle"], ["uploads"], ["follow", to, false]]);
  });

  test("completes the navigation to its view first", () => {
    arriving = nested;
    delegate.shown(nested, {}, true);
    expect(done).toEqual([["arrived"], ["settle"], ["uploads"]]);
  });

  test("submits a form once if the page still asks for that", () => {
    win.document.body.innerHTML = "<form phx-trigger-action></form><form></form>";
    for (const form of win.document.querySelectorAll("form")) {
      observer.triggered = form;
      delegate.shown(main, {}, false);
      delegate.shown(main, {}, false);
    }
    const names = done.map(([name]) => name);
    expect(names.filter((name) => name !== "settle" && name !== "uploads")).toEqual([
      "disconnect",
      "submitter",
      "submit",
    ]);
    expect(delegate.isLeaving()).toBe(true);
  });
});

test("the page's view that is joined ends the loading of the page, and goes on with its navigation", () => {
  win.document.body.innerHTML = `<p phx-connected="on" phx-disconnected="off"></p>`;
  delegate.announce(main, false);
  expect(done).toEqual([["run", "off"]]);
  delegate.announce(main, true);
  expect(done.slice(1)).toEqual([["run", "on"], ["resume"]]);
});

test("joins are for the address of the page, without its hash", () => {
  expect(delegate.url()).toBe("http://localhost/a");
});
