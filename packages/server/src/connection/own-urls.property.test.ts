import { openSocket, tokensOf, visitorCookie } from "@overwire/test-support/fake-socket";
import { joinFrame, leaveFrame, urlFrame } from "@overwire/test-support/frames";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createApp } from "../app.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import { checkPath, ownPath } from "../view/navigation/navigation.ts";
import { resolveLocation } from "./page-request.ts";

/** Pieces from which browsers, servers and attackers build URLs. */
const piece = fc.constantFrom(
  ...[
    "/",
    "//",
    "\\",
    "\\\\",
    "/.",
    "/..",
    ".",
    "@",
    ":",
    "x:",
    "http:",
    "https:",
    "javascript:",
    "blob:",
    "data:",
  ],
  ...[
    "file:",
    "ftp:",
    "http://",
    "https://",
    "http:///",
    "\t",
    "\n",
    "\r",
    " ",
    "\0",
    "%2f",
    "%5c",
    "%09",
    "%0a",
    "%0d",
    "%2e",
  ],
  ...[
    "evil.example",
    "evil.example:81",
    "user:pass@",
    "localhost",
    "localhost@",
    "[::1]",
    "0x7f.1",
    "ex\u00e4mple",
    "。",
    "／",
  ],
  ...["?", "#", "&", "next=//evil.example", "posts", "reset", "1"],
);
const trick = fc.array(piece, { minLength: 1, maxLength: 7 }).map((pieces) => pieces.join(""));
const known = [
  "x:@evil.example/reset",
  "x:.evil.example/reset",
  "//evil.example/reset",
  "\\\\evil.example/reset",
  "/\\evil.example/reset",
  "/\t/evil.example/reset",
  "/.//evil.example/reset",
  "/..//evil.example/reset",
  "http:///evil.example/reset",
  "http://user:pass@evil.example:81/reset",
  "https:evil.example",
  "javascript:alert(1)",
  "blob:http://localhost/1",
  "http://ex\u00e4mple/reset",
  "",
  "?",
  "#x",
];

test("only path and query of a client's URL are taken, and the path begins with one slash", () => {
  const holds = (text: string) => {
    const path = ownPath(text, "https://app.example:8443/here?q=1");
    if (!path) return;
    expect(path.pathname).toMatch(/^\/(?!\/)/);
    const url = new URL(`https://app.example:8443${path.pathname}${path.search}`);
    expect(url.origin).toBe("https://app.example:8443");
    expect([url.pathname, url.search]).toEqual([path.pathname, path.search]);
  };
  known.forEach(holds);
  fc.assert(fc.property(fc.oneof(trick, fc.webUrl(), fc.string()), holds), { numRuns: 3000 });
  expect(ownPath("x:@evil.example/reset")).toBeUndefined();
  expect(ownPath("/.//evil.example")).toBeUndefined();
  expect(ownPath("blob:http://localhost/1")).toBeUndefined();
  expect(ownPath(`/${"x".repeat(20_000)}`)).toBeUndefined();
  expect(ownPath("https://other.example/a/../b?c=1#d")).toEqual({ pathname: "/b", search: "?c=1" });
});

test("a redirect of middleware leads to the absolute URL that it names, or to a path of the page's own host", () => {
  const holds = (location: string) => {
    const to = resolveLocation(location, "https://app.example/here?q=1");
    if (to === undefined) return;
    const shown = new URL(to, "https://app.example/here?q=1");
    if (/^https?:\/\//i.test(location)) expect(shown.href).toBe(new URL(location).href);
    else {
      expect(to).toMatch(/^\/(?!\/)/);
      expect(shown.origin).toBe("https://app.example");
      // The client may take it apart and put it together again.
      expect(new URL(shown.pathname, shown).origin).toBe("https://app.example");
    }
  };
  known.forEach(holds);
  fc.assert(fc.property(fc.oneof(trick, fc.webUrl(), fc.string()), holds), { numRuns: 3000 });
  for (const location of [
    "/.//evil.example",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "x:/a",
    "http:/a",
  ])
    expect([location, resolveLocation(location, "/here")]).toEqual([location, undefined]);
  expect(resolveLocation("/login?next=%2Fa#top", "/here")).toBe("/login?next=%2Fa#top");
  expect(resolveLocation("login", "/here/there")).toBe("/here/login");
  expect(resolveLocation("https://id.example/login", "/here")).toBe("https://id.example/login");
});

test("a path that an author redirects to stays a path when a browser has read it", () => {
  const holds = (to: string) => {
    try {
      checkPath(to, "redirect");
    } catch {
      return;
    }
    const { origin, pathname } = new URL(to, "https://app.example/here");
    expect([origin, new URL(pathname, "https://app.example").origin]).toEqual(
      Array(2).fill("https://app.example"),
    );
  };
  known.forEach(holds);
  fc.assert(fc.property(fc.oneof(trick, fc.string()), holds), { numRuns: 3000 });
  expect(() => checkPath("/.//evil.example", "redirect")).toThrow("becomes one with two slashes");
  expect(checkPath("/a//b?u=https://x", "redirect")).toBe("/a//b?u=https://x");
});

class Page extends LiveView<"/*"> {
  override render() {
    return html`<p>${this.url.href}</p>`;
  }
}

async function open(origin: string) {
  const urls: string[] = [];
  const app = createApp({ secret: "s".repeat(32), report: () => {} });
  app.use("*", (c, next) => {
    urls.push(c.req.url);
    return next();
  });
  app.live("/*", Page);
  const cookie = `__Host-${visitorCookie()}`;
  const [token] = await tokensOf(app, `${origin}/here`, cookie);
  const { socket, send, ask } = openSocket(app, { headers: { cookie }, url: `${origin}/overwire/socket` });
  return { urls, socket, send, ask, token };
}

describe("host, port and scheme of a view are those of its request, whatever its client sends", () => {
  const origin = "https://app.example:8443";
  const samples = [...known, ...fc.sample(trick, { numRuns: 150, seed: 7 })];

  test("as the URL of a join", async () => {
    const tab = await open(origin);
    let view = 0;
    for (const url of samples) {
      await tab.ask(joinFrame(++view, tab.token, { url }));
      const viewProcess = tab.socket.process(view);
      if (viewProcess) expect(viewProcess.location.url.href).toMatch(/^https:\/\/app\.example:8443\/(?!\/)/);
      await tab.ask(joinFrame(++view, tab.token, { url, navigate: true }));
      tab.send(leaveFrame(view));
      tab.send(leaveFrame(view - 1));
    }
    expect(tab.urls.length).toBeGreaterThan(20);
    for (const url of tab.urls) expect(url).toMatch(/^https:\/\/app\.example:8443\/(?!\/)/);
  });

  test("as the URL of a live patch", async () => {
    const tab = await open(origin);
    expect((await tab.ask(joinFrame(1, tab.token, { url: "/here" })))[0]?.[0]).toBe("j");
    let ref = 0;
    for (const url of samples) {
      const [answer] = await tab.ask(urlFrame(1, ++ref, url));
      expect(answer?.slice(0, 2)).toEqual(["p", 1]);
      expect(tab.socket.process(1)?.location.url.href).toMatch(/^https:\/\/app\.example:8443\/(?!\/)/);
    }
    for (const url of tab.urls) expect(url).toMatch(/^https:\/\/app\.example:8443\/(?!\/)/);
  });
});
