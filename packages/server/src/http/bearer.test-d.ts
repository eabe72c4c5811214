/** Types: what a handler gets of a token. Checked by `npm run types`, never run. */
import { Hono } from "hono";
import { expectTypeOf } from "vitest";
import { createApp } from "../app.ts";
import { bearer } from "./bearer.ts";
import { verifyToken } from "./token.ts";

interface User {
  readonly id: number;
}

declare const secret: string;
declare function find(token: string): Promise<User | undefined>;

const app = createApp();
const users = bearer(async (token) => find(token));
const signed = bearer((token) => verifyToken<{ userId: number }>(secret, "api", token));
const named = bearer((token) => (token === "a" ? "ann" : null));

app.get("/me", users, (c) => {
  expectTypeOf(c.var.bearer).toEqualTypeOf<User>();
  expectTypeOf(c.get("bearer")).toEqualTypeOf<User>();
  return c.json(c.var.bearer);
});
app.get("/signed", signed, (c) => c.json(c.var.bearer.userId satisfies number));
app.get("/apart", (c) => {
  expectTypeOf(users.of(c)).toEqualTypeOf<User>();
  expectTypeOf(signed.of(c)).toEqualTypeOf<{ userId: number }>();
  expectTypeOf(named.of(c)).toEqualTypeOf<"ann">();
  return c.text(named.of(c));
});

// A chain of Hono's keeps it for all that follows.
new Hono().use("/api/*", users).get("/api/me", (c) => {
  expectTypeOf(c.get("bearer")).toEqualTypeOf<User>();
  return c.json(c.var.bearer.id);
});

app.use("/api/*", users);

// @ts-expect-error a token is text
bearer((token: number) => ({ token }));
