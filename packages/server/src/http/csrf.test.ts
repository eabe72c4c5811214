import { randomBytes } from "node:crypto";
import { Hono } from "hono";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type AppOptions, createApp } from "../app.ts";
import type { Report } from "../runtime/services.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";

const secret = randomBytes(48).toString("base64");
const unsafe = ["POST", "PUT", "PATCH", "DELETE", "PROPFIND"];

let reports: Report[] = [];

class Page extends LiveView {
  override render() {
    return html`<p>page</p>`;
  }
}

function makeApp(options: AppOptions = {}) {
  const app = createApp({ secret, report: (report) => reports.push(report), ...options });
  app.live("/", Page);
  app.all("/save", (c) => c.text("saved"));
  app.all("/hooks/:name", (c) => c.text("hooked"));
  return app;
}

const send = (
  headers: Record<string, string>,
  { app = makeApp(), url = "https://a.com/save", method = "POST", body }: Partial<Sent> = {},
) => app.request(url, { method, headers, ...(body !== undefined && { body }) });

interface Sent {
  app: { request: Hono["request"] };
  url: string;
  method: string;
  body: string;
}

const statusOf = async (...args: Parameters<typeof send>) => (await send(...args)).status;

beforeEach(() => {
  reports = [];
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

describe("an unsafe request", () => {
  it.each(unsafe)("%s of a page of another origin is refused, whatever the page may be", async (method) => {
    const cases: Record<string, string>[] = [
      { "sec-fetch-site": "cross-site", origin: "https://evil.example" },
      { "sec-fetch-site": "same-site", origin: "https://other.a.com" },
      { "sec-fetch-site": "same-site", origin: "https://a.com:8443" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "cross-site", origin: "https://a.com" },
      { "sec-fetch-site": "same-origin, cross-site" },
      { origin: "https://evil.example" },
      { origin: "https://a.com.evil.example" },
      { origin: "https://a.com:8443" },
      { origin: "http://a.com" },
      { origin: "null" },
      { origin: "" },
      { origin: "nonsense" },
    ];
    for (const headers of cases)
      expect([headers, await statusOf(headers, { method })]).toEqual([headers, 403]);
  });

  it.each(unsafe)("%s of the app's own page passes, and one without a page too", async (method) => {
    const cases: Record<string, string>[] = [
      { "sec-fetch-site": "same-origin", origin: "https://a.com" },
      { "sec-fetch-site": "same-origin" },
      { "sec-fetch-site": "none" },
      { origin: "https://a.com" },
      { origin: "https://a.com:443" },
      {},
    ];
    for (const headers of cases)
      expect([headers, await statusOf(headers, { method })]).toEqual([headers, 200]);
  });

  it.each([
    "application/json",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/octet-stream",
  ])("is refused with a body of %s", async (type) => {
    const headers = { origin: "https://evil.example", "content-type": type };
    expect(await statusOf(headers, { body: "{}" })).toBe(403);
  });

  it("is refused on any path of the app, even if there is no route, and before all middleware", async () => {
    const app = makeApp();
    let ran = 0;
    app.use((_, next) => {
      ran++;
      return next();
    });
    app.post("/late", (c) => c.text("late"));
    app.mount("/mounted", () => new Response("mounted"));
    const headers = { origin: "https://evil.example" };
    for (const path of ["/late", "/mounted/x", "/none", "/"])
      expect(await statusOf(headers, { app, url: `https://a.com${path}` })).toBe(403);
    expect(ran).toBe(0);
    expect(await statusOf({}, { app, url: "https://a.com/late" })).toBe(200);
  });

  it("is compared with the host that was asked for, on plain http too", async () => {
    const ask = (headers: Record<string, string>, options?: AppOptions) =>
      statusOf(headers, { app: makeApp(options), url: "http://localhost/save" });
    expect(await ask({ origin: "http://localhost" })).toBe(200);
    expect(await ask({ origin: "http://localhost:5173" })).toBe(403);
    expect(await ask({ origin: "http://app.test:3000", host: "app.test:3000" })).toBe(200);
    // A proxy may have ended https without saying so.
    expect(await ask({ origin: "https://app.test", host: "app.test" })).toBe(200);
    expect(await ask({ origin: "http://app.test", host: "app.test", "x-forwarded-proto": "https" })).toBe(
      403,
    );
    const proxied = { origin: "https://app.test", host: "backend:4000", "x-forwarded-host": "app.test" };
    expect(await ask(proxied)).toBe(403);
    expect(await ask(proxied, { trustProxy: true })).toBe(200);
  });
});

it.each(["GET", "HEAD", "OPTIONS"])("%s passes from anywhere", async (method) => {
  expect(await statusOf({ origin: "https://evil.example", "sec-fetch-site": "cross-site" }, { method })).toBe(
    200,
  );
});

describe("checkOrigin", () => {
  it("names pages that may send unsafe requests", async () => {
    const app = makeApp({ checkOrigin: ["https://*.a.com"] });
    const foreign = (site: string, origin: string) => statusOf({ "sec-fetch-site": site, origin }, { app });
    expect(await foreign("same-site", "https://admin.a.com")).toBe(200);
    expect(await foreign("cross-site", "https://evil.example")).toBe(403);
    expect(await foreign("cross-site", "http://admin.a.com")).toBe(403);
    expect(await statusOf({ origin: "https://admin.a.com" }, { app })).toBe(200);
  });

  it("may be a function; and `false`, which lets any page open a socket, lets none forge requests", async () => {
    const checkOrigin = (origin: string) => origin === "https://friend.example";
    const headers = { "sec-fetch-site": "cross-site", origin: "https://friend.example" };
    expect(await statusOf(headers, { app: makeApp({ checkOrigin }) })).toBe(200);
    expect(await statusOf(headers, { app: makeApp({ checkOrigin: false }) })).toBe(403);
  });
});

describe("an exemption", () => {
  const headers = { "sec-fetch-site": "cross-site", origin: "https://evil.example" };

  it("is for paths that are named", async () => {
    const app = makeApp({ csrf: { exempt: ["/hooks/*"] } });
    const post = (path: string) => statusOf(headers, { app, url: `https://a.com${path}` });
    expect(await post("/hooks/stripe")).toBe(200);
    for (const path of ["/save", "/hooksx", "/x/hooks/stripe", "/hooks/../save", "/hooks/%2e%2e/save"])
      expect([path, await post(path)]).toEqual([path, 403]);
  });

  it("may be for all", async () => {
    expect(await statusOf(headers, { app: makeApp({ csrf: false }) })).toBe(200);
  });

  it("throws if it is not a path", () => {
    expect(() => makeApp({ csrf: { exempt: ["hooks"] } })).toThrow(/paths like "\/webhooks\/\*".*"hooks"/);
  });
});

describe("in another Hono app", () => {
  const headers = { origin: "https://evil.example" };

  it("every handler of the app is protected, and nothing else", async () => {
    for (const base of ["/", "/admin", "/t/:tenant"]) {
      const outer = new Hono();
      outer.route(base, makeApp({ csrf: { exempt: ["/hooks/*"] } }));
      outer.post("/own", (c) => c.text("own"));
      const at = base.replace(":tenant", "x").replace(/\/$/, "");
      const post = (path: string) => statusOf(headers, { app: outer, url: `https://a.com${path}` });
      expect([base, await post(`${at}/save`)]).toEqual([base, 403]);
      expect([base, await post(`${at}/hooks/x`)]).toEqual([base, 200]);
      expect([base, await post("/own")]).toEqual([base, 200]);
      expect(
        await statusOf({ origin: "https://a.com" }, { app: outer, url: `https://a.com${at}/save` }),
      ).toBe(200);
    }
  });

  it("that mounts its fetch it is protected as well", async () => {
    const outer = new Hono().mount("/admin", makeApp().fetch);
    expect(await statusOf(headers, { app: outer, url: "https://a.com/admin/save" })).toBe(403);
  });
});

describe("the refusal", () => {
  const origin = "https://evil.example";
  const said = async (headers: Record<string, string>) => {
    const response = await send({ origin, ...headers });
    return [response.headers.get("content-type"), await response.text()] as const;
  };

  it("is a page to browsers, JSON to scripts and a line to others", async () => {
    const [type, page] = await said({ accept: "text/html,*/*;q=0.8" });
    expect(type).toBe("text/html; charset=UTF-8");
    expect(page).toMatch(/<h1>403 Forbidden<\/h1>[\s\S]*This request came from a page of another site/);
    const [json, body] = await said({ "content-type": "application/json" });
    expect(json).toBe("application/json; charset=UTF-8");
    expect(JSON.parse(body)).toEqual({
      error: "forbidden",
      message: expect.stringContaining("another site"),
    });
    expect((await said({}))[0]).toBe("text/plain; charset=UTF-8");
  });

  it("tells authors how to allow it, in the report and in development only", async () => {
    expect((await said({}))[1]).toMatch(/createApp\({ checkOrigin/);
    vi.stubEnv("NODE_ENV", "production");
    expect((await said({}))[1]).not.toMatch(/createApp|evil/);
    expect(reports).toHaveLength(2);
    expect(reports[1]).toMatchObject({
      kind: "refused",
      event: "csrf",
      message: expect.stringMatching(
        /^a page of "https:\/\/evil.example" sent POST \/save\. .*csrf: \{ exempt/,
      ),
    });
  });

  it("is reported a few times a minute and counted beyond", async () => {
    vi.useFakeTimers();
    const app = makeApp();
    for (let count = 0; count < 50; count++) await send({ origin }, { app });
    expect(reports).toHaveLength(20);
    vi.advanceTimersByTime(61_000);
    await send({ origin }, { app });
    expect(reports.at(-1)?.message).toMatch(/\(30 more before were not reported\)$/);
  });
});
