import { deferred } from "@overwire/test-support/deferred";
import { associations, type Queries, type Schema } from "@overwire/test-support/repo-suite/schema";
import { testRepo } from "@overwire/test-support/repo-suite/suite";
import { describe, expect, test } from "vitest";
import { double } from "../double/double.ts";
import type { Repo } from "./contract.ts";
import { memoryRepo } from "./memory-repo.ts";
import { RepoError } from "./repo-error.ts";

const make = () =>
  memoryRepo<Schema, Queries>({
    tables: {
      users: {
        ...associations.users,
        unique: ["email"],
        defaults: { age: null, role: "member", joinedAt: () => new Date(), settings: () => ({}) },
      },
      posts: { ...associations.posts, unique: [["slug", "lang"]] },
      profiles: { ...associations.profiles, key: "userId" },
      comments: associations.comments,
    },
    fallback: {
      async longestTitles(repo, limit) {
        const titles = (await repo.all("posts")).map(({ title }) => title);
        return titles.sort((a, b) => b.length - a.length).slice(0, limit);
      },
    },
  });

testRepo(make);

describe("a store in memory", () => {
  const ann = { email: "ann@example.com", name: "Ann" };

  test("reads what is committed while a transaction runs; writes wait for its end", async () => {
    const repo = make();
    const end = deferred();
    const running = repo.transaction(async () => {
      await repo.insert("users", ann);
      await end.promise;
    });
    const written = repo.insert("users", { ...ann, email: "other" });
    expect(await repo.count("users")).toBe(0);
    end.resolve();
    await Promise.all([running, written]);
    expect(await repo.count("users")).toBe(2);
  });

  test("two stores share nothing", async () => {
    const [first, second] = [make(), make()];
    await first.insert("users", ann);
    await first.transaction(() => second.insert("users", ann));
    expect([await first.count("users"), await second.count("users")]).toEqual([1, 1]);
  });

  test("a table may be without a key", async () => {
    interface Tagging {
      postId: number;
      tag: string;
    }
    const repo = memoryRepo<{ taggings: Tagging }>({
      tables: { taggings: { key: null, unique: [["postId", "tag"]] } },
    });
    await repo.insert("taggings", { postId: 1, tag: "a" });
    await expect(repo.insert("taggings", { postId: 1, tag: "a" })).rejects.toMatchObject({
      code: "not_unique",
    });
    await expect(repo.get("taggings", 1)).rejects.toThrow("taggings has no key: use getBy");
    expect(await repo.deleteAll("taggings", { tag: "a" })).toEqual([{ postId: 1, tag: "a" }]);
  });
});

describe("as the fallback of a double", () => {
  const repo = double<Repo<Schema, Queries>>("Repo");
  const register = (email: string) =>
    repo.transaction(async () => {
      const user = await repo.insert("users", { email, name: email });
      await repo.insert("profiles", { userId: user.id, bio: "" });
      return user;
    });

  test("calls reach the store, and belong to its transactions", async () => {
    repo.fallback(make());
    const { id } = await register("ann");
    expect(await repo.get("users", id, { preload: { profile: true } })).toMatchObject({
      profile: { bio: "" },
    });
    expect(repo.calls("insert")).toHaveLength(2);
  });

  test("an expectation fails one statement, so that the transaction is undone", async () => {
    repo.fallback(make());
    repo.expect("insert", repo.passThrough);
    repo.expect("insert", async () => {
      throw new RepoError("not_unique", "profiles has a row already.");
    });
    await expect(register("ann")).rejects.toMatchObject({ code: "not_unique" });
    expect(await repo.count("users")).toBe(0);
    await register("ann");
  });
});
