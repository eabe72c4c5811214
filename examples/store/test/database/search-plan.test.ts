/** Plans of PostgreSQL: a search and the sales of the last days have to find their rows by an index, however many there are. */
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { drizzle } from "drizzle-orm/pglite";
import { migrate } from "drizzle-orm/pglite/migrator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { repoOver } from "../../src/database/database.ts";
import { seed } from "../../src/database/seed.ts";
import { users } from "../support/factories.ts";

const client = new PGlite();
const sent: { readonly text: string; readonly params: unknown[] }[] = [];
const db = drizzle({ client, logger: { logQuery: (text, params) => void sent.push({ text, params }) } });
const repo = repoOver(db);

beforeAll(async () => {
  await migrate(db, { migrationsFolder: fileURLToPath(new URL("../../migrations", import.meta.url)) });
  await seed(repo);
  // Sixty products are read faster without any index; this asks if there is one that fits.
  await client.exec("set enable_seqscan = off");
});
afterAll(() => client.close());

const search = (text: string) =>
  repo.query("findProducts", {
    text,
    categories: [],
    brands: [],
    sort: "relevance",
    limit: 24,
    offset: 0,
  });

async function planOfFirst(): Promise<string> {
  const [{ text, params } = { text: "", params: [] }] = sent;
  const { rows } = await client.query<{ "QUERY PLAN": string }>(`explain ${text}`, params);
  return rows.map((row) => row["QUERY PLAN"]).join("\n");
}

test("a search uses the index of the words", async () => {
  sent.length = 0;
  await search("blue gla");
  expect(await planOfFirst()).toContain("products_search");
});

test("the sales of the last days use the index of the time of payment", async () => {
  const { id } = await users(repo).insert();
  // Ten orders a day for a year.
  await client.query(
    `insert into orders (number, user_id, status, total, address, idempotency_key, paid_at, expires_at)
     select 'plan-' || n, $1, 'paid', 100, '{}', 'plan-' || n, now() - n * interval '144 minutes', now()
     from generate_series(0, 3649) n`,
    [id],
  );
  await client.exec("analyze orders");
  sent.length = 0;
  const sales = await repo.query("salesByDay", 7, new Date());
  expect(sales[1]).toMatchObject({ orders: 10, turnover: 1000 });
  expect(await planOfFirst()).toContain("orders_paid_at_index");
});

test("a word in the name counts more than one in the description", async () => {
  const [first] = await search("teapot");
  expect(first?.name).toContain("teapot");
  const names = (await search("linen")).map(({ name }) => name);
  expect(names.slice(0, 2).sort()).toEqual(["Linen napkin", "Linen tablecloth"]);
  expect(names.length).toBeGreaterThan(2);
});

test("words are found in any form and order, and before they are complete", async () => {
  const names = async (text: string) => (await search(text)).map(({ name }) => name);
  expect(await names("boards oak")).toEqual(["Oak cutting board"]);
  expect(await names("cutt oak")).toEqual(["Oak cutting board"]);
  expect(await names("klarglas deca")).toEqual(["Wine decanter"]);
  expect(await names("zzz")).toEqual([]);
});
