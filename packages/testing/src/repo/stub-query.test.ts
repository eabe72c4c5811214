import { double, memoryRepo, type Repo, stubQuery } from "@overwire/testing";
import { expect, test } from "vitest";

interface User {
  id: number;
  name: string;
}
interface Schema {
  users: User;
}
interface Queries {
  top(limit: number): { name: string; sales: number }[];
  count(): number;
}

const memory = () =>
  memoryRepo<Schema, Queries>({
    tables: { users: {} },
    fallback: { count: async (repo) => repo.count("users"), top: () => [] },
  });

test("one query is answered, with its arguments; all else comes from the repo", async () => {
  const kept = memory();
  const repo = stubQuery(kept, "top", (limit) => [{ name: "Ada", sales: limit }]);
  await repo.insert("users", { name: "Bob" });
  expect(await repo.query("top", 3)).toEqual([{ name: "Ada", sales: 3 }]);
  expect(await repo.query("count")).toBe(1);
  expect(await kept.all("users")).toEqual([{ id: 1, name: "Bob" }]);
  expect(repo.calls("query")).toEqual([["top", 3], ["count"]]);
});

test("an answer may wait, ask the repo, and fail; it fails as a query does, by a rejection", async () => {
  const kept = memory();
  await kept.insertAll("users", [{ name: "Ada" }, { name: "Bob" }]);
  const doubled = stubQuery(kept, "count", async () => 2 * (await kept.query("count")));
  expect(await doubled.query("count")).toBe(4);
  const broken = stubQuery(kept, "count", () => {
    throw new Error("no database");
  });
  await expect(broken.query("count")).rejects.toThrow("no database");
});

test("several queries are answered one upon the other, and a double keeps what it expects", async () => {
  const repo = double<Repo<Schema, Queries>>("Repo");
  repo.fallback(memory());
  repo.expect("count", async () => 7);
  const stubbed = stubQuery(
    stubQuery(repo, "count", () => 9),
    "top",
    () => [],
  );
  expect(await stubbed.query("count")).toBe(9);
  expect(await stubbed.query("top", 1)).toEqual([]);
  expect(await stubbed.count("users")).toBe(7);
});

test("queries in a transaction of the repo are answered, too", async () => {
  const repo = stubQuery(memory(), "count", () => 9);
  expect(await repo.transaction(() => repo.query("count"))).toBe(9);
});
