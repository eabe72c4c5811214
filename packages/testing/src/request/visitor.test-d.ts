/** Types of requests: what a test writes is checked, and answers have the types that it gives. */
import type { LiveView, OverwireApp, Session } from "@overwire/server";
import { expectTypeOf, test } from "vitest";
import { type LiveDriver, live, request, type TestResponse } from "../index.ts";

declare const app: OverwireApp;
declare const res: TestResponse;

test("a visitor", () => {
  const visitor = request(app, { headers: { accept: "text/html" } });
  expectTypeOf(
    visitor.post("/", { form: { a: 1, b: [true, { c: null }] } }),
  ).resolves.toEqualTypeOf<TestResponse>();
  visitor.post("/", { form: { photo: new File([], "a") }, files: { a: { name: "a", content: "" } } });
  visitor.post("/", { multipart: { photo: { name: "a", content: new Uint8Array() }, many: [new Blob([])] } });
  visitor.get("/", { query: { page: 1 }, headers: { accept: undefined } });
  // @ts-expect-error functions are no values of a form
  visitor.post("/", { form: { a: () => {} } });
  // @ts-expect-error nor are symbols
  visitor.post("/", { form: { a: Symbol("a") } });
  // @ts-expect-error there is no such option
  visitor.post("/", { params: {} });
  // @ts-expect-error a visitor has the session, not its requests
  visitor.get("/", { session: {} });
  expectTypeOf(live(visitor, "/")).resolves.toEqualTypeOf<LiveDriver<LiveView>>();
  // @ts-expect-error a visitor has a session and headers of its own
  live(visitor, "/", { session: {} });
});

test("an answer", () => {
  expectTypeOf(res.json()).toEqualTypeOf<unknown>();
  expectTypeOf(res.json<{ id: number }>()).toEqualTypeOf<{ id: number }>();
  expectTypeOf(res.assertRedirect("/posts/:id").params.id).toEqualTypeOf<string>();
  expectTypeOf(res.flash("info")).toEqualTypeOf<string | undefined>();
  expectTypeOf(res.flash()).toEqualTypeOf<{ readonly [kind: string]: string }>();
  expectTypeOf(res.cookie("x")).toEqualTypeOf<string | undefined>();
  expectTypeOf(res.session()).toEqualTypeOf<Readonly<Session>>();
  expectTypeOf(res.follow()).resolves.toEqualTypeOf<TestResponse>();
});
