import { PGlite } from "@electric-sql/pglite";
import { drizzleInsert } from "@overwire/testing/drizzle";
import { pgTable, serial, text } from "drizzle-orm/pg-core";
import { drizzle } from "drizzle-orm/pglite";
import { afterAll, beforeAll, expect, test } from "vitest";

const users = pgTable("users", { id: serial().primaryKey(), name: text().notNull() });

const client = new PGlite();
const db = drizzle(client);
beforeAll(() => client.exec("create table users (id serial primary key, name text not null)"));
afterAll(() => client.close());

test("saves a row and returns what the database made of it", async () => {
  expect(await drizzleInsert(db, users)({ name: "Ann" })).toEqual({ id: 1, name: "Ann" });
});
