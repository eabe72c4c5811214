import { Hono } from "hono";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Session } from "../view/host.ts";
import { type SessionOption, Sessions } from "./session.ts";

const secret = "s".repeat(32);
const data = { user: 7 } as Session;

function makeApp(option?: SessionOption) {
  const sessions = new Sessions(secret, option);
  const app = new Hono();
  app.get("/read", async (c) => c.json(await sessions.read(c)));
  app.get("/write", async (c) => {
    await sessions.write(c, data);
    return c.json(await sessions.read(c));
  });
  app.get("/large", async (c) => {
    await sessions.write(c, { text: "x".repeat(4000) } as Session);
    return c.text("no");
  });
  app.onError((error, c) => c.text(error.message, 500));
  return app;
}

const cookiesOf = (response: Response) => response.headers.getSetCookie();
const sent = (cookies: string[]) => ({
  headers: { cookie: cookies.map((cookie) => cookie.split(";")[0]).join("; ") },
});

afterEach(() => {
  vi.useRealTimers();
});

describe("Sessions", () => {
  it("comes back with the next request, and is in the request that set it", async () => {
    const app = makeApp();
    const written = await app.request("/write");
    expect(await written.json()).toEqual(data);
    expect(cookiesOf(written).map((cookie) => cookie.replace(/=[^;]*/, ""))).toEqual([
      "ow_session; Path=/; Max-Age=1209600; HttpOnly; SameSite=Lax",
      "ow_visitor; Path=/; Max-Age=1209600; HttpOnly; SameSite=Lax",
    ]);
    expect(cookiesOf(written).join()).not.toContain("user");
    expect(await (await app.request("/read", sent(cookiesOf(written)))).json()).toEqual(data);
  });

  it("is secure on https, also behind a proxy", async () => {
    const app = makeApp();
    expect(
      cookiesOf(await app.request("https://a.com/write")).every((cookie) => cookie.endsWith("; Secure")),
    ).toBe(true);
    const proxied = await app.request("http://a.com/write", { headers: { "x-forwarded-proto": "https" } });
    expect(cookiesOf(proxied).every((cookie) => cookie.endsWith("; Secure"))).toBe(true);
  });

  it("is ignored for another visitor", async () => {
    const app = makeApp();
    const [session] = cookiesOf(await app.request("/write"));
    const [, stranger] = cookiesOf(await app.request("/write"));
    expect(await (await app.request("/read", sent([session as string, stranger as string]))).json()).toEqual(
      {},
    );
    expect(await (await app.request("/read", sent([session as string]))).json()).toEqual({});
  });

  it("gives the visitor a new id each time it is set", async () => {
    const app = makeApp();
    const first = cookiesOf(await app.request("/write"));
    const second = cookiesOf(await app.request("/write", sent(first)));
    expect(second[1]).not.toBe(first[1]);
  });

  it("is empty when it is expired, made up, or of another secret", async () => {
    vi.useFakeTimers({ now: Date.now() });
    const app = makeApp({ maxAge: 60 });
    const cookies = cookiesOf(await app.request("/write"));
    const other = new Hono();
    const sessions = new Sessions("t".repeat(32));
    other.get("/read", async (c) => c.json(await sessions.read(c)));
    expect(await (await other.request("/read", sent(cookies))).json()).toEqual({});
    expect(
      await (await app.request("/read", sent(["ow_session=nonsense", cookies[1] as string]))).json(),
    ).toEqual({});
    expect(await (await app.request("/read", sent(cookies))).json()).toEqual(data);
    vi.advanceTimersByTime(61_000);
    expect(await (await app.request("/read", sent(cookies))).json()).toEqual({});
  });

  it("says so when it does not fit", async () => {
    const response = await makeApp().request("/large");
    expect(response.status).toBe(500);
    expect(await response.text()).toMatch(/browsers take 4096. Keep an id in it/);
  });

  it("can be the app's own", async () => {
    const app = makeApp((c) => ({ from: c.req.path }) as Session);
    expect(await (await app.request("/read")).json()).toEqual({ from: "/read" });
    expect(await (await app.request("/write")).text()).toMatch(/was given a session function/);
  });
});
