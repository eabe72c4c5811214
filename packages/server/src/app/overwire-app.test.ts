import { Hono } from "hono";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../app.ts";
import { HttpError } from "../http/errors.ts";
import { formatReport } from "../http/log-report.ts";

const secret = "s".repeat(32);

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("createApp", () => {
  it("refuses a short secret, and none in production", () => {
    expect(() => createApp({ secret: "short" })).toThrow(/at least 32 characters/);
    vi.stubEnv("NODE_ENV", "production");
    expect(() => createApp()).toThrow(/needs a secret in production/);
  });

  it("makes one up elsewhere, and prints one warning", () => {
    const print = vi.spyOn(console, "error").mockImplementation(() => {});
    createApp();
    expect(print.mock.calls).toEqual([[expect.stringMatching(/^\[overwire\] warning: No secret was given/)]]);
  });

  it("refuses what checkOrigin cannot read", () => {
    expect(() => createApp({ secret, checkOrigin: ["example.com"] })).toThrow(/checkOrigin cannot read/);
  });
});

describe("an OverwireApp", () => {
  it("is a Hono app", async () => {
    const app = createApp({ secret });
    app.get("/api", (c) => c.json({ ok: true }));
    app.notFound((c) => c.text("none of ours", 404));
    expect(app).toBeInstanceOf(Hono);
    expect(await (await app.request("/api")).json()).toEqual({ ok: true });
    expect(await (await app.request("/other")).text()).toBe("none of ours");
    expect(await (await app.request("/overwire/other")).text()).toBe("none of ours");
  });

  it("has its socket's path before all middleware", async () => {
    const app = createApp({ secret });
    app.use(async (c) => c.text("no", 401));
    const response = await app.request("/overwire/socket");
    expect([response.status, response.headers.get("upgrade")]).toEqual([426, "websocket"]);
    expect((await app.request("/overwire/other")).status).toBe(401);
  });

  it("takes Hono's faster router", async () => {
    const app = createApp({ secret });
    app.get("/posts/:id", (c) => c.text("x"));
    await app.request("/posts/1");
    expect(app.router.name).toBe("SmartRouter + RegExpRouter");
  });
});

describe("withErrors", () => {
  const app = createApp({ secret, report: () => {} });
  app.get("/crash", () => {
    throw new Error("boom");
  });
  app.get("/late", () => {
    throw new HttpError(402, "Pay first.");
  });
  app.get("/own", (c) => c.text("no", 403));
  const told = async (path: string, init: RequestInit, least?: number) => {
    const errors: string[] = [];
    await app.request(
      path,
      init,
      app.withErrors(({ message }) => errors.push(message), {}, least),
    );
    return errors;
  };

  it("tells of errors that become a 5xx answer", async () => {
    expect(await told("/crash", {})).toEqual(["boom"]);
    expect(await told("/late", {})).toEqual([]);
    expect(await told("/nothing", {})).toEqual([]);
  });

  it("tells of refusals and missing pages too, if the least status says so", async () => {
    expect(await told("/late", {}, 400)).toEqual(["Pay first."]);
    expect(await told("/nothing", {}, 400)).toEqual(["Not Found"]);
    expect(await told("/own", {}, 400)).toEqual([]);
    const [refusal] = await told(
      "/own",
      { method: "POST", headers: { origin: "https://evil.example" } },
      400,
    );
    expect(refusal).toMatch(/^This request came from a page of another site/);
  });
});

it("knows if the author's function has the sessions", () => {
  expect(createApp({ secret }).ownsSession).toBe(false);
  expect(createApp({ secret, session: () => ({}) }).ownsSession).toBe(true);
});

describe("formatReport", () => {
  it("names view and event in one line, whatever the event is called", () => {
    expect(formatReport({ kind: "crash", view: "Counter", event: "inc", message: "boom" })).toBe(
      "[overwire] crash in Counter · inc: boom",
    );
    expect(formatReport({ kind: "refused", message: "no\nnew\u2028line\x1b[31m" })).toBe(
      "[overwire] refused: no new line [31m",
    );
  });
});
