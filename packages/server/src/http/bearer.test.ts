import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { cors } from "hono/cors";
import { HTTPException } from "hono/http-exception";
import { createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from "jose";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type AppOptions, createApp } from "../app.ts";
import type { Report } from "../runtime/services.ts";
import { bearer, ExpiredToken, readBearer } from "./bearer.ts";
import { Forbidden, Unauthorized } from "./errors.ts";
import { signToken, verifyToken } from "./token.ts";

const secret = "k3Jd9".repeat(8);
const reports: Report[] = [];

afterEach(() => {
  vi.useRealTimers();
  reports.length = 0;
});

function makeApp(verify: Parameters<typeof bearer>[0], options: AppOptions = {}) {
  const app = createApp({ secret, report: (report) => reports.push(report), ...options });
  const api = bearer(verify);
  app.use("/api/*", api);
  app.all("/api/me", (c) => c.json({ user: api.of(c), same: c.get("bearer" as never) === api.of(c) }));
  app.get("/open", (c) => c.json({ user: api.of(c) }));
  return app;
}

const users: Readonly<Record<string, { id: number }>> = { "a-token": { id: 7 } };
const byName = (token: string) => users[token];
const ask = (app: ReturnType<typeof makeApp>, authorization?: string, path = "/api/me") =>
  app.request(path, { headers: authorization === undefined ? {} : { authorization } });

async function refusalOf(answer: Response | Promise<Response>) {
  const response = await answer;
  const { error, ...rest } = (await response.json()) as { error: string; message: string };
  expect(rest).toEqual({ message: expect.stringMatching(/\w/) });
  return [response.status, error];
}

describe("bearer", () => {
  it("lets in a valid token, and gives its user to the handler", async () => {
    const response = await ask(makeApp(byName), "Bearer a-token");
    expect(await response.json()).toEqual({ user: { id: 7 }, same: true });
  });

  it.each(["bearer a-token", "BEARER a-token", "Bearer   a-token ", "bEaReR a-token"])(
    "reads %j",
    async (header) => {
      expect((await ask(makeApp(byName), header)).status).toBe(200);
    },
  );

  it.each([undefined, "", "Basic YTpi", "Bearer", "Bearer ", "Bearera-token", "a-token"])(
    "calls %j a missing token, without an error in the challenge",
    async (header) => {
      const response = await ask(makeApp(byName), header);
      expect(response.headers.get("www-authenticate")).toBe('Bearer realm="api"');
      expect(response.headers.get("cache-control")).toBe("no-store");
      expect(await refusalOf(response)).toEqual([401, "missing_token"]);
    },
  );

  it.each([
    "Bearer other",
    "Bearer a-token b",
    "Bearer a-token, Bearer a-token",
    'Bearer "a-token"',
    "Bearer =",
    "Bearer ä",
  ])("calls %j an invalid token", async (header) => {
    const response = await ask(makeApp(byName), header);
    expect(response.headers.get("www-authenticate")).toBe(
      'Bearer realm="api", error="invalid_token", error_description="The token is not valid."',
    );
    expect(await refusalOf(response)).toEqual([401, "invalid_token"]);
  });

  it.each([undefined, null, false, "", 0, 0n, Number.NaN])(
    "calls a token invalid for which verify returns %s",
    async (result) => {
      expect(
        await refusalOf(
          ask(
            makeApp(async () => result),
            "Bearer a",
          ),
        ),
      ).toEqual([401, "invalid_token"]);
    },
  );

  it("reads a header in time that grows with its length", () => {
    const timeOf = (length: number) => {
      const headers = [`Bearer a${" ".repeat(length)}b`, `Bearer ${" ".repeat(length)}`];
      const since = process.cpuUsage();
      for (const each of headers) readBearer(each);
      return process.cpuUsage(since).user;
    };
    timeOf(100);
    const short = timeOf(5000);
    // Squared it would be 64 times as long.
    expect(timeOf(40_000)).toBeLessThan(24 * short + 50_000);
    expect(readBearer("Bearer a  b")).toBe("a  b");
  });

  it("never reads a token in the URL, and says so", async () => {
    for (const name of ["token", "access_token"]) {
      const response = await ask(makeApp(byName), undefined, `/api/me?${name}=a-token`);
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({
        error: "missing_token",
        message: expect.stringContaining("Tokens in a URL are not read"),
      });
    }
  });

  it("takes the results of verifyToken as they are", async () => {
    vi.useFakeTimers();
    const app = makeApp((token) => verifyToken<{ userId: number }>(secret, "api", token));
    const token = signToken(secret, "api", { userId: 7 }, 60);
    expect(await (await ask(app, `Bearer ${token}`)).json()).toMatchObject({ user: { userId: 7 } });
    const other = signToken(secret, "reset", { userId: 7 }, 60);
    expect(await refusalOf(ask(app, `Bearer ${other}`))).toEqual([401, "invalid_token"]);
    expect(await refusalOf(ask(app, "Bearer x"))).toEqual([401, "invalid_token"]);
    vi.advanceTimersByTime(60_000);
    expect(await refusalOf(ask(app, `Bearer ${token}`))).toEqual([401, "expired_token"]);
  });

  it.each([
    ["ExpiredToken", new ExpiredToken(), "expired_token", "The token has expired."],
    [
      "ExpiredToken with a sentence",
      new ExpiredToken("Fetch a new one."),
      "expired_token",
      "Fetch a new one.",
    ],
    ["Unauthorized", new Unauthorized(), "invalid_token", "The token is not valid."],
    ["Unauthorized with a sentence", new Unauthorized("It was revoked."), "invalid_token", "It was revoked."],
    ["Hono's 401", new HTTPException(401), "invalid_token", "The token is not valid."],
  ])("takes a thrown %s as an answer", async (_, thrown, error, message) => {
    const app = makeApp(() => {
      throw thrown;
    });
    const response = await ask(app, "Bearer a");
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ error, message });
    expect(reports).toEqual([]);
  });

  it("passes on other statuses, and reports faults of the server as such", async () => {
    const banned = makeApp(() => {
      throw new Forbidden("You are banned.");
    });
    expect((await ask(banned, "Bearer a")).status).toBe(403);
    const failing = makeApp(async () => {
      throw new Error("the database is away");
    });
    const response = await ask(failing, "Bearer a");
    expect([response.status, await response.text()]).toEqual([500, "Internal Server Error"]);
    expect(reports).toMatchObject([{ kind: "crash", message: "the database is away" }]);
  });

  it("runs verify once if it stands before a group and before a route", async () => {
    const verify = vi.fn(byName);
    const api = bearer(verify);
    const app = createApp({ secret });
    app.use("/api/*", api);
    app.get("/api/me", api, (c) => c.json({ id: c.var.bearer.id }));
    const response = await app.request("/api/me", { headers: { authorization: "Bearer a-token" } });
    expect(await response.json()).toEqual({ id: 7 });
    expect(verify).toHaveBeenCalledTimes(1);
  });

  it("says what is missing if its user is asked for on a path that it does not stand before", async () => {
    await ask(makeApp(byName), "Bearer a-token", "/open");
    expect(String(reports[0]?.message)).toContain('app.use("/api/*", api)');
  });

  it("refuses what is no function", () => {
    expect(() => bearer("secret" as never)).toThrow(/bearer\(async \(token\)/);
  });
});

describe("bearer with jose", () => {
  it("tells expired, forged and foreign tokens apart, and keys that cannot be fetched from all of them", async () => {
    const { privateKey, publicKey } = await generateKeyPair("ES256");
    const other = await generateKeyPair("ES256");
    const jwk = { ...(await exportJWK(publicKey)), alg: "ES256", kid: "1" };
    let isAway = false;
    const server: Server = createServer((_, answer) => {
      answer.writeHead(isAway ? 500 : 200, { "content-type": "application/json" });
      answer.end(JSON.stringify({ keys: [jwk] }));
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const make = () => {
      const keys = createRemoteJWKSet(url);
      return makeApp(async (token) => {
        const { payload } = await jwtVerify(token, keys, { issuer: "https://id.example", audience: "shop" });
        return { userId: payload.sub };
      });
    };
    const sign = (expires: string, { issuer = "https://id.example", key = privateKey } = {}) =>
      new SignJWT()
        .setProtectedHeader({ alg: "ES256", kid: "1" })
        .setSubject("7")
        .setIssuer(issuer)
        .setAudience("shop")
        .setExpirationTime(expires)
        .sign(key);
    try {
      const app = make();
      const good = await sign("1m");
      expect(await (await ask(app, `Bearer ${good}`)).json()).toMatchObject({ user: { userId: "7" } });
      const refused = async (token: string) => refusalOf(ask(app, `Bearer ${token}`));
      expect(await refused(await sign("-1m"))).toEqual([401, "expired_token"]);
      expect(await refused(await sign("1m", { issuer: "https://evil.example" }))).toEqual([
        401,
        "invalid_token",
      ]);
      expect(await refused(await sign("1m", { key: other.privateKey }))).toEqual([401, "invalid_token"]);
      expect(await refused("eyJ.x.y")).toEqual([401, "invalid_token"]);
      expect(reports).toEqual([]);
      isAway = true;
      expect((await ask(make(), `Bearer ${good}`)).status).toBe(500);
      expect(JSON.stringify(reports)).not.toContain(good);
    } finally {
      server.close();
    }
  });
});

describe("forged requests", () => {
  const foreign = { "sec-fetch-site": "cross-site", origin: "https://app.example" };
  const post = (headers: Record<string, string>) =>
    makeApp(byName).request("/api/me", { method: "POST", headers: { ...foreign, ...headers } });

  it("are none with a token and no cookie, which no page can make a browser send by itself", async () => {
    expect((await post({ authorization: "Bearer a-token" })).status).toBe(200);
    expect(reports).toEqual([]);
  });

  it("are judged as ever with cookies, with another scheme, and without a token", async () => {
    expect((await post({ authorization: "Bearer a-token", cookie: "ow_session=x" })).status).toBe(403);
    expect((await post({ authorization: "Basic YTpi" })).status).toBe(403);
    expect((await post({ authorization: "Bearer" })).status).toBe(403);
    expect((await post({})).status).toBe(403);
  });

  it("leave an API open to foreign pages that cors names", async () => {
    const app = createApp({ secret });
    app.use("/api/*", cors({ origin: "https://app.example" }));
    app.use("/api/*", bearer(byName));
    app.post("/api/me", (c) => c.json({ ok: true }));
    const asked = await app.request("/api/me", {
      method: "OPTIONS",
      headers: {
        ...foreign,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization",
      },
    });
    expect([asked.status, asked.headers.get("access-control-allow-headers")]).toEqual([204, "authorization"]);
    const posted = await app.request("/api/me", {
      method: "POST",
      headers: { ...foreign, authorization: "Bearer a-token" },
    });
    expect(posted.headers.get("access-control-allow-origin")).toBe("https://app.example");
    expect(posted.status).toBe(200);
  });
});
