import { inspect } from "node:util";
import { PGlite } from "@electric-sql/pglite";
import { createApp, html, LiveView } from "@overwire/server";
import { associations, type Queries, type Schema } from "@overwire/test-support/repo-suite/schema";
import { testRepo } from "@overwire/test-support/repo-suite/suite";
import { live } from "@overwire/testing";
import { drizzleRepo, type Table } from "@overwire/testing/drizzle";
import { desc, eq, sql } from "drizzle-orm";
import { integer, jsonb, pgTable, serial, text, timestamp } from "drizzle-orm/pg-core";
import { drizzle } from "drizzle-orm/pglite";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

const users = pgTable("users", {
  id: serial().primaryKey(),
  email: text().notNull(),
  name: text().notNull(),
  age: integer(),
  role: text({ enum: ["admin", "member"] })
    .notNull()
    .default("member"),
  joinedAt: timestamp("joined_at", { precision: 3, withTimezone: true }).notNull().defaultNow(),
  settings: jsonb().$type<{ theme?: string; tags?: string[] }>().notNull().default({}),
});
const posts = pgTable("posts", {
  id: serial().primaryKey(),
  authorId: integer("author_id").notNull(),
  slug: text().notNull(),
  lang: text().notNull(),
  title: text().notNull(),
});
const profiles = pgTable("profiles", { userId: integer("user_id").primaryKey(), bio: text().notNull() });
const comments = pgTable("comments", {
  id: text().primaryKey(),
  postId: integer("post_id").notNull(),
  editorId: integer("editor_id"),
  body: text().notNull(),
});

const client = new PGlite();
const db = drizzle(client);
beforeAll(() =>
  client.exec(`
    create table users (id serial primary key, email text not null unique, name text not null, age integer,
      role text not null default 'member', joined_at timestamptz(3) not null default now(), settings jsonb not null default '{}');
    create table posts (id serial primary key, author_id integer not null references users, slug text not null,
      lang text not null, title text not null, unique (slug, lang));
    create table profiles (user_id integer primary key references users, bio text not null);
    create table comments (id text primary key, post_id integer not null references posts on delete cascade,
      editor_id integer references users on delete set null, body text not null);
  `),
);
afterAll(() => client.close());

const repo = drizzleRepo<Schema, Queries>(
  db,
  { users, posts, profiles, comments },
  {
    associations,
    queries: {
      async longestTitles(current, limit) {
        const longest = desc(sql`length(${posts.title})`);
        const rows = await current.select({ title: posts.title }).from(posts).orderBy(longest).limit(limit);
        return rows.map(({ title }) => title);
      },
    },
  },
);

testRepo(async () => {
  await client.exec("truncate users, posts, profiles, comments restart identity");
  return repo;
});

describe("a test that is rolled back", () => {
  const ann = { email: "ann@example.com", name: "Ann" };

  test("leaves nothing, and goes on after a statement that failed", async () => {
    await repo.rolledBack(async () => {
      await repo.insert("users", ann);
      await expect(repo.insert("users", ann)).rejects.toMatchObject({ code: "not_unique" });
      await repo.transaction(() => repo.insert("users", { ...ann, email: "other" }));
      expect(await repo.count("users")).toBe(2);
    });
    expect(await repo.count("users")).toBe(0);
  });

  test("is of its live views as well, also in their events and messages", async () => {
    class Names extends LiveView {
      count = 0;
      async mount() {
        this.subscribe("joined", async (email: string) => {
          await repo.insert("users", { ...ann, email });
          this.count = await repo.count("users");
        });
        this.count = await repo.count("users");
      }
      add = this.event(async () => {
        await repo.insert("users", ann);
        this.count = await repo.count("users");
      });
      render() {
        return html`<button phx-click=${this.add}>+</button><p>${this.count} users</p>`;
      }
    }
    const app = createApp({ secret: "s".repeat(64) });
    app.live("/", Names);
    await repo.rolledBack(async () => {
      const view = await live(app, "/");
      expect(await view.element("button").click()).toContain("1 users");
      app.publish("joined", "other");
      await vi.waitFor(() => expect(view.html()).toContain("2 users"));
      await view.close();
    });
    expect(await repo.count("users")).toBe(0);
  });

  test("fails with its own error", async () => {
    const failing = repo.rolledBack(async () => {
      await repo.insert("users", ann);
      throw new Error("its own");
    });
    await expect(failing).rejects.toThrow("its own");
    expect(await repo.count("users")).toBe(0);
  });
});

describe("an error of a statement holds none of its values", () => {
  const SECRET = "$1$2 a hash of a password";
  const notes = pgTable("notes", { id: serial().primaryKey(), text: text().notNull() });
  interface Note {
    id: number;
    text: string;
  }
  interface Queries {
    find(text: string): Note[];
  }
  // Their table is not there.
  const lost = drizzleRepo<{ notes: Table<Note, { text: string }> }, Queries>(
    db,
    { notes },
    { queries: { find: (current, text) => current.select().from(notes).where(eq(notes.text, text)) } },
  );
  const where = { text: SECRET };
  const failing: Record<string, () => Promise<unknown>> = {
    insert: () => lost.insert("notes", where),
    updateAll: () => lost.updateAll("notes", where, where),
    deleteAll: () => lost.deleteAll("notes", where),
    getBy: () => lost.getBy("notes", where),
    filter: () => lost.filter("notes", { text: { in: [SECRET, "x"] } }),
    count: () => lost.count("notes", where),
    query: () => lost.query("find", SECRET),
    "insert in a transaction": () => lost.transaction(() => lost.insert("notes", where)),
    "statement after one that failed": () =>
      lost.transaction(async () => {
        await lost.insert("notes", where).catch(() => {});
        await lost.insert("notes", where);
      }),
  };
  const shown = async (statement: () => Promise<unknown>) => {
    const error: unknown = await statement().then(
      () => undefined,
      (error) => error,
    );
    expect(error).toBeInstanceOf(Error);
    return inspect(error, { depth: 9, showHidden: true, maxStringLength: Infinity });
  };

  test.each(Object.entries(failing))("of %s", async (_, statement) => {
    const text = await shown(statement);
    expect(text).toContain('relation "notes" does not exist');
    expect(text).not.toContain(SECRET);
  });

  test("of one that the database refuses, beside the key that is taken", async () => {
    const user = { email: "ann@example.com", name: SECRET };
    const twice = async () => {
      await repo.insert("users", user);
      await repo.insert("users", user);
    };
    const text = await shown(() => repo.transaction(twice));
    expect(text).toContain("users was refused: Key (email)=(ann@example.com) already exists.");
    expect(text).not.toContain(SECRET);
  });

  test("of one whose row the database shows", async () => {
    const text = await shown(() =>
      repo.transaction(async () => {
        const { id } = await repo.insert("users", { email: "ann@example.com", name: SECRET });
        // Types of TypeScript are not there at run time.
        await repo.update("users", id, { email: null as unknown as string });
      }),
    );
    expect(text).toContain("violates not-null constraint");
    expect(text).not.toContain(SECRET);
  });
});
