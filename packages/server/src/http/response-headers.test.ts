import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { describe, expect, it } from "vitest";
import { type AppOptions, createApp } from "../app.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import { guard } from "./guard.ts";
import type { Layout } from "./layout.ts";

const secret = "s".repeat(32);
const browser = { headers: { accept: "text/html" } };

const policy =
  "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'";

const harmless = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "strict-origin-when-cross-origin",
  "cross-origin-opener-policy": "same-origin-allow-popups",
};

class Page extends LiveView {
  override render() {
    return html`<p>page</p>`;
  }
}

class Slow extends LiveView {
  override async mount() {
    await Promise.resolve();
  }
  override render() {
    return html`<p>slow</p>`;
  }
}

class Leaves extends LiveView {
  override mount() {
    this.redirect("/");
  }
  override render() {
    return html`<p>never</p>`;
  }
}

function makeApp(options: AppOptions = {}, before: (app: ReturnType<typeof createApp>) => void = () => {}) {
  const app = createApp({ secret, report: () => {}, ...options });
  before(app);
  app.live("/", Page);
  app.live("/slow", Slow);
  app.live("/leaves", Leaves);
  app.get("/html", (c) => c.html("<p>plain</p>"));
  app.get("/json", (c) => c.json({}));
  app.get("/raw", () => new Response("raw"));
  app.get("/moved", () => Response.redirect("https://a.com/"));
  app.get("/fails", () => {
    throw new Error("no");
  });
  return app;
}

const headersOf = async (response: Response | Promise<Response>) =>
  Object.fromEntries((await response).headers);

describe("secure headers", () => {
  it.each(["/", "/slow", "/html", "/none", "/fails"])(
    "are on a page by default, with a policy: %s",
    async (path) => {
      for (const middleware of [false, true]) {
        const app = makeApp({}, (app) => middleware && app.use((_, next) => next()));
        expect(await headersOf(app.request(path, browser))).toMatchObject({
          ...harmless,
          "content-security-policy": policy,
        });
      }
    },
  );

  it.each(["/json", "/raw", "/moved", "/leaves"])(
    "are on other answers, without a policy: %s",
    async (path) => {
      const headers = await headersOf(makeApp().request(path));
      expect(headers).toMatchObject(harmless);
      expect(headers).not.toHaveProperty("content-security-policy");
    },
  );

  it("require https only over https, and never for localhost", async () => {
    const app = makeApp();
    const hsts = async (url: string, headers: Record<string, string> = {}) =>
      (await app.request(url, { headers })).headers.get("strict-transport-security");
    for (const path of ["/", "/json"]) {
      expect(await hsts(`https://a.com${path}`)).toBe("max-age=15552000");
      expect(await hsts(`http://a.com${path}`, { "x-forwarded-proto": "https, http" })).toBe(
        "max-age=15552000",
      );
      expect(await hsts(`http://a.com${path}`)).toBeNull();
      for (const host of ["localhost", "localhost:4000", "app.localhost", "127.0.0.1:4000", "[::1]:4000"])
        expect([host, await hsts(`https://${host}${path}`)]).toEqual([host, null]);
      expect(await hsts(`https://localhost.a.com${path}`)).toBe("max-age=15552000");
    }
  });

  it("want https only of the host that a trusted proxy names", async () => {
    const app = createApp({ trustProxy: true, report: () => {} });
    app.get("/", (c) => c.text("ok"));
    const headers = { host: "127.0.0.1:3000", "x-forwarded-proto": "https" };
    const hsts = async (more: Record<string, string>) =>
      (await app.request("http://127.0.0.1:3000/", { headers: { ...headers, ...more } })).headers.get(
        "strict-transport-security",
      );
    expect(await hsts({ "x-forwarded-host": "shop.example" })).toBe("max-age=15552000");
    expect(await hsts({})).toBeNull();
  });

  it("give way to what a handler or a middleware sets, before or after", async () => {
    const app = makeApp({}, (app) => {
      app.use("/html", async (c, next) => {
        await next();
        c.header("content-security-policy", "default-src 'none'");
      });
      app.use("/", async (c, next) => {
        c.header("referrer-policy", "no-referrer");
        c.header("cache-control", "no-store");
        await next();
      });
    });
    app.get("/own", (c) => c.html("<p></p>", 200, { "content-security-policy": "sandbox" }));
    expect(await headersOf(app.request("/html"))).toMatchObject({
      ...harmless,
      "content-security-policy": "default-src 'none'",
    });
    expect(await headersOf(app.request("/"))).toMatchObject({
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
      "content-security-policy": policy,
    });
    expect(await headersOf(app.request("/own"))).toMatchObject({ "content-security-policy": "sandbox" });
  });

  it("can be those of Hono's middleware instead", async () => {
    const app = makeApp({}, (app) =>
      app.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'none'"] } })),
    );
    expect(await headersOf(app.request("/"))).toMatchObject({
      "content-security-policy": "default-src 'none'",
      "referrer-policy": "no-referrer",
    });
  });

  it("can be changed one by one, and left out", async () => {
    const app = makeApp({
      secureHeaders: {
        referrerPolicy: "no-referrer",
        crossOriginOpenerPolicy: false,
        contentSecurityPolicy: {
          connectSrc: ["'self'", "https://bucket.example"],
          formAction: false,
          requireTrustedTypesFor: ["'script'"],
          trustedTypes: ["overwire"],
        },
      },
    });
    for (const path of ["/", "/html"]) {
      const headers = await headersOf(app.request(path));
      expect(headers).toMatchObject({
        "referrer-policy": "no-referrer",
        "content-security-policy": `${policy.replace("form-action 'self'; ", "").replace("connect-src 'self'", "connect-src 'self' https://bucket.example")}; require-trusted-types-for 'script'; trusted-types overwire`,
      });
      expect(headers).not.toHaveProperty("cross-origin-opener-policy");
    }
    for (const path of ["/", "/html", "/json"])
      expect(Object.keys(await headersOf(makeApp({ secureHeaders: false }).request(path)))).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/policy|options/)]),
      );
  });

  it("are on what belongs to the app in another one, and on nothing else", async () => {
    const outer = new Hono();
    outer.route("/", makeApp());
    outer.get("/own", (c) => c.html("own"));
    for (const path of ["/", "/html", "/fails"])
      expect(await headersOf(outer.request(path, browser))).toMatchObject({
        ...harmless,
        "content-security-policy": policy,
      });
    expect(await headersOf(outer.request("/own"))).toEqual({ "content-type": "text/html; charset=UTF-8" });
  });
});

describe("a nonce", () => {
  const layout: Layout = ({ children, head, nonce }) => html`<!doctype html>
    <html><head><style nonce=${nonce}>p { color: red }</style>${head}</head>
    <body>${children}<script nonce=${nonce}>go()</script></body></html>`;

  it("that a layout asks for is in the policy, and new for each page", async () => {
    for (const middleware of [false, true]) {
      const app = makeApp({ layout }, (app) => middleware && app.use((_, next) => next()));
      const seen = new Set<string>();
      for (let count = 0; count < 3; count++) {
        const response = await app.request("/");
        const page = await response.text();
        const [, nonce = ""] = /<style nonce="([\w-]{22})">/.exec(page) ?? [];
        expect(page).toContain(`<script nonce="${nonce}">`);
        expect(response.headers.get("content-security-policy")).toBe(
          policy
            .replace("script-src 'self'", `script-src 'self' 'nonce-${nonce}'`)
            .replace("style-src 'self'", `style-src 'self' 'nonce-${nonce}'`),
        );
        seen.add(nonce);
      }
      expect(seen.size).toBe(3);
    }
  });

  it("is one for all of an answer: middleware, layout and handler", async () => {
    let nonce = "";
    const app = makeApp({ layout }, (app) =>
      app.use(async (c, next) => {
        nonce = app.nonce(c);
        await next();
      }),
    );
    app.get("/plain", (c) => c.html(`<script nonce="${app.nonce(c)}"></script>`));
    for (const path of ["/", "/plain"]) {
      const response = await app.request(path);
      expect(await response.text()).toContain(`<script nonce="${nonce}">`);
      expect(response.headers.get("content-security-policy")).toContain(`script-src 'self' 'nonce-${nonce}'`);
    }
  });

  it("is not added if inline code is allowed anyway, which it would forbid", async () => {
    const contentSecurityPolicy = { styleSrc: ["'self'", "'unsafe-inline'"], scriptSrc: ["'none'"] };
    const app = makeApp({ layout, secureHeaders: { contentSecurityPolicy } });
    const sent = (await app.request("/")).headers.get("content-security-policy");
    expect(sent).toMatch(/script-src 'nonce-[\w-]+'; style-src 'self' 'unsafe-inline';/);
  });

  it("goes on to a layout inside of a layout", async () => {
    const outer: Layout = (props) => html`<${layout} ...${props} />`;
    expect(await (await makeApp({ layout: outer }).request("/")).text()).toMatch(/<style nonce="[\w-]{22}">/);
  });
});

describe("a page for a user with a session", () => {
  async function loggedIn() {
    const app = makeApp();
    app.post("/login", async (c) => {
      await app.setSession(c, { user: 7 } as object);
      return c.html("<p>hello</p>");
    });
    app.get("/me", async (c) => c.html(`<p>${Object.keys(await app.getSession(c))}</p>`));
    app.get("/api/me", async (c) => c.json(await app.getSession(c)));
    app.get("/own", async (c) => {
      await app.getSession(c);
      return c.html("", 200, { "cache-control": "max-age=60" });
    });
    app.get("/image", async (c) => {
      await app.getSession(c);
      return c.body("", 200, { "content-type": "image/png" });
    });
    const login = await app.request("/login", { method: "POST" });
    const cookie = login.headers.getSetCookie().map((each) => each.split(";")[0]);
    const cacheOf = async (path: string, headers: Record<string, string> = { cookie: cookie.join("; ") }) =>
      (await app.request(path, { headers })).headers.get("cache-control");
    return { login, cacheOf };
  }

  it("is not stored, live or not", async () => {
    const { login, cacheOf } = await loggedIn();
    expect(login.headers.get("cache-control")).toBe("private, no-store");
    for (const path of ["/", "/slow", "/me", "/api/me"])
      expect([path, await cacheOf(path)]).toEqual([path, "private, no-store"]);
  });

  it("differs from a page without a session, and from headers that a handler sets itself", async () => {
    const { cacheOf } = await loggedIn();
    expect(await cacheOf("/", {})).toBe("private, no-cache");
    expect(await cacheOf("/me", {})).toBeNull();
    expect(await cacheOf("/own")).toBe("max-age=60");
  });

  it("leaves other answers to the browser's cache, and keeps them out of shared ones", async () => {
    const { cacheOf } = await loggedIn();
    expect(await cacheOf("/image")).toBe("private");
    expect(await cacheOf("/image", {})).toBeNull();
  });
});

describe("an answer behind a guard", () => {
  const user = guard((session) => "user" in session, { otherwise: "/login" });
  const answers: Record<string, () => Response> = {
    csv: () => new Response("a,b", { headers: { "content-type": "text/csv" } }),
    image: () => new Response("", { headers: { "content-type": "image/png" } }),
    part: () => new Response("a", { status: 206, headers: { "content-range": "bytes 0-0/2" } }),
    stream: () => new Response(new ReadableStream({ start: (controller) => controller.close() })),
    nothing: () => new Response(null, { status: 204 }),
    moved: () => Response.redirect("https://files.example/7", 301),
    json: () => Response.json({}),
    page: () => new Response("<p></p>", { headers: { "content-type": "text/html" } }),
    gone: () => new Response("", { status: 410 }),
  };
  const cacheOf = async (path: string, session: object = { user: 7 }) => {
    const app = makeApp();
    app.use("/private/*", user);
    for (const [name, answer] of Object.entries(answers)) app.get(`/private/${name}`, answer);
    app.get("/private/own", () => new Response("", { headers: { "cache-control": "private, max-age=60" } }));
    app.get("/public", () => new Response("a,b", { headers: { "content-type": "text/csv" } }));
    return (await app.request(path, {}, app.withSession(session))).headers.get("cache-control");
  };

  it.each(Object.keys(answers))("is kept by no cache, whatever its type and status: %s", async (name) => {
    expect(await cacheOf(`/private/${name}`)).toBe("private, no-store");
  });

  it("is kept by no cache if it is the refusal", async () => {
    expect(await cacheOf("/private/csv", {})).toBe("private, no-store");
  });

  it("has the header that its handler sets, and others have none", async () => {
    expect(await cacheOf("/private/own")).toBe("private, max-age=60");
    expect(await cacheOf("/public")).toBeNull();
  });
});
