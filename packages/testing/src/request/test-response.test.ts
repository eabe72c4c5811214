/** Answers as a test reads them, and the words for those that it does not expect. */
import { createApp, HttpError, NotFound } from "@overwire/server";
import { describe, expect, test } from "vitest";
import { ResponseError, request } from "../index.ts";

const app = createApp({ secret: "s".repeat(32), report: () => {} });
app.get("/posts/1", (c) => c.html("<h1>One</h1>"));
app.get("/oops", (c) => c.text("oops", 404));
app.get("/missing", () => {
  throw new NotFound("There is no such post.");
});
app.get("/late", () => {
  throw new HttpError(503, "down for an hour");
});
app.get("/text", (c) => c.text("plain"));
app.get("/bare", () => new Response(new TextEncoder().encode("<b>")));
app.get("/empty", (c) => c.body(null, 204));
app.get("/bytes", (c) => c.body(new Uint8Array([0, 159, 255]), 200, { "content-type": "image/png" }));
app.get("/type/*", (c) =>
  c.body(c.req.query("body") ?? '{"id":1}', 200, {
    "content-type": c.req.path.slice("/type/".length),
  }),
);
app.get("/go/:status", (c) =>
  c.body("gone", Number(c.req.param("status")) as 200, { location: c.req.query("to") ?? "/posts/1?tab=a" }),
);
app.get("/nowhere", (c) => c.body(null, 302));
app.get("/flash", (c) => {
  app.putFlash(c, "error", "Log in first.");
  return c.redirect("/login");
});
app.get("/long", (c) => c.text("x".repeat(5000), 500));

const visitor = request(app);
const get = (path: string) => visitor.get(path);

/** Message of the error that reading an answer throws. */
function complaint(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(ResponseError);
    expect(error).toMatchObject({ name: "ResponseError", code: "unexpected_response" });
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
}

describe("html()", () => {
  test("is the body of a page", async () => {
    const res = await get("/posts/1");
    expect([res.status, res.type, res.html(), res.html(200), res.url()]).toEqual([
      200,
      "text/html",
      "<h1>One</h1>",
      "<h1>One</h1>",
      "/posts/1",
    ]);
  });

  test("shows status, type and body of another status (F-CON-01)", async () => {
    const res = await get("/oops");
    expect(complaint(() => res.html())).toBe(
      "html() expects a status of 200 to 299.\nGET /oops answered 404, text/plain; charset=UTF-8:\n\n    oops\n\nIf 404 is meant: html(404).",
    );
    expect(complaint(() => res.html(200))).toBe(
      "html(200) expects the status 200.\nGET /oops answered 404, text/plain; charset=UTF-8:\n\n    oops\n",
    );
  });

  test("reads another status on demand", async () => {
    const res = await get("/missing");
    expect(res.html(404)).toContain("<p>There is no such post.</p>");
    expect(complaint(() => res.html())).toContain(
      "404 because of NotFound: There is no such post., text/html",
    );
  });

  test("names the missing or wrong type (F-CON-03)", async () => {
    const text = await get("/text");
    expect(complaint(() => text.html())).toBe(
      "html() expects text/html.\nGET /text answered 200, text/plain;charset=UTF-8:\n\n    plain\n\ntext() reads what came.",
    );
    const bare = await get("/bare");
    expect([bare.type, bare.text()]).toEqual([undefined, "<b>"]);
    expect(complaint(() => bare.html())).toContain(
      "GET /bare answered 200, without a content-type:\n\n    <b>\n",
    );
  });

  test("says where a redirect leads, and what goes along", async () => {
    const res = await get("/flash");
    expect(complaint(() => res.html())).toBe(
      'html() expects a status of 200 to 299.\nGET /flash answered 302 and redirects to /login with the flash {"error":"Log in first."}.\nfollow() leads on.',
    );
  });

  test("cuts a body that is long, and shows bytes as a number", async () => {
    const long = await get("/long");
    expect(complaint(() => long.html())).toMatch(/ {4}x{1500}… \(5000 characters\)\n/);
    const bytes = await get("/bytes");
    expect(complaint(() => bytes.html())).toContain("answered 200, image/png:\n\n    (3 bytes)\n");
  });
});

describe("json()", () => {
  test.each([
    "application/json",
    "application/json; charset=utf-8",
    "application/vnd.api+json",
    "application/ld+json",
    "application/hal+json",
    "application/problem+json",
    "Application/JSON",
  ])("decodes %s (F-CON-04)", async (type) => {
    const res = await get(`/type/${type}`);
    expect(res.json<{ id: number }>().id).toBe(1);
    expect(res.json(200)).toEqual({ id: 1 });
  });

  test.each(["text/plain", "application/jsonx", "application/xml", "text/html"])(
    "refuses %s",
    async (type) => {
      const res = await get(`/type/${type}`);
      expect(complaint(() => res.json())).toMatch(
        new RegExp(`^json\\(\\) expects application/json\\.\nGET /type/${type} answered 200, ${type}`),
      );
    },
  );

  test("says why it cannot be decoded (F-CON-04)", async () => {
    const empty = await get("/type/application/json?body=");
    expect(complaint(() => empty.json())).toBe(
      "json() cannot read the body: Unexpected end of JSON input.\nGET /type/application/json?body= answered 200, application/json:\n\n    (nothing)\n",
    );
    const broken = await get("/type/application/json?body=%7Bid");
    expect(complaint(() => broken.json())).toMatch(/cannot read the body: .*JSON.*\n[\s\S]* {4}\{id\n$/);
  });

  test("shows a page in its place", async () => {
    const res = await get("/posts/1");
    expect(complaint(() => res.json())).toContain("    <h1>One</h1>\n\nhtml() reads what came.");
  });

  test("expects a status as html() does", async () => {
    const res = await get("/oops");
    expect(complaint(() => res.json())).toMatch(
      /^json\(\) expects a status of 200 to 299[\s\S]*If 404 is meant: json\(404\)\.$/,
    );
  });
});

describe("text() and bytes()", () => {
  test("are the body, whatever the status and type are", async () => {
    const oops = await get("/oops");
    expect([oops.text(), oops.text(404)]).toEqual(["oops", "oops"]);
    expect(complaint(() => oops.text(200))).toContain(
      "text(200) expects the status 200.\nGET /oops answered 404",
    );
    expect((await get("/empty")).text(204)).toBe("");
    expect([...(await get("/bytes")).bytes()]).toEqual([0, 159, 255]);
  });

  test("of an answer that is an error by the author's own word are there too", async () => {
    const res = await get("/late");
    expect(res.status).toBe(503);
    expect(res.html(503)).toContain("<h1>503 Service Unavailable</h1>");
  });
});

describe("header()", () => {
  test("is undefined if there is none", async () => {
    const res = await get("/text");
    expect([res.header("Content-Type"), res.header("x-none")]).toEqual([
      "text/plain;charset=UTF-8",
      undefined,
    ]);
    expect(res.headers.get("x-content-type-options")).toBe("nosniff");
  });
});

describe("assertRedirect()", () => {
  test.each([300, 301, 302, 303, 305, 306, 307, 308])("takes the status %i (F-CON-05)", async (status) => {
    const res = await get(`/go/${status}`);
    expect(res.assertRedirect("/posts/1?tab=a")).toEqual({
      to: "/posts/1?tab=a",
      status,
      flash: {},
      params: {},
    });
    expect(res.assertRedirect("/posts/1?tab=a", status).status).toBe(status);
    expect(complaint(() => res.assertRedirect("/posts/1?tab=a", 399))).toMatch(
      /^assertRedirect\("\/posts\/1\?tab=a"\) expects the status 399\.\nGET \/go\/\d+ answered \d+ and/,
    );
  });

  test("names the parts of a path by a pattern", async () => {
    const res = await get("/go/302?to=/posts/a%2520b/edit%3Fx=1");
    const { params } = res.assertRedirect("/posts/:id/edit");
    expect(params.id).toBe("a b");
    for (const pattern of ["/posts/:id", "/posts/:id/show", "/users/:id/edit"] as const)
      expect(complaint(() => res.assertRedirect(pattern))).toContain("expects another target");
  });

  test("takes an expression, and any target without one", async () => {
    const res = await get("/go/302");
    expect(res.assertRedirect(/^\/posts\/\d+/).to).toBe("/posts/1?tab=a");
    expect(res.assertRedirect().to).toBe("/posts/1?tab=a");
    expect(complaint(() => res.assertRedirect(/users/))).toBe(
      "assertRedirect(/users/) expects another target.\nGET /go/302 answered 302 and redirects to /posts/1?tab=a.",
    );
  });

  test("takes a location on this host as a path, and another whole", async () => {
    const own = await get("/go/302?to=http://localhost/a%23b");
    expect(own.assertRedirect("/a#b").to).toBe("/a#b");
    const relative = await get("/go/302?to=../x");
    relative.assertRedirect("/x");
    const other = await get("/go/302?to=https://other.example/a");
    other.assertRedirect("https://other.example/a");
  });

  test("fails for an answer that is no redirect (F-CON-05)", async () => {
    const page = await get("/posts/1");
    expect(complaint(() => page.assertRedirect("/posts/1"))).toBe(
      'assertRedirect("/posts/1") expects a redirect, but got none.\nGET /posts/1 answered 200, text/html; charset=UTF-8:\n\n    <h1>One</h1>\n',
    );
    const nowhere = await get("/nowhere");
    expect(complaint(() => nowhere.assertRedirect())).toMatch(
      /^assertRedirect\(\) expects a redirect, but the answer has no location\.\nGET \/nowhere answered 302/,
    );
    const created = await get("/go/201");
    expect(complaint(() => created.assertRedirect())).toContain("answered 201");
    expect(created.header("location")).toBe("/posts/1?tab=a");
  });

  test("fails for another target, and shows the flash", async () => {
    const res = await get("/flash");
    expect(complaint(() => res.assertRedirect("/"))).toBe(
      'assertRedirect("/") expects another target.\nGET /flash answered 302 and redirects to /login with the flash {"error":"Log in first."}.',
    );
  });
});
