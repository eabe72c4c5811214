/** Paths, hosts and redirects of a client's choice. */
import { describe, expect, it } from "vitest";
import { rawRequest, sendRaw } from "../clients/raw-http.ts";
import { attacked } from "./rig.ts";

const rig = attacked();

const hostile = [
  "x:@evil.example/reset",
  "x:.evil.example/items/1",
  "x:evil.example/items/1",
  "//evil.example/items/1",
  "///evil.example/items/1",
  "/\\evil.example/items/1",
  "\\\\evil.example/items/1",
  "http://evil.example/items/1",
  "https:evil.example/items/1",
  "http://127.0.0.1:1@evil.example/items/1",
  "@evil.example/items/1",
  ".evil.example/items/1",
  ":80@evil.example/items/1",
  "/\t/evil.example/items/1",
  "/\n/evil.example/items/1",
  "ws://evil.example/items/1",
  "javascript:alert(1)//evil.example",
  "data:text/html,evil.example",
  "file:///evil.example/items/1",
  "/.//evil.example/items/1",
  "/..//evil.example/items/1",
  "?x=//evil.example",
  "#//evil.example",
  "http://[::1/evil.example",
  "http://xn--/evil.example",
  "",
  " ",
  "\u0000",
  "/items/1\u0000.evil.example",
];

describe("the URL that a page sends", () => {
  it.each(hostile)("live patch to %j: the host stays, and no page leads elsewhere", async (url) => {
    const { line } = await rig.open("/items/1");
    const from = line.frames.length;
    line.say("n", 1, 1, url);
    line.say("e", 1, 2, "flashed", {});
    await Promise.race([line.end(), line.next(([kind, , , ref]) => kind === "x" || ref === 2, from)]);
    expectAtHome(line.frames.slice(from));
    await rig.expectServing();
  });

  it.each(hostile)("join at %j: the host stays, and no page leads elsewhere", async (url) => {
    const { line, page } = await rig.open("/items/1");
    for (const more of [{}, { navigate: true }]) {
      const from = line.frames.length;
      line.say("j", 2, { token: page.tokens[0], url, ...more });
      await line.next((frame) => frame[1] === 2, from);
      expectAtHome(line.frames.slice(from));
    }
    await rig.expectServing();
  });

  /** The items' view shows its whole URL. */
  function expectAtHome(frames: readonly (readonly unknown[])[]): void {
    const home = new URL(rig.server.origin).host;
    for (const frame of frames) {
      const isEnd = frame[0] === "x";
      const shown = isEnd ? "" : JSON.stringify([frame[3], frame[4]]);
      for (const [, host] of shown.matchAll(/"https?:\/\/([^"/?#]*)/g)) expect(host).toBe(home);
      const to = isEnd ? frame[4] : (frame[5] as { n?: unknown } | undefined)?.n;
      if (Array.isArray(to)) expect(new URL(String(to[1]), rig.server.origin).host).toBe(home);
    }
  }
});

describe("a redirect of a middleware", () => {
  it("to /.//evil.example keeps a live navigation on its host", async () => {
    const { line, page } = await rig.open();
    const answer = await line.join(2, { ...page, url: `${rig.server.origin}/moved` }, { navigate: true });
    const to: unknown = answer[4];
    if (Array.isArray(to))
      expect(new URL(String(to[1]), rig.server.origin).host).toBe(new URL(rig.server.origin).host);
    await rig.expectServing();
  });
});

describe("a request", () => {
  it.each(["xn--", "a b", "[::1", "127.0.0.1:99999", "", "é", "a/b", "a@b", "evil.example:x", "%", "\\"])(
    "with the host %j is answered with a 4xx or the page, and no stack",
    async (host) => {
      for (const target of ["/", "/items/1", "/nowhere", "/overwire/socket"]) {
        const { status, text } = await sendRaw(rig.port, rawRequest("GET", target, [["Host", host]]));
        expect(status).toBeLessThan(500);
        expect(text).not.toMatch(/\n\s+at |node_modules|\.js:\d/);
      }
      await rig.expectServing();
    },
  );

  it.each([
    "/%",
    "/%00",
    "/%ff%fe",
    "/..%2f..%2fetc%2fpasswd",
    "/../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/items/%2e%2e%2fadmin%2fpanel",
    "/items/..%5c..%5cadmin",
    "/items//admin/panel",
    "//evil.example/",
    "/\\evil.example/",
    "http://evil.example/",
    "/overwire/client/../../package.json",
    "/overwire/client-../../../package.json",
    "/overwire/client-%2e%2e%2fpackage.json",
    "/overwire/__proto__",
    "/overwire/constructor.js",
    "/admin/panel",
    "/admin//panel",
    "/admin/./panel",
    "/admin%2fpanel",
    "/Admin/panel",
    "//admin/panel",
    "/./admin/panel",
    "/x/../admin/panel",
    "/admin/panel/",
    "/admin/panel;x",
    "/admin/panel%00",
    `/${"a/".repeat(3000)}`,
    `/items/${"%F0%9F%98%80".repeat(600)}`,
    "*",
    "evil.example:443",
  ])("for %.60j reads no file, passes no guard, and is no 5xx", async (target) => {
    for (const method of ["GET", "POST", "HEAD"]) {
      const { status, text } = await sendRaw(rig.port, rawRequest(method, target, [["Accept", "text/html"]]));
      expect(status).toBeLessThan(500);
      expect(text).not.toMatch(/admin of|root:|"devDependencies"|\n\s+at .*\.js:\d/);
    }
    await rig.expectServing();
  });

  it("that is aborted in the middle of its body is not reported as a crash", async () => {
    const { crash } = (await rig.server.health()).reports;
    const bytes = rawRequest("POST", "/read", [["Content-Length", "1000"]], "a=1");
    await Promise.all(Array.from({ length: 20 }, () => sendRaw(rig.port, bytes, 100)));
    await rig.expectServing();
    expect((await rig.server.health()).reports.crash).toBe(crash);
  });

  it("with a query of 13 KB is read in milliseconds", async () => {
    for (const query of [
      Array.from({ length: 900 }, (_, at) => `k${at}[999][999]`)
        .join("&")
        .slice(0, 13_500),
      `a${"[a]".repeat(4400)}=1`,
      "a[]&".repeat(3300),
      "&".repeat(13_000),
      "%ff=".repeat(3300),
      Array.from({ length: 900 }, (_, at) => `a[${at}][${at}]=`)
        .join("&")
        .slice(0, 13_500),
    ]) {
      const { longest, kept } = await rig.cost(() =>
        sendRaw(rig.port, rawRequest("GET", `/items/1?${query}`)),
      );
      expect(longest).toBeLessThan(200);
      expect(kept).toBeLessThan(5_000_000);
    }
    await rig.expectServing();
  });
});

describe("a handshake", () => {
  const good = [
    ["Connection", "Upgrade"],
    ["Upgrade", "websocket"],
    ["Sec-WebSocket-Version", "13"],
    ["Sec-WebSocket-Key", "MDEyMzQ1Njc4OWFiY2RlZg=="],
  ] as const;
  const without = (name: string) => good.filter(([own]) => own !== name);
  const changed = (name: string, value: string): (readonly [string, string])[] => [
    ...without(name),
    [name, value],
  ];

  it.each([
    ["without a key", "GET", "/overwire/socket", without("Sec-WebSocket-Key")],
    ["without a version", "GET", "/overwire/socket", without("Sec-WebSocket-Version")],
    ["with a short key", "GET", "/overwire/socket", changed("Sec-WebSocket-Key", "eA==")],
    ["with two keys", "GET", "/overwire/socket", [...good, good[3]]],
    ["of version 0", "GET", "/overwire/socket", changed("Sec-WebSocket-Version", "0")],
    ["of version 99", "GET", "/overwire/socket", changed("Sec-WebSocket-Version", "99")],
    ["by POST", "POST", "/overwire/socket", good],
    ["by HEAD", "HEAD", "/overwire/socket", good],
    ["for h2c", "GET", "/overwire/socket", changed("Upgrade", "h2c")],
    ["for another path", "GET", "/elsewhere", good],
    ["below the socket", "GET", "/overwire/socket/x", good],
    ["beside the socket", "GET", "/overwire/socke", good],
    ["with dots", "GET", "/x/../overwire/socket", good],
    ["in capitals", "GET", "/OVERWIRE/SOCKET", good],
    ["with a whole URL of another host", "GET", "http://evil.example/elsewhere", good],
    ["for nothing", "GET", "*", good],
    ["from another origin", "GET", "/overwire/socket", [...good, ["Origin", "http://evil.example"]]],
    ["from a file", "GET", "/overwire/socket", [...good, ["Origin", "null"]]],
    ["from another port", "GET", "/overwire/socket", [...good, ["Origin", "http://127.0.0.1:1"]]],
    ["from what is no origin", "GET", "/overwire/socket", [...good, ["Origin", "x"]]],
    ["with a host that is none", "GET", "/overwire/socket", [...good, ["Host", "a b"]]],
    ["with 20 KB of a header", "GET", "/overwire/socket", [...good, ["X-Long", "x".repeat(20_000)]]],
  ] as const)("%s is refused by HTTP, at once", async (_, method, target, headers) => {
    const { status, text } = await sendRaw(rig.port, rawRequest(method, target, headers));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(text).not.toMatch(/\n\s+at |node_modules/);
    await rig.expectServing();
  });

  it("that offers compression gets none", async () => {
    const headers = [
      ...good,
      ["Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"],
    ] as const;
    const request = rawRequest("GET", "/overwire/socket", headers);
    const { status, text } = await sendRaw(rig.port, request, undefined, /\r\n\r\n/);
    expect(status).toBe(101);
    expect(text).not.toMatch(/permessage-deflate/i);
  });
});
