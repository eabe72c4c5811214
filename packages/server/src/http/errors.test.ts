import { HTTPException } from "hono/http-exception";
import { parse } from "parse5";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../app.ts";
import type { Report } from "../runtime/services.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import type { ErrorPage } from "./error-page.ts";
import { BadRequest, Forbidden, Gone, HttpError, NotFound, TooManyRequests, Unauthorized } from "./errors.ts";

const secret = "s".repeat(32);
const browser = { headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" } };

let reports: Report[] = [];
let thrown: Error;

class Throwing extends LiveView {
  override mount() {
    if (this.params.at === "mount") throw thrown;
  }
  override handleParams() {
    if (this.params.at === "handleParams") throw thrown;
  }
  override render() {
    if (this.params.at === "render") throw thrown;
    return html`<p>fine</p>`;
  }
}

function makeApp(options: { errorPage?: ErrorPage } = {}) {
  const app = createApp({ secret, report: (report) => reports.push(report), ...options });
  app.liveSession(
    {
      onMount: ({ params }) => {
        if (params.at === "onMount") throw thrown;
      },
    },
    (app) => app.live("/", Throwing),
  );
  app.get("/api", () => {
    throw thrown;
  });
  return app;
}

async function answer(path: string, init: RequestInit = browser, app = makeApp()) {
  const response = await app.request(path, init);
  return { status: response.status, type: response.headers.get("content-type"), body: await response.text() };
}

beforeEach(() => {
  reports = [];
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("typed errors", () => {
  it.each([
    [BadRequest, 400, "Bad Request", "bad_request"],
    [Unauthorized, 401, "Unauthorized", "unauthorized"],
    [Forbidden, 403, "Forbidden", "forbidden"],
    [NotFound, 404, "Not Found", "not_found"],
    [Gone, 410, "Gone", "gone"],
    [TooManyRequests, 429, "Too Many Requests", "too_many_requests"],
  ])("%o are a status, with or without a message", (Class, status, phrase, code) => {
    expect(new Class()).toMatchObject({ status, code, message: phrase, name: Class.name });
    const cause = new Error("why");
    expect(new Class("because", { cause })).toMatchObject({ status, message: "because", cause });
    expect(new Class()).toBeInstanceOf(HttpError);
  });

  it("of any other status are HttpErrors", () => {
    expect(new HttpError(402).code).toBe("payment_required");
    expect(new HttpError(418)).toMatchObject({ status: 418, message: "I'm a Teapot", name: "HttpError" });
    for (const status of [200, 302, 600, 404.5, Number.NaN])
      expect(() => new HttpError(status)).toThrow(RangeError);
  });
});

describe("an error in a view", () => {
  it.each(["onMount", "mount", "handleParams", "render"])(
    "that is typed and thrown in %s is its status, with its message for the person, and no report",
    async (at) => {
      thrown = new NotFound("There is no <such> post.");
      const { status, type, body } = await answer(`/?at=${at}`);
      expect([status, type]).toEqual([404, "text/html; charset=UTF-8"]);
      expect(body).toContain("<title>404 Not Found</title>");
      expect(body).toContain("<h1>404 Not Found</h1>");
      expect(body).toContain("<p>There is no &lt;such&gt; post.</p>");
      // Without one, browsers ask for /favicon.ico, which is an error again.
      expect(body).toContain('<link rel="icon" href="data:,">');
      expect(reports).toEqual([]);
    },
  );

  it.each(["onMount", "mount", "handleParams", "render"])(
    "of any other kind in %s is a 500, told once with the view, and nothing of it shown",
    async (at) => {
      thrown = new Error("no row in 1234");
      const { status, body } = await answer(`/?at=${at}`);
      expect(status).toBe(500);
      expect(body).toContain("<h1>500 Internal Server Error</h1>");
      expect(body).not.toContain("1234");
      expect(reports).toMatchObject([{ kind: "crash", view: "Throwing", error: thrown }]);
    },
  );

  it("of a 5xx status is told, and its message kept back", async () => {
    for (const init of [browser, {}]) {
      thrown = new HttpError(503, "db1.internal is down");
      reports = [];
      const { status, body } = await answer("/?at=mount", init);
      expect([status, body.includes("Service Unavailable"), body.includes("db1")]).toEqual([
        503,
        true,
        false,
      ]);
      expect(reports).toMatchObject([{ kind: "crash", view: "Throwing" }]);
    }
  });
});

describe("an error for a client of JSON", () => {
  const json = { headers: { accept: "application/json" } };

  it("is its code and its message, whether it was thrown or there is no such route", async () => {
    thrown = new NotFound("There is no such post.");
    const { status, type, body } = await answer("/api", json);
    expect([status, type]).toEqual([404, "application/json"]);
    expect(JSON.parse(body)).toEqual({ error: "not_found", message: "There is no such post." });
    const sent = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
    expect(JSON.parse((await answer("/nothing", sent)).body)).toEqual({
      error: "not_found",
      message: "Not Found",
    });
  });

  it("is JSON for a client that asks for it and sends something else", async () => {
    const headers = { accept: "application/json", "content-type": "text/plain" };
    const { type } = await answer("/nothing", { method: "POST", headers, body: "a" });
    expect(type).toBe("application/json");
  });

  it("of a 5xx status shows the name of the status alone", async () => {
    thrown = new Error("no row in 1234");
    expect(JSON.parse((await answer("/api", json)).body)).toEqual({
      error: "internal_server_error",
      message: "Internal Server Error",
    });
  });

  it("is a page if the client reads pages too", async () => {
    thrown = new Gone();
    const both = { headers: { accept: "text/html, application/json" } };
    expect((await answer("/api", both)).type).toBe("text/html; charset=UTF-8");
  });
});

describe("the error page", () => {
  it("is one that a browser's parser has nothing to say against, in a language, with a heading in its main part", async () => {
    thrown = new Gone();
    const { body } = await answer("/?at=mount");
    const errors: string[] = [];
    parse(body, { onParseError: ({ code }) => errors.push(code) });
    expect(errors).toEqual([]);
    expect(body).toContain('<html lang="en">');
    expect(body).toMatch(/<main>\s*<h1>410 Gone<\/h1>\s*<\/main>/);
  });

  it("is a line of text for who does not read pages", async () => {
    thrown = new Forbidden("Members only.");
    expect(await answer("/?at=mount", {})).toEqual({
      status: 403,
      type: "text/plain; charset=UTF-8",
      body: "Members only.",
    });
    expect(await answer("/nowhere", {})).toMatchObject({ status: 404, body: "404 Not Found" });
  });

  it("stands for pages that are not there, and for handlers that throw", async () => {
    thrown = new Error("secret");
    expect(await answer("/nowhere")).toMatchObject({ status: 404, body: /<h1>404 Not Found<\/h1>/ });
    expect(await answer("/api")).toMatchObject({ status: 500, body: /<h1>500 Internal Server Error<\/h1>/ });
    expect(reports).toMatchObject([{ kind: "crash", event: "GET /api", message: "secret" }]);
  });

  it("shows the message of Hono's own exceptions, but leaves an answer that they bring as it is", async () => {
    thrown = new HTTPException(403, { message: "Not you." });
    expect((await answer("/api")).body).toContain("<p>Not you.</p>");
    thrown = new HTTPException(401, {
      res: new Response("who?", { status: 401, headers: { "x-own": "1" } }),
    });
    expect(await answer("/api")).toMatchObject({ status: 401, body: "who?" });
    expect(reports).toEqual([]);
  });

  it("can be the app's own, for all of these", async () => {
    const errorPage: ErrorPage = ({ status, message, url }) =>
      html`<!doctype html><html lang="en"><head><title>${status}</title></head><body>${message} ${url.pathname}</body></html>`;
    const app = makeApp({ errorPage });
    thrown = new NotFound("No post.");
    expect((await answer("/?at=mount", browser, app)).body).toContain("<body>No post. /</body>");
    expect((await answer("/nowhere", browser, app)).body).toContain("<body>Not Found /nowhere</body>");
    thrown = new Error("secret");
    expect((await answer("/api", browser, app)).body).toContain("<body>Internal Server Error /api</body>");
  });

  it("that throws is told, and the plain one stands in for it", async () => {
    const errorPage: ErrorPage = () => {
      throw new Error("no page either");
    };
    const { status, body } = await answer("/nowhere", browser, makeApp({ errorPage }));
    expect([status, body.includes("<h1>404 Not Found</h1>")]).toEqual([404, true]);
    expect(reports).toMatchObject([{ kind: "crash", event: "errorPage" }]);
  });
});

describe("the page of a 5xx error", () => {
  const page = async (path: string, options: { errorPage?: ErrorPage } = {}) =>
    (await answer(path, browser, makeApp(options))).body;

  beforeEach(() => {
    vi.stubEnv("NODE_ENV", "development");
    thrown = new RangeError("no <figures> & co", { cause: new Error("the disk is full") });
  });

  it.each(["mount", "handleParams", "render", "onMount"])("shows what a view threw in %s", async (at) => {
    const body = await page(`/?at=${at}`);
    expect(body).toContain("RangeError: no &lt;figures&gt; &amp; co");
    expect(body).toContain(`Throwing · ${at === "render" ? "first paint" : "mount"}`);
    expect(body).toContain("errors.test.ts:");
    expect(body).toContain("Caused by Error: the disk is full");
    expect(body).not.toContain("<figures>");
  });

  it("shows what a handler threw", async () => {
    const body = await page("/api?token=zzzz");
    expect(body).toContain("GET /api</dd>");
    expect(body).not.toContain("zzzz");
  });

  it("shows the place of a template", async () => {
    thrown = new Error("no");
    const app = makeApp();
    class Broken extends LiveView {
      override render() {
        return html`<main><p>never closed</main>`;
      }
    }
    app.live("/broken", Broken);
    const { body } = await answer("/broken", browser, app);
    expect(body).toContain("&lt;p&gt; is never closed");
    expect(body).toMatch(/<dt>Template<\/dt><dd>\S+errors\.test\.ts:\d+:\d+ \(in Broken\)<\/dd>/);
    expect(body).toContain("&lt;main&gt;&lt;p&gt;never closed");
  });

  it("names an icon, so that browsers ask for none", async () => {
    expect(await page("/api")).toContain('<link rel="icon" href="data:,">');
  });

  it("passes its own policy", async () => {
    const response = await makeApp().request("/api", browser);
    const [, nonce] = /<style nonce="([^"]+)"/.exec(await response.text()) ?? [];
    expect(response.headers.get("content-security-policy")).toContain(`'nonce-${nonce}'`);
  });

  it("shows what is no error, and one without a stack", async () => {
    thrown = Object.assign(new Error("bare"), { stack: undefined as unknown as string });
    expect(await page("/?at=mount")).toContain("Error: bare");
    thrown = "text" as unknown as Error;
    expect(await page("/?at=mount")).toContain("Throwing threw text");
  });

  it("is the app's own, if it has one, and that has the error", async () => {
    const errorPage: ErrorPage = ({ error, message }) => html`<p>${message}: ${String(error)}</p>`;
    expect(await page("/api", { errorPage })).toBe(
      "<p>Internal Server Error: RangeError: no &lt;figures&gt; &amp; co</p>",
    );
  });

  it("says nothing of it in production, nor to the app's own page", async () => {
    vi.stubEnv("NODE_ENV", "production");
    const strong = "Kq3v9Zt7Lw2Xy8Rb5Nc1Md6Pf4Hg0Js_AeUiTo";
    const bodies: string[] = [];
    for (const errorPage of [
      undefined,
      (({ error, message }) => html`<p>${message} ${error}</p>`) as ErrorPage,
    ]) {
      const app = createApp({ secret: strong, report: () => {}, ...(errorPage && { errorPage }) });
      app.live("/", Throwing);
      for (const at of ["mount", "render"]) bodies.push((await answer(`/?at=${at}`, browser, app)).body);
    }
    for (const body of bodies) expect(body).not.toMatch(/figures|RangeError|errors\.test|disk/);
  });
});
