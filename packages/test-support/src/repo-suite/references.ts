/** The contract of a repo: constraints of rows that refer to others, and rows that come along with others. */
import { expect, test } from "vitest";
import { ann, bob, post, repo } from "./tested.ts";

export function testConstraints() {
  test("a unique column refuses a second row", async () => {
    const { id } = await repo.insert("users", ann);
    await expect(repo.insert("users", { ...bob, email: ann.email })).rejects.toMatchObject({
      name: "RepoError",
      code: "not_unique",
      table: "users",
      columns: ["email"],
      message: expect.stringMatching(/^users .*email.*ann@example\.com/),
    });
    await expect(repo.insert("users", { ...bob, id })).rejects.toMatchObject({ columns: ["id"] });
    const other = await repo.insert("users", bob);
    await expect(repo.update("users", other.id, { email: ann.email })).rejects.toMatchObject({
      code: "not_unique",
    });
    expect(await repo.update("users", id, { email: ann.email, name: "Anna" })).toMatchObject({
      name: "Anna",
    });
  });

  test("a value is free again when its row has another, or is deleted", async () => {
    const first = await repo.insert("users", ann);
    await repo.update("users", first.id, { email: "new@example.com" });
    const second = await repo.insert("users", ann);
    await repo.delete("users", second.id);
    await repo.insert("users", ann);
    expect(await repo.count("users")).toBe(2);
  });

  test("several columns are unique together", async () => {
    const { id } = await repo.insert("users", ann);
    await repo.insert("posts", post(id));
    await repo.insert("posts", { ...post(id), lang: "de" });
    await expect(repo.insert("posts", post(id))).rejects.toMatchObject({
      code: "not_unique",
      columns: ["slug", "lang"],
    });
  });

  test("many rows are inserted and changed all or none", async () => {
    await expect(repo.insertAll("users", [bob, ann, bob])).rejects.toMatchObject({ code: "not_unique" });
    expect(await repo.count("users")).toBe(0);
    await repo.insertAll("users", [ann, bob]);
    await expect(repo.updateAll("users", {}, { email: "same" })).rejects.toMatchObject({
      code: "not_unique",
    });
    expect((await repo.all("users")).some(({ email }) => email === "same")).toBe(false);
  });

  test("a row refers only to rows that are there", async () => {
    await expect(repo.insert("posts", post(99))).rejects.toMatchObject({
      code: "no_reference",
      table: "posts",
      columns: ["authorId"],
      message: expect.stringMatching(/^posts.*99.*users/),
    });
    const { id } = await repo.insert("users", ann);
    const { id: postId } = await repo.insert("posts", post(id));
    await expect(repo.update("posts", postId, { authorId: 99 })).rejects.toMatchObject({
      code: "no_reference",
    });
    await repo.insert("comments", { id: "c1", postId, editorId: null, body: "" });
  });

  test("a row that others refer to is not deleted, or they are deleted or changed with it", async () => {
    const [first, second] = await repo.insertAll("users", [ann, bob]);
    const { id: postId } = await repo.insert("posts", post(first!.id));
    await repo.insert("comments", { id: "c1", postId, editorId: second!.id, body: "" });
    await expect(repo.delete("users", first!.id)).rejects.toMatchObject({
      code: "still_referenced",
      table: "posts",
      columns: ["authorId"],
    });
    expect(await repo.count("users")).toBe(2);
    await repo.delete("users", second!.id);
    expect(await repo.get("comments", "c1")).toMatchObject({ editorId: null });
    await repo.delete("posts", postId);
    expect(await repo.count("comments")).toBe(0);
  });
}

export function testAssociations() {
  test("associations are preloaded, inner ones too", async () => {
    const [first, second] = await repo.insertAll("users", [ann, bob]);
    const [a, b] = await repo.insertAll("posts", [post(first!.id, "a"), post(first!.id, "b")]);
    const comment = await repo.insert("comments", { id: "c", postId: a!.id, editorId: null, body: "" });
    const profile = await repo.insert("profiles", { userId: first!.id, bio: "Hi" });
    const preload = { posts: true, profile: true } as const;
    expect(await repo.all("users", { orderBy: { name: "asc" }, preload })).toEqual([
      { ...first, posts: [a, b], profile },
      { ...second, posts: [], profile: null },
    ]);
    const inner = { author: { posts: true }, comments: { editor: true } } as const;
    expect(await repo.get("posts", a!.id, { preload: inner })).toEqual({
      ...a,
      author: { ...first, posts: [a, b] },
      comments: [{ ...comment, editor: null }],
    });
    expect(await repo.getBy("posts", { slug: "b" }, { preload: { author: true } })).toEqual({
      ...b,
      author: first,
    });
    const [one, two] = await repo.filter("posts", { lang: "en" }, { preload: { author: true } });
    one!.author.name = "Eve";
    expect(two!.author.name).toBe("Ann");
  });

  test("a name that is no association is refused with the query", async () => {
    await repo.insert("users", ann);
    await expect(repo.all("users", { preload: { post: true } as object })).rejects.toMatchObject({
      code: "not_evaluated",
      message: "preload('users', { post: true }) cannot be evaluated: post is no association of users.",
    });
    // All objects have a constructor.
    await expect(repo.all("users", { preload: { constructor: true } as object })).rejects.toMatchObject({
      code: "not_evaluated",
    });
  });
}
