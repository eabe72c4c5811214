import { testWindow } from "@overwire/test-support/test-window";
import { expect, test } from "vitest";
import type { Navigation } from "../wire/frames.ts";
import { createNavigation } from "./navigation.ts";
import type { NavigationHost } from "./navigation-host.ts";

const ORIGIN = "http://app.test";

/** Requests that a test answers by hand. */
interface Asked {
  readonly kind: "patch" | "navigate";
  readonly url: string;
  resolve(navigation?: Navigation): void;
  reject(): void;
}

function open(path = "/a") {
  const { win, loads } = testWindow("", ORIGIN + path);
  const asked: Asked[] = [];
  const log: string[] = [];
  const ask = (kind: Asked["kind"], url: string) =>
    new Promise<Navigation | undefined>((resolve, reject) =>
      asked.push({ kind, url: url.replace(ORIGIN, ""), resolve, reject: () => reject(new Error("no")) }),
    );
  const host = {
    win,
    ready: true,
    lost: false,
    crashed: false,
    arriving: false,
    patch: (url) => ask("patch", url),
    navigate: (url) => ask("navigate", url),
    cancel: () => log.push("cancel"),
    pageLoading: (start, detail) =>
      log.push(`${start ? "start" : "stop"} ${(detail as { kind: string }).kind}`),
    removing: () => {},
    leave: () => log.push("leave"),
  } satisfies NavigationHost as NavigationHost & {
    ready: boolean;
    lost: boolean;
    crashed: boolean;
    arriving: boolean;
  };
  for (const type of ["before-navigate", "navigate"]) {
    win.addEventListener(`phx:${type}`, (event) => {
      const { href, patch } = (event as CustomEvent<{ href: string; patch: boolean }>).detail;
      log.push(`${type} ${patch ? "patch" : "redirect"} ${href.replace(ORIGIN, "")}`);
    });
  }
  const navigation = createNavigation(host, () => {});
  win.addEventListener("click", navigation.link);
  const at = () => win.location.href.replace(ORIGIN, "");
  const settled = () => new Promise(setImmediate);
  return { win, host, asked, log, loads, navigation, at, settled };
}

/** The answer to the newest question. */
const answer = ({ asked }: { asked: Asked[] }) => asked.at(-1) as Asked;

test("the URL changes when the answer is there, not before", async () => {
  const page = open();
  page.navigation.go("patch", "/a?page=2");
  expect([page.at(), answer(page)]).toMatchObject(["/a", { kind: "patch", url: "/a?page=2" }]);
  answer(page).resolve();
  await page.settled();
  expect(page.at()).toBe("/a?page=2");
  expect(page.log).toEqual([
    "before-navigate patch /a?page=2",
    "cancel",
    "start patch",
    "stop patch",
    "navigate patch /a?page=2",
  ]);
});

test("a link that is clicked while the server sends the page elsewhere does not load a page", async () => {
  const page = open();
  page.navigation.follow(["navigate", "/b", 0]);
  // The view has ended, and the next one is not there.
  page.host.ready = false;
  page.navigation.go("patch", "/a?page=2");
  expect(answer(page)).toMatchObject({ kind: "navigate", url: "/a?page=2" });
  page.host.ready = true;
  answer(page).resolve();
  await page.settled();
  expect([page.at(), page.loads]).toEqual(["/a?page=2", []]);
});

test("a redirect by the server while the user goes back does not change the address that the page went back to", async () => {
  const page = open();
  page.navigation.go("patch", "/a?page=2");
  answer(page).resolve();
  await page.settled();
  page.win.history.back();
  page.win.dispatchEvent(Object.assign(new page.win.Event("popstate"), { state: { view: 0, at: 0 } }));
  await page.settled();
  expect([page.at(), answer(page).url]).toEqual(["/a", "/a"]);
  page.navigation.follow(["patch", "/a?page=9", 0]);
  expect([page.at(), page.navigation.shown]).toEqual(["/a", `${ORIGIN}/a?page=9`]);
  answer(page).resolve();
  await page.settled();
  expect([page.at(), page.navigation.shown]).toEqual(["/a", undefined]);
});

test("a view that is being left does not set the next one's address", async () => {
  const page = open();
  page.navigation.go("navigate", "/b");
  page.host.arriving = true;
  page.navigation.follow(["patch", "/a?page=2", 0]);
  page.host.arriving = false;
  answer(page).resolve();
  await page.settled();
  expect(page.at()).toBe("/b");
  page.navigation.go("navigate", "/c");
  // The one that has just come may.
  page.navigation.follow(["patch", "/c?page=1", 0]);
  answer(page).resolve();
  await page.settled();
  expect(page.at()).toBe("/c?page=1");
});

test("of several navigations only the latest counts, in whatever order they are answered", async () => {
  const page = open();
  page.navigation.go("navigate", "/b");
  await page.settled();
  page.navigation.go("navigate", "/c");
  answer(page).resolve();
  await page.settled();
  page.asked[0]?.resolve();
  await page.settled();
  expect([page.at(), page.log.filter((line) => line.startsWith("navigate"))]).toEqual([
    "/c",
    ["navigate redirect /c"],
  ]);
});

test("of several commands of one binding the first one counts, and one href is asked for once", async () => {
  const page = open();
  page.navigation.go("patch", "/a?1");
  page.navigation.go("patch", "/a?2");
  await page.settled();
  page.navigation.go("patch", "/a?1");
  expect(page.asked.map(({ url }) => url)).toEqual(["/a?1"]);
});

test("a URL that is not the view's is navigated to; one that cannot be navigated to is loaded", async () => {
  const page = open();
  page.navigation.go("patch", "/b");
  answer(page).reject();
  await page.settled();
  expect(answer(page)).toMatchObject({ kind: "navigate", url: "/b" });
  answer(page).reject();
  await page.settled();
  expect([page.loads, page.at()]).toEqual([[`assign ${ORIGIN}/b`], "/a"]);
});

test("a patch that the server answers by going elsewhere leaves no entry of its own", async () => {
  const page = open();
  const before = page.win.history.length;
  page.navigation.go("patch", "/a?page=2");
  const to: Navigation = ["patch", "/a?page=3", 0];
  page.navigation.follow(to);
  answer(page).resolve(to);
  await page.settled();
  expect([page.at(), page.win.history.length]).toEqual(["/a?page=3", before + 1]);
  page.navigation.go("patch", "/a?page=4");
  expect(answer(page).url).toBe("/a?page=4");
});

test("a redirect in a navigation is the only load", async () => {
  const page = open();
  page.navigation.go("navigate", "/b");
  answer(page).reject();
  page.navigation.follow(["redirect", "/c", 0, "token"]);
  await page.settled();
  expect(page.loads).toEqual([`assign ${ORIGIN}/c`]);
  expect(page.win.document.cookie).toContain("token");
});

test("navigation by the server is not asked about, a nested view's patch included", async () => {
  const page = open();
  page.win.addEventListener("phx:before-navigate", (event) => event.preventDefault());
  page.navigation.follow(["patch", "/a?page=2", 0], true);
  expect(answer(page)).toMatchObject({ kind: "patch", url: "/a?page=2" });
  answer(page).resolve();
  await page.settled();
  page.navigation.follow(["navigate", "/b", 0]);
  answer(page).resolve();
  await page.settled();
  expect([page.at(), page.log.filter((line) => line.startsWith("before"))]).toEqual(["/b", []]);
});

test("a view that the server has ended is patched no more", async () => {
  const page = open();
  page.navigation.follow(["navigate", "/b", 0]);
  page.navigation.go("patch", "/a?page=2");
  expect(answer(page)).toMatchObject({ kind: "navigate", url: "/a?page=2" });
  answer(page).resolve();
  await page.settled();
  page.navigation.go("patch", "/a?page=3");
  expect(answer(page)).toMatchObject({ kind: "patch", url: "/a?page=3" });
});

test("the hash is no matter of the server's", async () => {
  const page = open();
  page.navigation.go("navigate", "/b?c#here");
  expect(answer(page).url).toBe("/b?c");
  answer(page).resolve();
  await page.settled();
  expect(page.at()).toBe("/b?c#here");
});

test("without a connection the page is loaded, the same one by a reload", () => {
  const page = open("/a#here");
  page.host.ready = false;
  page.navigation.go("navigate", "/b", { replace: true });
  page.navigation.go("patch", "/a#here");
  expect(page.loads).toEqual([`replace ${ORIGIN}/b`, "reload"]);
});

test("another origin is no page of the app", () => {
  const page = open();
  expect(() => page.navigation.go("navigate", "https://example.com/")).toThrow("is no page of this app");
  page.navigation.follow(["redirect", "https://example.com/", 0]);
  expect(page.loads).toEqual(["assign https://example.com/"]);
});

test("a hash that is no encoding does not stop anything", async () => {
  const page = open();
  page.navigation.follow(["patch", "/a#100%", 0]);
  expect(page.log).toEqual(["navigate patch /a#100%"]);
});

test.each([
  ["mailto:a@app.test", {}],
  ["https://example.com/", {}],
  ["/b", { target: "_BLANK" }],
  ["/b", { download: "" }],
])("a link to %s with %o is the browser's", (href, attributes) => {
  const page = open();
  const link = page.win.document.createElement("a");
  for (const [name, value] of Object.entries({ href, "data-ow-link": "navigate", ...attributes }))
    link.setAttribute(name, value as string);
  page.win.document.body.append(link);
  const click = new page.win.MouseEvent("click", { bubbles: true, cancelable: true });
  let prevented = true;
  page.win.addEventListener("click", (event) => {
    prevented = event.defaultPrevented;
    event.preventDefault();
  });
  link.dispatchEvent(click);
  expect([prevented, page.asked]).toEqual([false, []]);
});

test.each([
  ["svg", "href"],
  ["svg", "xlink:href"],
])("a link in %s is live by its attribute %s", (around, name) => {
  const page = open();
  page.win.document.body.innerHTML = `<${around}><a data-ow-link="patch" ${name}="?page=2"><text>two</text></a></${around}>`;
  const click = new page.win.MouseEvent("click", { bubbles: true, cancelable: true });
  page.win.document.querySelector("text")?.dispatchEvent(click);
  expect(click.defaultPrevented).toBe(true);
  expect(answer(page)).toMatchObject({ kind: "patch", url: "/a?page=2" });
});

test.each(["blob:http://app.test/0", "javascript:alert(1)", "data:text/html,x", "ftp://app.test/"])(
  "%s is no page of this app",
  (href) => {
    const page = open();
    expect(() => page.navigation.go("navigate", href)).toThrow("is no page of this app");
    expect([page.asked, page.loads]).toEqual([[], []]);
  },
);

test("an element shows that the page is on its way, until it is there, fails, or another is wanted", async () => {
  const page = open();
  const first = page.win.document.createElement("a");
  const second = page.win.document.createElement("button");
  const shown = () => [first.className, second.className];
  page.navigation.go("patch", "/a?page=2", { source: first, type: "click" });
  await page.settled();
  expect(shown()).toEqual(["phx-click-loading", ""]);
  page.navigation.go("patch", "/a?page=3", { source: second, type: "keydown" });
  await page.settled();
  expect(shown()).toEqual(["", "phx-keydown-loading"]);
  answer(page).resolve();
  await page.settled();
  expect(shown()).toEqual(["", ""]);
  page.navigation.go("navigate", "/b", { source: first, type: "click" });
  expect(shown()).toEqual(["phx-click-loading", ""]);
  answer(page).reject();
  await page.settled();
  expect([shown(), page.loads]).toEqual([["", ""], [`assign ${ORIGIN}/b`]]);
});
