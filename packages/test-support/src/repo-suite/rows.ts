/** The contract of a repo: rows that are read, inserted, changed and deleted, and queries by name. */
import { expect, test } from "vitest";
import { ann, bob, names, post, repo } from "./tested.ts";

export function testRows() {
  test("a row is read as it was written, with its defaults", async () => {
    const inserted = await repo.insert("users", ann);
    expect(inserted).toMatchObject({ ...ann, age: null, role: "member", settings: {} });
    expect(inserted.joinedAt).toBeInstanceOf(Date);
    expect(await repo.get("users", inserted.id)).toEqual(inserted);
    expect(await repo.getBy("users", { email: ann.email })).toEqual(inserted);
    expect(await repo.all("users")).toEqual([inserted]);
    expect(await repo.get("users", inserted.id + 1)).toBeUndefined();
    expect(await repo.getBy("users", { email: "none" })).toBeUndefined();
  });

  test("values keep their types", async () => {
    const given = { ...ann, age: 0, joinedAt: new Date(0), settings: { theme: "dark", tags: ["a"] } };
    const { id } = await repo.insert("users", given);
    expect(await repo.get("users", id)).toEqual({ id, role: "member", ...given });
  });

  test("rows that come out are copies, and so are those that go in", async () => {
    const given = { ...ann, settings: { tags: ["a"] } };
    const inserted = await repo.insert("users", given);
    given.settings.tags.push("given");
    inserted.name = "Eve";
    inserted.settings.tags?.push("inserted");
    inserted.joinedAt.setTime(0);
    const read = await repo.get("users", inserted.id);
    expect(read).toMatchObject({ name: "Ann", settings: { tags: ["a"] } });
    expect(read?.joinedAt.getTime()).toBeGreaterThan(0);
    const [updated] = await repo.updateAll("users", {}, { settings: given.settings });
    updated?.settings.tags?.push("updated");
    given.settings.tags.push("again");
    expect((await repo.all("users"))[0]?.settings.tags).toEqual(["a", "given"]);
  });

  test("keys are counted, and an update changes what it is given", async () => {
    const [first, second] = await repo.insertAll("users", [ann, bob]);
    expect(second!.id).toBeGreaterThan(first!.id);
    expect(await repo.update("users", first!.id, { name: "Anna", age: 30 })).toEqual({
      ...first,
      name: "Anna",
      age: 30,
    });
    expect(await repo.update("users", second!.id, {})).toEqual(second);
    expect((await repo.get("users", first!.id))?.name).toBe("Anna");
    expect(await repo.insertAll("users", [])).toEqual([]);
  });

  test("a deleted row is returned, and gone", async () => {
    const [first, second] = await repo.insertAll("users", [ann, bob]);
    expect(await repo.delete("users", first!.id)).toEqual(first);
    expect(await repo.all("users")).toEqual([second]);
    await expect(repo.delete("users", first!.id)).rejects.toMatchObject({
      code: "not_found",
      message: `users has no row ${first!.id}.`,
    });
    await expect(repo.update("users", first!.id, { name: "A" })).rejects.toMatchObject({ code: "not_found" });
    await expect(repo.update("users", first!.id, {})).rejects.toMatchObject({ code: "not_found" });
  });

  test("rows of a condition are changed and deleted", async () => {
    await repo.insertAll("users", [ann, bob]);
    const changed = await repo.updateAll("users", { name: "Ann" }, { role: "admin" });
    expect(changed.map(({ name, role }) => [name, role])).toEqual([["Ann", "admin"]]);
    expect((await repo.deleteAll("users", { role: "member" })).map(({ name }) => name)).toEqual(["Bob"]);
    expect(await names()).toEqual(["Ann"]);
  });

  test("a table may have a key of another name", async () => {
    const { id } = await repo.insert("users", ann);
    await repo.insert("profiles", { userId: id, bio: "Hi" });
    expect(await repo.get("profiles", id)).toEqual({ userId: id, bio: "Hi" });
    expect(await repo.update("profiles", id, { bio: "Ho" })).toEqual({ userId: id, bio: "Ho" });
  });
}

export function testQueries() {
  test("a query by its name sees what was written, in a transaction too", async () => {
    const { id } = await repo.insert("users", ann);
    await repo.insertAll("posts", [post(id, "short"), post(id, "longer")]);
    expect(await repo.query("longestTitles", 1)).toEqual(["Post longer"]);
    const broken = repo.transaction(async () => {
      await repo.insert("posts", post(id, "the longest"));
      expect(await repo.query("longestTitles", 2)).toEqual(["Post the longest", "Post longer"]);
      throw new Error("broken");
    });
    await expect(broken).rejects.toThrow("broken");
    expect(await repo.query("longestTitles", 1)).toEqual(["Post longer"]);
  });

  test("a query without a function is refused with its name and arguments", async () => {
    await expect(repo.query("unknown", "it's")).rejects.toMatchObject({
      code: "not_evaluated",
      message: expect.stringMatching(/^query\('unknown', "it's"\) cannot be evaluated: .* has no unknown\.$/),
    });
  });
}
