/** Plans of PostgreSQL: a search has to find its products by the index, however many there are. */
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { drizzle } from "drizzle-orm/pglite";
import { migrate } from "drizzle-orm/pglite/migrator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { repoOver } from "../../src/database/database.ts";
import { seed } from "../../src/database/seed.ts";

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

test("a search uses the index of the words", async () => {
  sent.length = 0;
  await search("blue gla");
  const [{ text, params } = { text: "", params: [] }] = sent;
  const { rows } = await client.query<{ "QUERY PLAN": string }>(`explain ${text}`, params);
  expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).toContain("products_search");
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
