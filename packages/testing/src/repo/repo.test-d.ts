/** Types: what an author of a repo's calls is told before anything runs. Checked by `npm run types`, never run. */
import { expectTypeOf } from "vitest";
import { double, memoryRepo, type Repo, type Table } from "../index.ts";

interface User {
  id: number;
  email: string;
  age: number | null;
  isAdmin: boolean;
  joinedAt: Date;
  settings: { theme: string };
  posts?: Post[];
}
interface Post {
  id: number;
  authorId: number;
  title: string;
  author?: User;
}
interface Tag {
  name: string;
  color: "red" | "blue";
}
interface Schema {
  users: Table<User, Pick<User, "email" | "settings" | "age" | "joinedAt"> & { isAdmin?: boolean }>;
  posts: Post;
  tags: Tag;
}
interface Queries {
  top(limit: number): Promise<{ name: string }[]>;
}

const tables = {
  users: { unique: ["email", ["age", "isAdmin"]], defaults: { isAdmin: false } },
  posts: { belongsTo: { author: { table: "users", by: "authorId" } } },
  tags: { key: "name" },
} as const;
const repo = memoryRepo<Schema, Queries>({
  tables,
  fallback: {
    top: async (own, limit) => {
      expectTypeOf(own).toEqualTypeOf<Repo<Schema, Queries>>();
      expectTypeOf(limit).toEqualTypeOf<number>();
      return [];
    },
  },
});
expectTypeOf(repo).toEqualTypeOf<Repo<Schema, Queries>>();
expectTypeOf(double<Repo<Schema>>("Repo").fallback).toBeCallableWith(memoryRepo<Schema>({ tables }));

export async function reads() {
  const post = await repo.get("posts", 1);
  expectTypeOf(post?.author).toEqualTypeOf<User | undefined>();
  const loaded = await repo.get("posts", 1, { preload: { author: true } });
  expectTypeOf(loaded?.author.email).toEqualTypeOf<string | undefined>();
  const [inner] = await repo.filter("posts", { title: "" }, { preload: { author: { posts: true } } });
  expectTypeOf(inner!.author.posts[0]!.title).toEqualTypeOf<string>();
  const [writer] = await repo.all("users", { preload: { posts: { author: true } } });
  expectTypeOf(writer!.posts.map(({ author }) => author.email)).toEqualTypeOf<string[]>();
  expectTypeOf(writer!.posts.toSorted()[0]!.author.email).toEqualTypeOf<string>();
  const [user] = await repo.all("users", { orderBy: { joinedAt: "desc" }, limit: 1 });
  expectTypeOf(user!.settings).toEqualTypeOf<{ theme: string }>();
  await repo.getBy("users", { age: { gt: 18, not: null }, isAdmin: true, joinedAt: { lt: new Date() } });
  await repo.filter("tags", [{ color: "red" }, { name: { like: "a%" } }]);
  expectTypeOf(await repo.query("top", 3)).toEqualTypeOf<{ name: string }[]>();
  expectTypeOf(await repo.transaction(async () => 1)).toEqualTypeOf<number>();
  // @ts-expect-error: no such table
  await repo.all("pots");
  // @ts-expect-error: no such column
  await repo.filter("posts", { titel: "" });
  // @ts-expect-error: the column has another type
  await repo.filter("posts", { title: 1 });
  // @ts-expect-error: a number has no patterns
  await repo.filter("users", { age: { like: "1%" } });
  // @ts-expect-error: what is kept as an object is not compared
  await repo.filter("users", { settings: { theme: "" } });
  // @ts-expect-error: an association is no column
  await repo.filter("posts", { author: null });
  // @ts-expect-error: no such association
  await repo.get("posts", 1, { preload: { autor: true } });
  // @ts-expect-error: a column is no association
  await repo.get("users", 1, { preload: { settings: true } });
  // @ts-expect-error: the key is a number
  await repo.get("posts", "1");
  // @ts-expect-error: no such query
  await repo.query("tops", 3);
  // @ts-expect-error: the query takes a number
  await repo.query("top", "3");
}

export async function writes() {
  const user = { email: "", settings: { theme: "" }, age: null, joinedAt: new Date() };
  expectTypeOf(await repo.insert("users", user)).toEqualTypeOf<User>();
  await repo.insert("users", { ...user, isAdmin: true });
  await repo.insert("posts", { authorId: 1, title: "" });
  await repo.insert("posts", { id: 1, authorId: 1, title: "" });
  await repo.update("tags", "a", { color: "red" });
  // @ts-expect-error: a column is missing
  await repo.insert("posts", { title: "" });
  // @ts-expect-error: no such column
  await repo.insert("posts", { authorId: 1, title: "", body: "" });
  // @ts-expect-error: no such value
  await repo.insert("tags", { name: "a", color: "green" });
  // @ts-expect-error: no such column
  await repo.update("posts", 1, { titel: "" });
  // @ts-expect-error: a key does not change
  await repo.update("posts", 1, { id: 2 });
}

// @ts-expect-error: each table of the schema is needed
memoryRepo<Schema>({ tables: { users: tables.users, posts: {} } });
// @ts-expect-error: what an insert may omit has a default
memoryRepo<Schema>({ tables: { ...tables, users: {} } });
// @ts-expect-error: a table without an id says which column is its key
memoryRepo<Schema>({ tables: { ...tables, tags: {} } });
// @ts-expect-error: no such column
memoryRepo<Schema>({ tables: { ...tables, posts: { unique: ["titel"] } } });
const posts = {
  belongsTo: { author: { table: "users", by: "title" } },
} as const;
memoryRepo<Schema>({ tables: { ...tables, posts } });
const wrongName = { belongsTo: { writer: posts.belongsTo.author } } as const;
// @ts-expect-error: no such association
memoryRepo<Schema>({ tables: { users: tables.users, tags: tables.tags, posts: wrongName } });
const wrongTable = { belongsTo: { author: { table: "tags", by: "title" } } } as const;
// @ts-expect-error: the table has rows of another type
memoryRepo<Schema>({ tables: { ...tables, posts: wrongTable } });
// @ts-expect-error: no such query
memoryRepo<Schema, Queries>({ tables, fallback: { tops: () => [] } });
