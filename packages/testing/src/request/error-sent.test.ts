/** Errors of handlers: they reject the request, or are looked at as their answers. */
import { createApp, html, LiveView, NotFound } from "@overwire/server";
import { describe, expect, test } from "vitest";
import { assertErrorSent, live, RequestError, ResponseError, request } from "../index.ts";

class Crashing extends LiveView {
  override mount() {
    throw new TypeError("no database");
  }
  render() {
    return html``;
  }
}

const app = createApp({ secret: "s".repeat(32), report: () => {} });
const boom = new Error("boom");
app.get("/crash", () => {
  throw boom;
});
app.get("/to-crash", (c) => c.redirect("/crash"));
app.get("/gone", () => {
  throw new NotFound("There is no such post.");
});
app.get("/own", (c) => c.text("no such thing", 404));
app.get("/fine", (c) => c.text("fine"));
app.live("/view", Crashing);

const visitor = request(app);

describe("an error that a handler throws", () => {
  test("rejects the request, with the error as its cause", async () => {
    const error = await visitor.get("/crash").catch((error: unknown) => error);
    expect(error).toBeInstanceOf(RequestError);
    expect(error).toMatchObject({ code: "request_failed", status: 500, cause: boom });
    expect((error as Error).message).toBe(
      "GET /crash threw, which answers 500: boom\nIf that is meant: assertErrorSent(500, () => …)",
    );
  });

  test("rejects at the end of a redirect, and in a view", async () => {
    const res = await visitor.get("/to-crash");
    await expect(res.follow()).rejects.toMatchObject({ status: 500, cause: boom });
    await expect(visitor.get("/view")).rejects.toThrow("GET /view threw, which answers 500: no database");
  });

  test("rejects for a handler that returns nothing (F-CON-02)", async () => {
    const own = createApp({ secret: "s".repeat(32), report: () => {} });
    own.use(async (_c, next) => {
      await next();
    });
    own.get("/nothing", (() => {}) as never);
    await expect(request(own).get("/nothing")).rejects.toThrow(
      /^GET \/nothing threw, .*Context is not finalized/,
    );
  });

  test("is an answer if the app's own handler of errors makes it one", async () => {
    const own = createApp({ secret: "s".repeat(32), report: () => {} });
    own.get("/", () => {
      throw new Error("taken");
    });
    own.onError((error, c) => c.text(error.message, 422));
    expect((await request(own).get("/")).text(422)).toBe("taken");
  });
});

describe("assertErrorSent()", () => {
  test("returns the answer as a user gets it", async () => {
    const res = await assertErrorSent(500, () => visitor.get("/crash"));
    expect(res.html(500)).toContain("500 Internal Server Error");
    expect(res.text()).not.toContain("boom");
    const gone = await assertErrorSent(404, () => visitor.get("/gone"));
    expect(gone.html(404)).toContain("There is no such post.");
  });

  test("takes missing routes and refusals of the app", async () => {
    await assertErrorSent(404, () => visitor.get("/missing"));
    const headers = { origin: "https://evil.example" };
    const res = await assertErrorSent(403, () => visitor.post("/fine", { headers }));
    expect(res.html(403)).toContain("page of another site");
  });

  test("takes what comes at the end of a redirect, and pages of views", async () => {
    const res = await assertErrorSent(500, async () => (await visitor.get("/to-crash")).follow());
    expect(res.url()).toBe("/crash");
    expect((await assertErrorSent(500, () => live(app, "/view"))).status).toBe(500);
    expect((await assertErrorSent(500, () => live(visitor, "/view"))).text()).toBe("Internal Server Error");
  });

  const fails = async (status: number, fn: () => unknown) => {
    const error = await assertErrorSent(status, fn).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ResponseError);
    return error as Error;
  };

  test("fails for an answer without an error", async () => {
    expect((await fails(404, () => visitor.get("/fine"))).message).toBe(
      "assertErrorSent(404) expects an error that answers 404, but there was no error: a handler made the answer by itself.\nGET /fine answered 200, text/plain;charset=UTF-8:\n\n    fine\n",
    );
    expect((await fails(404, () => visitor.get("/own"))).message).toContain(
      "a handler made the answer by itself.\nGET /own answered 404",
    );
  });

  test("fails for another status, with the error as its cause", async () => {
    const error = await fails(404, () => visitor.get("/crash"));
    expect(error.message).toMatch(
      /^assertErrorSent\(404\) expects an error that answers 404, but another error was sent\.\nGET \/crash answered 500 because of Error: boom, text\/html/,
    );
    expect(error.cause).toBe(boom);
  });

  test("fails if there was no request", async () => {
    expect((await fails(500, () => {})).message).toBe(
      "assertErrorSent(500) expects an error that answers 500, but its function made no request of a visitor.",
    );
  });

  test("passes on other errors of its function", async () => {
    const own = new Error("of the test");
    const fn = async () => {
      await visitor.get("/crash");
      throw own;
    };
    await expect(assertErrorSent(500, fn)).rejects.toBe(own);
    await expect(assertErrorSent(500, () => live(app, 7 as never))).rejects.toThrow(TypeError);
  });

  test("concerns the requests of its function alone", async () => {
    const [inside, outside] = await Promise.allSettled([
      assertErrorSent(500, () => visitor.get("/crash")),
      visitor.get("/crash"),
    ]);
    expect([inside.status, outside.status]).toEqual(["fulfilled", "rejected"]);
  });
});
