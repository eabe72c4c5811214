/** The contract of a repo: conditions, orders and pages. */
import { beforeEach, expect, test } from "vitest";
import { repo } from "./tested.ts";

export function testConditions() {
  const found = async (where: Parameters<typeof repo.filter<"users">>[1]) =>
    (await repo.filter("users", where, { orderBy: { name: "asc" } })).map(({ name }) => name).join("");
  beforeEach(async () => {
    await repo.insertAll("users", [
      { name: "A", email: "a_b@x", age: 20, role: "admin", joinedAt: new Date(1000) },
      { name: "B", email: "AxB@x", age: 30, joinedAt: new Date(2000) },
      { name: "C", email: "100%@x\ny", joinedAt: new Date(3000) },
    ]);
  });

  test("values, lists, comparisons", async () => {
    expect(await found({})).toBe("ABC");
    expect(await found({ role: "member", age: 30 })).toBe("B");
    expect(await found({ name: { in: ["A", "C", "X"] } })).toBe("AC");
    expect(await found({ name: { in: [] } })).toBe("");
    expect(await found({ age: { gte: 20, lt: 30 } })).toBe("A");
    expect(await found({ age: { gt: 20 } })).toBe("B");
    expect(await found({ joinedAt: new Date(2000) })).toBe("B");
    expect(await found({ joinedAt: { lte: new Date(2000) } })).toBe("AB");
    expect(await found({ joinedAt: { in: [new Date(3000)] } })).toBe("C");
  });

  test("null is found by null alone", async () => {
    expect(await found({ age: null })).toBe("C");
    expect(await found({ age: { not: null } })).toBe("AB");
    expect(await found({ age: { not: 20 } })).toBe("B");
    expect(await found({ age: { lt: 100 } })).toBe("AB");
  });

  test("patterns", async () => {
    expect(await found({ email: { like: "a_b%" } })).toBe("A");
    expect(await found({ email: { ilike: "a_b%" } })).toBe("AB");
    expect(await found({ email: { like: "%\\_b@x" } })).toBe("A");
    expect(await found({ email: { like: "100\\%%y" } })).toBe("C");
    expect(await found({ email: { like: "." } })).toBe("");
  });

  test("one of several conditions", async () => {
    expect(await found([{ age: 30 }, { role: "admin", name: "A" }])).toBe("AB");
    expect(await found([])).toBe("");
    expect(await repo.count("users")).toBe(3);
    expect(await repo.count("users", { age: { not: null } })).toBe(2);
  });

  test("order, limit and offset", async () => {
    const ordered = async (query: Parameters<typeof repo.all<"users">>[1]) =>
      (await repo.all("users", query)).map(({ name }) => name).join("");
    expect(await ordered({ orderBy: { age: "asc" } })).toBe("ABC");
    expect(await ordered({ orderBy: { age: "desc" } })).toBe("CBA");
    expect(await ordered({ orderBy: { role: "desc", name: "desc" } })).toBe("CBA");
    expect(await ordered({ orderBy: { joinedAt: "desc" }, limit: 1, offset: 1 })).toBe("B");
    expect(await ordered({ limit: 0 })).toBe("");
  });

  test("getBy refuses a condition that holds for several rows", async () => {
    await expect(repo.getBy("users", { role: "member" })).rejects.toMatchObject({
      code: "several_rows",
      message: "getBy('users', { role: 'member' }) holds for several rows.",
    });
  });

  test("a condition that cannot be evaluated is refused with the query", async () => {
    const wrong = { age: { between: [1, 2] } } as unknown as { age: number };
    await expect(repo.filter("users", wrong)).rejects.toMatchObject({
      code: "not_evaluated",
      message:
        "filter('users', { age: { between: [ 1, 2 ] } }) cannot be evaluated: there is no operator between.",
    });
    const none = { age: undefined } as unknown as { age: number };
    await expect(repo.deleteAll("users", none)).rejects.toMatchObject({
      message: "deleteAll('users', { age: undefined }) cannot be evaluated: age is undefined.",
    });
    await expect(repo.get("users", undefined as unknown as number)).rejects.toMatchObject({
      code: "not_evaluated",
    });
    await expect(repo.update("users", 1, { id: 2 } as object)).rejects.toMatchObject({
      message: "update('users', { id: 1 }, { id: 2 }) cannot be evaluated: a key does not change.",
    });
    await expect(repo.all("usrs" as "users")).rejects.toThrow("There is no table usrs. Did you mean users?");
  });
}
