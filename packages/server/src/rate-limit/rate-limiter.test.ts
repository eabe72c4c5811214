import { describeRedis, type RedisServer, startRedis } from "@overwire/test-support/redis-server";
import { live } from "@overwire/testing";
import { createClient } from "@redis/client";
import { Hono } from "hono";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type AppOptions, createApp } from "../app.ts";
import { bearer } from "../http/bearer.ts";
import { TooManyRequests } from "../http/errors.ts";
import type { Report } from "../runtime/services.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import { RateLimitExceeded, type RateLimitOptions, rateLimit } from "./rate-limiter.ts";

const secret = "k3Jd9".repeat(8);

afterEach(() => {
  vi.useRealTimers();
});

function makeApp(options: Partial<RateLimitOptions> = {}, appOptions: AppOptions = {}) {
  const app = createApp({ secret, report: () => {}, ...appOptions });
  const limit = rateLimit({ points: 2, duration: 60, ...options });
  app.use("/api/*", limit);
  app.get("/api/x", (c) => c.text("ok"));
  return { app, limit };
}

type Asked = Pick<Hono, "request">;
const from = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } });
const ask = (app: Asked, headers: Record<string, string> = {}, address = "192.0.2.1") =>
  app.request("/api/x", { headers }, from(address));
const statuses = async (
  app: Asked,
  times: number,
  headers: Record<string, string> = {},
  address?: string,
) => {
  const all: number[] = [];
  for (let at = 0; at < times; at++) all.push((await ask(app, headers, address)).status);
  return all;
};

describe("rateLimit", () => {
  it("lets as many requests of an address through as it has points, and again after the window", async () => {
    vi.useFakeTimers();
    const { app } = makeApp();
    expect(await statuses(app, 3)).toEqual([200, 200, 429]);
    expect(await statuses(app, 1, {}, "192.0.2.2")).toEqual([200]);
    vi.advanceTimersByTime(59_999);
    expect(await statuses(app, 1)).toEqual([429]);
    vi.advanceTimersByTime(1);
    expect(await statuses(app, 3)).toEqual([200, 200, 429]);
  });

  it("tells in headers what is left, and when to come back", async () => {
    vi.useFakeTimers();
    const { app } = makeApp({ name: "api" });
    const first = await ask(app);
    expect(first.headers.get("ratelimit-policy")).toBe('"api";q=2;w=60');
    expect(first.headers.get("ratelimit")).toBe('"api";r=1;t=60');
    expect(first.headers.get("retry-after")).toBeNull();
    await ask(app);
    vi.advanceTimersByTime(30_500);
    const refused = await ask(app);
    expect(refused.headers.get("ratelimit")).toBe('"api";r=0;t=30');
    expect(refused.headers.get("retry-after")).toBe("30");
  });

  it("refuses with a page, JSON or a line, as the request accepts", async () => {
    vi.useFakeTimers();
    const { app } = makeApp({ points: 1 });
    await ask(app);
    const page = await ask(app, { accept: "text/html,application/json" });
    expect([page.status, page.headers.get("content-type"), page.headers.get("retry-after")]).toEqual([
      429,
      "text/html; charset=UTF-8",
      "60",
    ]);
    expect(await page.text()).toContain("<h1>429 Too Many Requests</h1>");
    const json = await ask(app, { accept: "application/json" });
    expect([json.status, await json.json()]).toEqual([
      429,
      { error: "too_many_requests", message: "Too many requests. Try again in 60 seconds." },
    ]);
    const line = await ask(app);
    expect(await line.text()).toBe("Too many requests. Try again in 60 seconds.");
  });

  it("counts addresses as the app believes its proxies, in an outer app too", async () => {
    const via = (client: string) => ({ "x-forwarded-for": `203.0.113.9, ${client}` });
    const { app: direct } = makeApp({ points: 1 });
    expect(await statuses(direct, 1, via("192.0.2.7"))).toEqual([200]);
    expect(await statuses(direct, 1, via("192.0.2.8"))).toEqual([429]);
    const { app: behind } = makeApp({ points: 1 }, { trustProxy: true });
    expect(await statuses(behind, 2, via("192.0.2.7"))).toEqual([200, 429]);
    expect(await statuses(behind, 1, via("192.0.2.8"))).toEqual([200]);
    const outer = new Hono().route("/", makeApp({ points: 1 }, { trustProxy: true }).app);
    expect(await statuses(outer, 2, via("192.0.2.7"))).toEqual([200, 429]);
    expect(await statuses(outer, 1, via("192.0.2.8"))).toEqual([200]);
  });

  it("counts the tokens that bearer has let in, and addresses of requests without one", async () => {
    const app = createApp({ secret });
    app.use(
      "/api/*",
      bearer((token) => token !== "bad" && { token }),
    );
    app.use("/api/*", rateLimit({ points: 1, duration: 60 }));
    app.get("/api/x", (c) => c.text("ok"));
    expect(await statuses(app, 2, { authorization: "Bearer a" })).toEqual([200, 429]);
    expect(await statuses(app, 1, { authorization: "Bearer b" })).toEqual([200]);
    expect(await statuses(app, 1, { authorization: "Bearer a" }, "192.0.2.3")).toEqual([429]);
    const { app: before } = makeApp({ points: 1 });
    expect(await statuses(before, 1, { authorization: "Bearer made-up-1" })).toEqual([200]);
    expect(await statuses(before, 1, { authorization: "Bearer made-up-2" })).toEqual([429]);
  });

  it("counts by a key of the author's, and not at all without one", async () => {
    const { app } = makeApp({ points: 1, key: (c) => c.req.header("x-plan") });
    expect(await statuses(app, 2, { "x-plan": "x".repeat(5000) })).toEqual([200, 429]);
    expect(await statuses(app, 3)).toEqual([200, 200, 200]);
  });

  it("forgets the oldest window beyond its number of keys", async () => {
    vi.useFakeTimers();
    const { limit } = makeApp({ points: 1, maxKeys: 2 });
    for (const key of ["a", "b", "c"]) await limit.consume(key);
    await expect(limit.consume("c")).rejects.toThrow(TooManyRequests);
    await expect(limit.consume("b")).rejects.toThrow(TooManyRequests);
    expect(await limit.consume("a")).toEqual({ remaining: 0, resetIn: 60 });
  });

  it.each([
    { points: 0 },
    { duration: 0.5 },
    { points: Number.NaN },
    { maxKeys: -1 },
    { duration: 1e9 },
    { store: "redis://" },
  ])("refuses %j", (wrong) => {
    expect(() => makeApp(wrong as never)).toThrow(TypeError);
  });
});

describe("consume", () => {
  class LogIn extends LiveView {
    message = "";
    save = this.event(async () => {
      try {
        await logins.consume("ann@example.com");
        this.message = "wrong password";
      } catch (error) {
        if (!(error instanceof RateLimitExceeded)) throw error;
        this.message = `wait ${error.retryAfter}`;
      }
    });
    override render() {
      return html`<button phx-click=${this.save}>Log in</button><p>${this.message}</p>`;
    }
  }
  let logins = rateLimit({ points: 2, duration: 60 });

  beforeEach(() => {
    // The driver waits by timers of its own.
    vi.useFakeTimers({ toFake: ["Date"] });
    logins = rateLimit({ points: 2, duration: 60 });
  });

  it("limits an event of a view, until it is reset", async () => {
    const app = createApp({ secret });
    app.live("/", LogIn);
    const view = await live(app, "/");
    const texts: string[] = [];
    for (let at = 0; at < 3; at++) {
      await view.element("button").click();
      texts.push(view.text("p"));
    }
    expect(texts).toEqual(["wrong password", "wrong password", "wait 60"]);
    await logins.reset("ann@example.com");
    await view.element("button").click();
    expect(view.text("p")).toBe("wrong password");
  });

  it("costs as many points as are said", async () => {
    expect(await logins.consume("a", 2)).toEqual({ remaining: 0, resetIn: 60 });
    await expect(logins.consume("a")).rejects.toMatchObject({ status: 429, retryAfter: 60 });
    await expect(logins.consume("a", 0)).rejects.toThrow(RangeError);
    await expect(logins.consume(undefined as never)).rejects.toThrow(TypeError);
  });
});

describeRedis("rateLimit with Redis", () => {
  let redis: RedisServer;
  const clients: { destroy(): void }[] = [];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.destroy();
  });
  afterAll(() => redis.stop());

  async function connect() {
    const client = createClient({ url: redis.url });
    client.on("error", () => {});
    await client.connect();
    clients.push(client);
    return client;
  }

  it("counts over all nodes, apart for each name, and keeps neither token nor long key", async () => {
    const one = makeApp({ store: await connect() });
    const two = makeApp({ store: await connect() });
    expect([...(await statuses(one.app, 1)), ...(await statuses(two.app, 2))]).toEqual([200, 200, 429]);
    const other = makeApp({ store: await connect(), name: "other" });
    expect(await statuses(other.app, 1)).toEqual([200]);
    const app = createApp({ secret });
    app.use(
      "/api/*",
      bearer((token) => ({ token })),
      rateLimit({ points: 1, duration: 60, store: await connect(), name: "t" }),
    );
    app.get("/api/x", (c) => c.text("ok"));
    expect(await statuses(app, 2, { authorization: "Bearer plain-token-7" })).toEqual([200, 429]);
    expect(String(await redis.send("KEYS", "*"))).not.toContain("plain-token-7");
    await one.limit.reset("address 192.0.2.1");
    expect(await statuses(two.app, 1)).toEqual([200]);
  });

  it("counts apart for names and keys that read the same together", async () => {
    const options = { points: 1, duration: 60, store: await connect() };
    await rateLimit({ ...options, name: "login" }).consume("admin:bob");
    await expect(rateLimit({ ...options, name: "login:admin" }).consume("bob")).resolves.toMatchObject({
      remaining: 0,
    });
  });

  it("that is away: counts for itself, lets all pass, or refuses all, and tells of it", async () => {
    const errors: unknown[] = [];
    const reports: Report[] = [];
    const make = async (whenAway?: RateLimitOptions["whenAway"]) =>
      makeApp(
        {
          store: await connect(),
          name: `away-${whenAway}`,
          whenAway,
          onError: (error) => errors.push(error),
        },
        { report: (report) => reports.push(report) },
      ).app;
    const apps = [await make(), await make("open"), await make("closed")] as const;
    await redis.halt();
    expect(await statuses(apps[0], 3)).toEqual([200, 200, 429]);
    expect(await statuses(apps[1], 3)).toEqual([200, 200, 200]);
    expect(await statuses(apps[2], 2)).toEqual([503, 503]);
    expect(errors.length).toBeGreaterThanOrEqual(3);
    expect(reports).toContainEqual(expect.objectContaining({ kind: "crash", event: "GET /api/x" }));
    await redis.start();
    await vi.waitFor(async () => expect((await ask(apps[2])).status).toBe(200));
  });

  it("that answers nothing holds no request for longer than a second", async () => {
    const { app } = makeApp({ store: await connect(), name: "frozen", onError: () => {} });
    redis.freeze();
    try {
      expect(await statuses(app, 3)).toEqual([200, 200, 429]);
    } finally {
      redis.resume();
    }
  });
});
