/** The contract of a repo, as tests: the same for a store in memory and for a database. */
import type { Repo, Table } from "@overwire/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { deferred } from "./deferred.ts";

export interface User {
  id: number;
  email: string;
  name: string;
  age: number | null;
  role: "admin" | "member";
  joinedAt: Date;
  settings: { readonly theme?: string; readonly tags?: string[] };
  posts?: Post[];
  profile?: Profile | null;
}
export type NewUser = Pick<User, "email" | "name"> &
  Partial<Pick<User, "id" | "age" | "role" | "joinedAt" | "settings">>;
export interface Post {
  id: number;
  authorId: number;
  slug: string;
  lang: string;
  title: string;
  author?: User;
  comments?: Comment[];
}
export interface Profile {
  userId: number;
  bio: string;
  user?: User;
}
export interface Comment {
  id: string;
  postId: number;
  editorId: number | null;
  body: string;
  post?: Post;
  editor?: User | null;
}
export interface Schema {
  users: Table<User, NewUser>;
  posts: Post;
  profiles: Profile;
  comments: Comment;
}
export interface Queries {
  longestTitles(limit: number): string[];
  unknown(text: string): number;
}

/** Associations of the schema, as both kinds of repo take them. */
export const associations = {
  users: {
    hasMany: { posts: { table: "posts", by: "authorId" } },
    hasOne: { profile: { table: "profiles", by: "userId" } },
  },
  posts: {
    belongsTo: { author: { table: "users", by: "authorId" } },
    hasMany: { comments: { table: "comments", by: "postId" } },
  },
  profiles: { belongsTo: { user: { table: "users", by: "userId" } } },
  comments: {
    belongsTo: {
      post: { table: "posts", by: "postId", onDelete: "cascade" },
      editor: { table: "users", by: "editorId", onDelete: "setNull" },
    },
  },
} as const;

type TestedRepo = Repo<Schema, Queries>;
let repo: TestedRepo;
const ann = { email: "ann@example.com", name: "Ann" };
const bob = { email: "bob@example.com", name: "Bob" };
const post = (authorId: number, slug = "a") => ({ authorId, slug, lang: "en", title: `Post ${slug}` });
const later = () => new Promise<void>((resolve) => setImmediate(resolve));
const names = async () => (await repo.all("users", { orderBy: { name: "asc" } })).map(({ name }) => name);

/** @param make returns a repo without rows, before each test */
export function testRepo(make: () => TestedRepo | Promise<TestedRepo>): void {
  beforeEach(async () => {
    repo = await make();
  });
  describe("rows", testRows);
  describe("conditions", testConditions);
  describe("constraints", testConstraints);
  describe("associations", testAssociations);
  describe("transactions", testTransactions);
  describe("queries by name", testQueries);
}

function testRows() {
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

function testConditions() {
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

function testConstraints() {
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

function testAssociations() {
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
  });
}

function testTransactions() {
  test("its writes are kept, and read in it", async () => {
    const result = await repo.transaction(async (same) => {
      expect(same).toBe(repo);
      const { id } = await repo.insert("users", ann);
      await later();
      expect(await repo.get("users", id)).toMatchObject(ann);
      return repo.update("users", id, { name: "Anna" });
    });
    expect(result.name).toBe("Anna");
    expect(await names()).toEqual(["Anna"]);
  });

  test("an error undoes the whole", async () => {
    const kept = await repo.insert("users", ann);
    const broken = repo.transaction(async () => {
      await repo.insert("users", bob);
      await repo.update("users", kept.id, { name: "Changed", email: "new@example.com" });
      await later();
      await repo.delete("users", kept.id);
      throw new Error("broken");
    });
    await expect(broken).rejects.toThrow("broken");
    expect(await repo.all("users")).toEqual([kept]);
    await expect(repo.insert("users", { ...bob, email: ann.email })).rejects.toMatchObject({
      code: "not_unique",
    });
    await repo.insert("users", bob);
  });

  test("a transaction in a transaction is undone alone, and with the outer one", async () => {
    await repo.transaction(async () => {
      await repo.insert("users", ann);
      const inner = repo.transaction(async () => {
        await repo.insert("users", bob);
        expect(await names()).toEqual(["Ann", "Bob"]);
        await repo.insert("users", bob);
      });
      await expect(inner).rejects.toMatchObject({ code: "not_unique" });
      expect(await names()).toEqual(["Ann"]);
      await repo.transaction(() => repo.insert("users", { name: "Cy", email: "cy" }));
    });
    expect(await names()).toEqual(["Ann", "Cy"]);
    const outer = repo.transaction(async () => {
      await repo.transaction(() => repo.insert("users", bob));
      throw new Error("broken");
    });
    await expect(outer).rejects.toThrow("broken");
    expect(await names()).toEqual(["Ann", "Cy"]);
  });

  test("a statement that failed undoes the whole, if its error is caught, too", async () => {
    const caught = repo.transaction(async () => {
      await repo.insert("users", ann);
      await repo.insert("users", ann).catch(() => {});
      await expect(repo.count("users")).rejects.toMatchObject({ code: "transaction_failed" });
      await expect(repo.transaction(() => 1)).rejects.toMatchObject({ code: "transaction_failed" });
    });
    await expect(caught).rejects.toMatchObject({
      code: "transaction_failed",
      message: expect.stringMatching(
        /^The transaction is undone, as a statement in it failed: users .*email/,
      ),
      cause: { code: "not_unique" },
    });
    expect(await repo.count("users")).toBe(0);
  });

  test("transactions at the same time do not see each other's half-done work", async () => {
    const seen: number[] = [];
    const insertTwo = async (name: string, isBroken: boolean) => {
      seen.push(await repo.count("users"));
      await repo.insert("users", { name, email: `${name}1` });
      await later();
      await repo.insert("users", { name, email: `${name}2` });
      seen.push(await repo.count("users"));
      if (isBroken) throw new Error("broken");
    };
    const all = [
      repo.transaction(() => insertTwo("a", false)),
      repo.transaction(() => insertTwo("b", true)),
      repo.count("users").then((count) => void seen.push(count)),
      repo.transaction(() => insertTwo("c", false)),
      later().then(async () => void seen.push(await repo.count("users"))),
    ];
    const ends = await Promise.allSettled(all);
    expect(ends.map(({ status }) => status).filter((status) => status === "rejected")).toHaveLength(1);
    expect(seen.filter((count) => count % 2 !== 0)).toEqual([]);
    expect(await names()).toEqual(["a", "a", "c", "c"]);
  });

  test("inner transactions at the same time undo nothing of each other", async () => {
    await repo.transaction(async () => {
      const inner = ["a", "b", "c"].map((name) =>
        repo.transaction(async () => {
          await repo.insert("users", { name, email: name });
          await later();
          if (name === "b") throw new Error("broken");
        }),
      );
      const [, , , other] = await Promise.allSettled([
        ...inner,
        repo.insert("users", { name: "d", email: "d" }),
      ]);
      expect(other?.status).toBe("fulfilled");
    });
    expect(await names()).toEqual(["a", "c", "d"]);
  });

  test("statements that are not awaited are of the transaction, those after its end of none", async () => {
    let after: Promise<unknown> | undefined;
    const end = deferred();
    const broken = repo.transaction(async () => {
      void repo.insert("users", ann);
      after = end.promise.then(() => repo.insert("users", bob));
      throw new Error("broken");
    });
    await expect(broken).rejects.toThrow("broken");
    end.resolve();
    await after;
    expect(await names()).toEqual(["Bob"]);
  });
}

function testQueries() {
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
