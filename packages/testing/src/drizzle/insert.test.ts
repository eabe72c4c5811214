import { PGlite } from "@electric-sql/pglite";
import { factory } from "@overwire/testing";
import { drizzleInsert, drizzleRepo } from "@overwire/testing/drizzle";
import { integer, pgTable, serial, text } from "drizzle-orm/pg-core";
import { drizzle } from "drizzle-orm/pglite";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

const users = pgTable("users", { id: serial().primaryKey(), name: text().notNull() });
const posts = pgTable("posts", {
  id: serial().primaryKey(),
  title: text().notNull(),
  authorId: integer("author_id")
    .notNull()
    .references(() => users.id),
  editorId: integer("editor_id").references(() => users.id),
});
const comments = pgTable("comments", {
  id: serial().primaryKey(),
  text: text().notNull(),
  postId: integer("post_id")
    .notNull()
    .references(() => posts.id),
});

type User = typeof users.$inferInsert;
interface Post extends Omit<typeof posts.$inferInsert, "authorId"> {
  authorId?: number;
  author: User;
  editor?: User;
  comments?: object[];
}
interface Comment {
  text: string;
  postId?: number;
  post: Post;
}

const client = new PGlite();
const db = drizzle(client);
beforeAll(async () => {
  await client.exec(`create table users (id serial primary key, name text not null);
    create table posts (id serial primary key, title text not null, author_id int not null references users,
      editor_id int references users);
    create table comments (id serial primary key, text text not null, post_id int not null references posts)`);
});
beforeEach(() => client.exec("truncate users, posts, comments restart identity"));
afterAll(() => client.close());

const userFactory = factory<User>(() => ({ name: "Jane" })).insertWith(drizzleInsert(db, users));
const postFactory = factory<Post>(() => ({ title: "Hello", author: () => userFactory.build() })).insertWith(
  drizzleInsert(() => db, posts),
);
const commentFactory = factory<Comment>(() => ({
  text: "Great",
  post: () => postFactory.build(),
})).insertWith(drizzleInsert(db, comments));

test("saves a row and returns what the database made of it", async () => {
  expect(await drizzleInsert(db, users)({ name: "Ann" })).toEqual({ id: 1, name: "Ann" });
  const user = await userFactory.insert({ name: "Bob" });
  expect(user).toEqual({ id: 2, name: "Bob" });
  expect(user.id.toFixed()).toBe("2");
});

test("saves associations first, sets foreign keys, and returns the row with them", async () => {
  const comment = await commentFactory.insert();
  expect(comment).toEqual({
    id: 1,
    text: "Great",
    postId: 1,
    post: { id: 1, title: "Hello", authorId: 1, editorId: null, author: { id: 1, name: "Jane" } },
  });
});

test("finds one of several keys by the association's name, and saves each object once", async () => {
  const user = userFactory.build();
  const post = await postFactory.insert({ author: user, editor: userFactory.build({ name: "Ed" }) });
  const other = await postFactory.insert({ author: user });
  expect([post.authorId, post.editorId, other.authorId]).toEqual([1, 2, 1]);
  expect(await db.select().from(users)).toHaveLength(2);
});

test("takes rows that are there, of factories and of queries, and foreign keys", async () => {
  const user = await userFactory.insert();
  const [queried] = await db.select().from(users);
  const list = [
    await postFactory.insert({ author: user }),
    await postFactory.insert({ author: queried as User }),
    await postFactory.insert({ authorId: user.id }),
  ];
  expect(list.map(({ authorId }) => authorId)).toEqual([1, 1, 1]);
  expect(await db.select().from(users)).toHaveLength(1);
});

test("saves what belongs to a row after it", async () => {
  const post = await postFactory.insert({ comments: () => commentFactory.buildPair() });
  expect(post.comments).toMatchObject([
    { id: 1, postId: 1 },
    { id: 2, postId: 1 },
  ]);
  await postFactory.insert({ comments: (post) => [commentFactory.build({ post })] });
  expect(await db.select().from(posts)).toHaveLength(2);
});

test("gives params with foreign keys", async () => {
  expect(await postFactory.paramsWithAssociations()).toEqual({ title: "Hello", authorId: 1 });
  expect(await db.select().from(posts)).toHaveLength(0);
});

describe("in a transaction of a repo", () => {
  interface Schema {
    users: { id: number; name: string };
    posts: { id: number; title: string; authorId: number; editorId: number | null };
  }
  const repo = drizzleRepo<Schema>(db, { users, posts });

  test("rows and their associations are in it, and undone with it", async () => {
    await repo.rolledBack(async () => {
      const post = await postFactory.insert();
      expect(await repo.get("posts", post.id)).toMatchObject({ title: "Hello", authorId: post.author.id });
      expect(await repo.count("users")).toBe(1);
    });
    expect(await db.select().from(users)).toEqual([]);
  });

  test("another database object over the same connection finds it as well", async () => {
    const other = factory<User>(() => ({ name: "Jane" })).insertWith(drizzleInsert(drizzle(client), users));
    await repo.rolledBack(async () => {
      await other.insert();
      expect(await repo.count("users")).toBe(1);
    });
    expect(await repo.count("users")).toBe(0);
  });

  test("an insert that fails in a test is undone alone; in a transaction it undoes that", async () => {
    const refused = () => postFactory.insert({ authorId: 404 });
    await repo.rolledBack(async () => {
      await userFactory.insert();
      await expect(refused()).rejects.toThrow();
      expect(await repo.count("users")).toBe(1);
    });
    const undone = repo.transaction(async () => {
      await userFactory.insert();
      await refused().catch(() => {});
    });
    await expect(undone).rejects.toMatchObject({ code: "transaction_failed" });
    expect(await repo.count("users")).toBe(0);
  });

  test("work that goes on after its end, or began outside of it, is in none", async () => {
    let late: Promise<unknown> = Promise.resolve();
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    await repo.rolledBack(async () => {
      late = ended.then(() => userFactory.insert({ name: "late" }));
    });
    end();
    await late;
    await userFactory.insert({ name: "outside" });
    expect((await db.select().from(users)).map(({ name }) => name)).toEqual(["late", "outside"]);
  });

  test("one of another database, and one that was handed over, are not mixed up with it", async () => {
    const elsewhere = new PGlite();
    await elsewhere.exec("create table users (id serial primary key, name text not null)");
    const there = drizzle(elsewhere);
    const handed: User[] = [];
    await repo.rolledBack(async () => {
      await drizzleInsert(there, users)({ name: "there" });
      await there.transaction(async (tx) => {
        handed.push(await drizzleInsert(tx, users)({ name: "handed" }));
      });
      expect(await repo.count("users")).toBe(0);
    });
    expect((await there.select().from(users)).map(({ name }) => name)).toEqual(["there", "handed"]);
    expect(handed).toMatchObject([{ name: "handed" }]);
    await elsewhere.close();
  });
});
