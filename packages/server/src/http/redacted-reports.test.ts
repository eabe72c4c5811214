import { live } from "@overwire/testing";
import { Hono } from "hono";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { type AppOptions, createApp } from "../app.ts";
import { Channel } from "../channel/channel.ts";
import type { Report } from "../runtime/services.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import { HttpError } from "./errors.ts";

const secret = "k3Jd9".repeat(8);
const TOKEN = "tok-8c1f";
const PASSWORD = "hunter22";

let reports: Report[] = [];
let logged: string[] = [];

beforeEach(() => {
  reports = [];
  logged = [];
  vi.spyOn(console, "error").mockImplementation((...args) => void logged.push(args.join(" ")));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

class Failing extends Error {
  readonly payload: unknown;
  constructor(message: string, payload: unknown) {
    super(message, { cause: { session: payload } });
    this.payload = payload;
  }
}

class LogIn extends LiveView {
  save = this.event(z.object({ password: z.string() }), ({ password }) => {
    throw new Failing(`cannot log in with ${password}`, { password, user: { accessToken: TOKEN } });
  });
  check = this.event(
    z.object({ password: z.string() }).superRefine(({ password }, context) => {
      context.addIssue({ code: "custom", message: `${password} is a common password`, path: ["password"] });
    }),
    () => {},
  );
  override render() {
    return html`<form id="save" phx-submit=${this.save}><input name="password" type="password"></form>
      <form id="check" phx-submit=${this.check}><input name="password" type="password"></form>`;
  }
}

class Mounting extends LiveView {
  override mount() {
    throw new Error(
      `no user for ${String(this.params.token)} of ${String(this.session["apiToken" as never])}`,
    );
  }
  override render = () => html``;
}

class Room extends Channel {
  override join(payload: { token?: string }) {
    if (payload.token) throw new Error(`no room for ${payload.token}`);
  }
  enter = this.event(z.object({ password: z.string() }), ({ password }) => {
    throw new Error(`wrong: ${password}`);
  });
}

/** Reports to the author's function and to the log. */
function makeApps(options: AppOptions = {}) {
  const make = (own: AppOptions) => {
    const app = createApp({ secret, ...options, ...own });
    app.live("/login", LogIn);
    app.live("/mounting", Mounting);
    app.channels("/socket", {}, (socket) => socket.channel("room:*", Room));
    app.all("/fail", async (c) => {
      const body = c.req.method === "POST" ? await c.req.parseBody() : {};
      const { password = "" } = body;
      throw new Failing(`${c.req.url} by ${c.req.header("authorization")} with ${password}`, {
        ...body,
        cookie: c.req.header("cookie"),
      });
    });
    app.get("/reset/:token", (c) => {
      throw new Error(`no mail for ${c.req.param("token")}`);
    });
    return app;
  };
  return [make({ report: (report) => reports.push(report) }), make({})] as const;
}

/** All that was told, as far as any reporter could print it. */
const told = () => {
  const show = (value: unknown, depth = 0): unknown =>
    typeof value !== "object" || value === null || depth > 9
      ? value
      : Object.fromEntries(
          Object.getOwnPropertyNames(value).map((name) => [
            name,
            show((value as Record<string, unknown>)[name], depth + 1),
          ]),
        );
  return JSON.stringify([logged, show(reports)]);
};

function expectNothing(...secrets: string[]) {
  expect(reports.length).toBeGreaterThan(0);
  expect(logged.length).toBeGreaterThan(0);
  for (const each of secrets) expect(told()).not.toContain(each);
  expect(told()).toContain("[redacted]");
}

describe("reports and log lines hold no", () => {
  it("token, cookie or password of a request whose handler fails", async () => {
    const session = "eyJhbGciOiJkaXIifQ..secret-session";
    for (const app of makeApps()) {
      const response = await app.request(`/fail?token=${TOKEN}`, {
        method: "POST",
        body: new URLSearchParams({ password: PASSWORD }),
        headers: { authorization: "Bearer bear-77", cookie: `ow_session=${session}; theme=dark` },
      });
      expect(response.status).toBe(500);
    }
    expectNothing(TOKEN, PASSWORD, "bear-77", session);
  });

  it("password in JSON that a handler has read", async () => {
    for (const app of makeApps()) {
      app.post("/json", async (c) => {
        const { password } = await c.req.json<{ password: string }>();
        throw new Error(`wrong: ${password}`);
      });
      const headers = { "content-type": "application/json" };
      await app.request("/json", { method: "POST", body: JSON.stringify({ password: PASSWORD }), headers });
    }
    expectNothing(PASSWORD);
  });

  it("token in a path that is named so", async () => {
    for (const app of makeApps()) await app.request(`/reset/${TOKEN}`);
    expectNothing(TOKEN);
    expect(reports[0]?.event).toBe("GET /reset/[redacted]");
  });

  it("token of the URL or the session of a view that cannot be mounted", async () => {
    for (const app of makeApps()) {
      const env = app.withSession({ apiToken: "sess-99x" } as never);
      expect((await app.request(`/mounting?token=${TOKEN}`, {}, env)).status).toBe(500);
    }
    expectNothing(TOKEN, "sess-99x");
  });

  it("password of an event that crashes, in the error, its properties and its causes", async () => {
    for (const app of makeApps()) {
      const view = await live(app, "/login");
      await view
        .form("#save", { password: PASSWORD })
        .submit()
        .catch(() => {});
    }
    await vi.waitFor(() => expect(logged.length && reports.length).toBeGreaterThan(0));
    expectNothing(PASSWORD, TOKEN);
    expect(reports[0]?.error).toBeInstanceOf(Failing);
  });

  it("password of an event whose schema quotes it", async () => {
    for (const app of makeApps()) {
      const view = await live(app, "/login");
      await view
        .form("#check", { password: PASSWORD })
        .submit()
        .catch(() => {});
    }
    await vi.waitFor(() => expect(logged.length && reports.length).toBeGreaterThan(0));
    expectNothing(PASSWORD);
  });

  it("names of the author's own list", async () => {
    for (const app of makeApps({ redact: ["pin"] }))
      await app.request("/fail?pin=4711&cardPin=4712&spin=4713");
    expectNothing("4711", "4712");
    expect(told()).toContain("4713");
  });

  it("token in a view's environment of development, on the page of the error and in the author's own", async () => {
    vi.stubEnv("NODE_ENV", "development");
    vi.stubEnv("VITEST", "");
    const html5 = { accept: "text/html" };
    const [app] = makeApps();
    const page = await (await app.request(`/reset/${TOKEN}?token=other-1`, { headers: html5 })).text();
    expect(page).toContain("no mail for [redacted]");
    expect(page).not.toContain(TOKEN);
    const [own] = makeApps({ errorPage: ({ error }) => html`<p>${String((error as Error).stack)}</p>` });
    const shown = await (await own.request(`/reset/${TOKEN}`, { headers: html5 })).text();
    expect(shown).toContain("no mail for [redacted]");
    expect(shown).not.toContain(TOKEN);
  });
});

describe("answers in production name nothing of the app's code", () => {
  const detail = "SELECT * FROM users";

  function makeApp() {
    vi.stubEnv("NODE_ENV", "production");
    class Crashing extends LiveView {
      override mount() {
        throw new Error(detail);
      }
      override render = () => html``;
    }
    const app = createApp({
      secret: "v7Kq2xW9mZr4tLb8nYc3pGd6hJf5sA1e",
      report: (report) => reports.push(report),
    });
    app.live("/view", Crashing);
    app.get("/error", () => {
      throw new Error(detail);
    });
    app.get("/http/:status", (c) => {
      throw new HttpError(Number(c.req.param("status")), detail);
    });
    app.channels("/socket", { connect: () => Promise.reject(new Error(detail)) }, (socket) =>
      socket.channel("a", Room),
    );
    return app;
  }

  it.each(["text/html", "application/json", "*/*"])("as %s", async (accept) => {
    const app = makeApp();
    const outer = new Hono().route("/shop", app);
    for (const path of ["/view", "/error", "/http/500", "/http/503", "/missing"]) {
      for (const asked of [
        app.request(path, { headers: { accept } }),
        outer.request(`/shop${path}`, { headers: { accept } }),
      ]) {
        const response = await asked;
        const body = await response.text();
        expect(response.status, path).toBeGreaterThanOrEqual(404);
        expect(body, path).not.toMatch(/SELECT|Crashing|\.ts|node_modules| at /);
      }
    }
    expect(reports.some(({ error }) => (error as Error | undefined)?.message === detail)).toBe(true);
  });

  it("of a handshake of channels", async () => {
    const app = makeApp();
    const answer = await app.admit({ url: "http://localhost/socket", headers: new Headers() });
    expect(answer).toEqual({ status: 403, message: "The app refused the connection." });
  });
});

it("an error with a property that throws if it is looked at is reported all the same", async () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const failing = (): never => {
    throw Object.assign(new Error("the real reason"), { draft: proxy });
  };
  class Holding extends LiveView {
    save = this.event(failing);
    override render = () => html`<button phx-click=${this.save}>Save</button>`;
  }
  for (const app of makeApps()) {
    app.get("/holding", failing);
    app.live("/view", Holding);
    expect((await app.request("/holding")).status).toBe(500);
    const view = await live(app, "/view");
    await view
      .element("button")
      .click()
      .catch(() => {});
  }
  await vi.waitFor(() => expect(reports.length).toBe(2));
  for (const { error } of reports)
    expect(error).toMatchObject({ message: "the real reason", draft: "[unreadable]" });
  expect(logged.join()).toContain("the real reason");
});
