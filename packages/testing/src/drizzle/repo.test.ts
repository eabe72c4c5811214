import { PGlite } from "@electric-sql/pglite";
import { createApp, html, LiveView } from "@overwire/server";
import { associations, type Queries, type Schema } from "@overwire/test-support/repo-suite/schema";
import { testRepo } from "@overwire/test-support/repo-suite/suite";
import { live } from "@overwire/testing";
import { drizzleRepo } from "@overwire/testing/drizzle";
import { desc, sql } from "drizzle-orm";
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
