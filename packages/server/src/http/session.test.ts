import { Hono } from "hono";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Session } from "../view/view-host.ts";
import { secureBy } from "./proxy-headers.ts";
import type { Secret } from "./secret.ts";
import { type SessionOption, Sessions } from "./session.ts";

const secret = "s".repeat(32);
const data = { user: 7 } as Session;

function makeApp(option?: SessionOption, secrets: Secret = secret, isSecure = secureBy()) {
  const sessions = new Sessions(secrets, option, isSecure);
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
      "ow_visitor; Path=/; Max-Age=1296000; HttpOnly; SameSite=Lax",
    ]);
    expect(cookiesOf(written).join()).not.toContain("user");
    expect(await (await app.request("/read", sent(cookiesOf(written)))).json()).toEqual(data);
  });

  it("is secure on https", async () => {
    const app = makeApp();
    expect(
      cookiesOf(await app.request("https://a.com/write")).every((cookie) => cookie.endsWith("; Secure")),
    ).toBe(true);
  });

  const behind = (proto: string) => ({ headers: { "x-forwarded-proto": proto } });

  it.each(["https", "HTTPS", "https, http", "https,http", " https ,https", "wss"])(
    "is secure behind a proxy that says %j, and comes back",
    async (proto) => {
      const app = makeApp();
      const cookies = cookiesOf(await app.request("http://a.com/write", behind(proto)));
      expect(cookies.map((cookie) => cookie.replace(/=[^;]*/, ""))).toEqual([
        "__Host-ow_session; Path=/; Max-Age=1209600; HttpOnly; SameSite=Lax; Secure",
        "__Host-ow_visitor; Path=/; Max-Age=1296000; HttpOnly; SameSite=Lax; Secure",
      ]);
      const { headers } = sent(cookies);
      const again = await app.request("http://a.com/read", {
        headers: { ...headers, ...behind(proto).headers },
      });
      expect(await again.json()).toEqual(data);
      // As handshakes come whose proxy says nothing of them.
      expect(await (await app.request("http://a.com/read", { headers })).json()).toEqual(data);
    },
  );

  it.each(["http", "http, https", "", "httpsx", "nothttps"])(
    "is not secure behind one that says %j",
    async (proto) => {
      const cookies = cookiesOf(await makeApp().request("http://a.com/write", behind(proto)));
      expect(cookies.map((cookie) => /^ow_\w+=.*SameSite=Lax$/.test(cookie))).toEqual([true, true]);
    },
  );

  it("believes no proxy when told so", async () => {
    const app = makeApp(undefined, secret, secureBy(false));
    const cookies = cookiesOf(await app.request("http://a.com/write", behind("https")));
    expect(cookies.join()).not.toMatch(/Secure|__Host-/);
  });

  it("is not shadowed by cookies of a sibling domain", async () => {
    const app = makeApp();
    const read = async (url: string, cookies: string[]) => (await app.request(url, sent(cookies))).json();
    const tossed = cookiesOf(await app.request("http://a.com/write"));
    const own = cookiesOf(await app.request("https://a.com/write"));
    expect(await read("https://a.com/read", [...tossed, ...own])).toEqual(data);
    expect(await read("https://a.com/read", tossed)).toEqual({});
    const other = cookiesOf(await app.request("http://a.com/write"));
    expect(await read("http://a.com/read", [...tossed, ...other])).toEqual({});
  });

  it("set over http counts from then on, whatever https has left behind", async () => {
    const app = makeApp();
    const old = cookiesOf(await app.request("https://localhost/write"));
    const set = cookiesOf(await app.request("http://localhost/write", sent(old)));
    expect(set.map((cookie) => /^([\w-]+)=/.exec(cookie)?.[1])).toEqual([
      "ow_session",
      "ow_visitor",
      "__Host-ow_session",
      "__Host-ow_visitor",
    ]);
    expect(set.slice(2).every((cookie) => cookie.includes("; Max-Age=0;"))).toBe(true);
  });

  it("outlives a change of the secret, if the old one is still in the list", async () => {
    const cookies = cookiesOf(await makeApp(undefined, "o".repeat(32)).request("/write"));
    const read = async (secret: Secret) =>
      (await makeApp(undefined, secret).request("/read", sent(cookies))).json();
    expect(await read(["n".repeat(32), "o".repeat(32)])).toEqual(data);
    expect(await read(["n".repeat(32)])).toEqual({});
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
