import { PGlite } from "@electric-sql/pglite";
import { memoryRepo } from "@overwire/testing";
import { drizzleRepo, type Repo, type Table } from "@overwire/testing/drizzle";
import {
  type AnyPgColumn,
  integer,
  jsonb,
  pgTableCreator,
  serial,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { drizzle } from "drizzle-orm/pglite";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

const table = pgTableCreator((name) => `app_${name}`);
// Null in the first column tells nothing of the row.
const people = table("people", {
  nickname: text(),
  id: serial().primaryKey(),
  fullName: text("full_name").notNull(),
  managerId: integer().references((): AnyPgColumn => people.id),
  bornAt: timestamp("born_at", { withTimezone: true }),
  settings: jsonb().$type<{ tags?: string[] }>().notNull().default({}),
});
const badges = table("badges", {
  label: text(),
  id: text().primaryKey(),
  personId: integer().unique(),
});
const lockers = table("lockers", { id: serial().primaryKey(), personId: integer("person_id") }, (table) => [
  uniqueIndex().on(table.personId),
]);
const desks = table("desks", { id: serial().primaryKey(), personId: integer("person_id").notNull() });
const notes = table("notes", {
  id: serial().primaryKey(),
  authorId: integer("author_id").notNull(),
  editorId: integer("editor_id"),
  title: text().notNull(),
});
const files = table("files", { id: uuid().primaryKey(), name: text().notNull() });
const links = table("links", { id: serial().primaryKey(), target: text().notNull() });

type RowsOf<T extends { $inferSelect: object; $inferInsert: object }, Extra> = Table<
  T["$inferSelect"] & Extra,
  T["$inferInsert"]
>;
type Person = typeof people.$inferSelect & {
  manager?: Person | null;
  badge?: Badge | null;
  locker?: Locker | null;
  desk?: Desk | null;
  notes?: Note[];
};
type Badge = typeof badges.$inferSelect & { person?: Person | null };
type Locker = typeof lockers.$inferSelect & { person?: Person | null };
type Desk = typeof desks.$inferSelect & { person?: Person };
type Note = typeof notes.$inferSelect & { author?: Person; editor?: Person | null };
type File = typeof files.$inferSelect;
interface Schema {
  people: Table<Person, typeof people.$inferInsert>;
  badges: Table<Badge, typeof badges.$inferInsert>;
  lockers: Table<Locker, typeof lockers.$inferInsert>;
  desks: Table<Desk, typeof desks.$inferInsert>;
  notes: Table<Note, typeof notes.$inferInsert>;
  files: File;
  links: RowsOf<typeof links, { file?: File | null }>;
}

const associations = {
  people: {
    belongsTo: { manager: { table: "people", by: "managerId" } },
    hasOne: {
      badge: { table: "badges", by: "personId" },
      locker: { table: "lockers", by: "personId" },
      desk: { table: "desks", by: "personId" },
    },
    hasMany: { notes: { table: "notes", by: "authorId" } },
  },
  badges: { belongsTo: { person: { table: "people", by: "personId" } } },
  lockers: { belongsTo: { person: { table: "people", by: "personId" } } },
  desks: { belongsTo: { person: { table: "people", by: "personId" } } },
  notes: {
    belongsTo: { author: { table: "people", by: "authorId" }, editor: { table: "people", by: "editorId" } },
  },
  links: { belongsTo: { file: { table: "files", by: "target" } } },
} as const;

const statements: string[] = [];
const client = new PGlite();
const db = drizzle({
  client,
  casing: "snake_case",
  logger: { logQuery: (query) => void statements.push(query) },
});
const repo = drizzleRepo<Schema>(
  db,
  { people, badges, lockers, desks, notes, files, links },
  { associations },
);

beforeAll(() =>
  client.exec(`
    create table app_people (nickname text, id serial primary key, full_name text not null,
      manager_id integer references app_people, born_at timestamptz, settings jsonb not null default '{}');
    create table app_badges (label text, id text primary key, person_id integer unique references app_people);
    create table app_lockers (id serial primary key, person_id integer unique references app_people);
    create table app_desks (id serial primary key, person_id integer not null references app_people);
    create table app_notes (id serial primary key, author_id integer not null references app_people,
      editor_id integer references app_people, title text not null);
    create table app_files (id uuid primary key, name text not null);
    create table app_links (id serial primary key, target text not null);
  `),
);
const empty = () =>
  client.exec(
    `truncate app_people, app_badges, app_lockers, app_desks, app_notes, app_files, app_links restart identity`,
  );
beforeEach(empty);
afterAll(() => client.close());

/** Statements of a read, and what it read. */
async function counted<R>(read: () => Promise<R>): Promise<[count: number, result: R]> {
  statements.length = 0;
  const result = await read();
  return [statements.length, result];
}

/** Ann manages Bob, who has a badge. Both have written; Bob has edited Ann's note. */
async function fill() {
  const [ann, bob] = await repo.insertAll("people", [
    { fullName: "Ann", bornAt: new Date(0), settings: { tags: ["boss"] } },
    { fullName: "Bob", nickname: "B", managerId: 1 },
  ]);
  const badge = await repo.insert("badges", { id: "b", personId: 2 });
  const [first, second, third] = await repo.insertAll("notes", [
    { authorId: 1, editorId: 2, title: "first" },
    { authorId: 2, title: "second" },
    { authorId: 2, title: "third" },
  ]);
  return { ann: ann!, bob: bob!, badge, first: first!, second: second!, third: third! };
}

describe("associations with one row at most come in the statement of the rows", () => {
  test("belongsTo, of tables that are joined twice, too", async () => {
    const { ann, bob, first, second } = await fill();
    const preload = { author: true, editor: true } as const;
    expect(await counted(() => repo.get("notes", first.id, { preload }))).toEqual([
      1,
      { ...first, author: ann, editor: bob },
    ]);
    expect(await counted(() => repo.getBy("notes", { title: "second" }, { preload }))).toEqual([
      1,
      { ...second, author: bob, editor: null },
    ]);
  });

  test("chains of them, of the own table, too", async () => {
    const { ann, bob, badge, first, second } = await fill();
    const preload = { author: { manager: { manager: true, badge: true }, badge: { person: true } } } as const;
    expect(await counted(() => repo.all("notes", { orderBy: { id: "asc" }, limit: 2, preload }))).toEqual([
      1,
      [
        { ...first, author: { ...ann, manager: null, badge: null } },
        {
          ...second,
          author: {
            ...bob,
            manager: { ...ann, manager: null, badge: null },
            badge: { ...badge, person: bob },
          },
        },
      ],
    ]);
  });

  test("hasOne whose column is unique", async () => {
    const { ann, bob, badge } = await fill();
    const locker = await repo.insert("lockers", { personId: ann.id });
    const preload = { badge: true, locker: true } as const;
    expect(await counted(() => repo.all("people", { orderBy: { id: "asc" }, preload }))).toEqual([
      1,
      [
        { ...ann, badge: null, locker },
        { ...bob, badge, locker: null },
      ],
    ]);
  });

  test("hasMany is one more, with the associations of its rows", async () => {
    const { ann, bob, badge, first, second, third } = await fill();
    const preload = { notes: { author: { badge: true }, editor: true } } as const;
    const [count, rows] = await counted(() => repo.all("people", { orderBy: { id: "asc" }, preload }));
    expect(count).toBe(2);
    expect(rows.map(ordered)).toEqual([
      { ...ann, notes: [{ ...first, author: { ...ann, badge: null }, editor: bob }] },
      {
        ...bob,
        notes: [second, third].map((note) => ({ ...note, author: { ...bob, badge }, editor: null })),
      },
    ]);
  });

  test("hasMany of those that were joined is one more for all of them", async () => {
    const { ann, bob, first, second, third } = await fill();
    const preload = { author: { notes: true }, editor: { notes: true } } as const;
    const [count, rows] = await counted(() => repo.all("notes", { orderBy: { id: "asc" }, preload }));
    expect(count).toBe(3);
    expect(rows.map(({ author, editor }) => ({ author, editor }))).toEqual([
      { author: { ...ann, notes: [first] }, editor: { ...bob, notes: [second, third] } },
      { author: { ...bob, notes: [second, third] }, editor: null },
      { author: { ...bob, notes: [second, third] }, editor: null },
    ]);
  });

  test("in a transaction, and in a test that is rolled back", async () => {
    const { ann, bob } = await fill();
    await repo.rolledBack(() =>
      repo.transaction(async () => {
        await repo.update("people", ann.id, { fullName: "Anna" });
        const read = () => repo.get("people", bob.id, { preload: { manager: true } });
        expect(await counted(read)).toMatchObject([1, { manager: { fullName: "Anna" } }]);
      }),
    );
    expect(await repo.get("people", ann.id)).toEqual(ann);
  });
});

test("conditions, orders and limits are of the rows, not of what is joined", async () => {
  const { ann, bob, second } = await fill();
  const preload = { author: { manager: true } } as const;
  const query = { orderBy: { title: "desc", id: "asc" }, limit: 1, offset: 1, preload } as const;
  expect(await counted(() => repo.filter("notes", { id: { gt: 1 }, authorId: 2 }, query))).toEqual([
    1,
    [{ ...second, author: { ...bob, manager: ann } }],
  ]);
});

test("hasOne with several rows is one of them, and multiplies nothing", async () => {
  const { bob } = await fill();
  const [desk, other] = await repo.insertAll("desks", [{ personId: bob.id }, { personId: bob.id }]);
  const [count, found] = await counted(() =>
    repo.getBy("people", { fullName: "Bob" }, { preload: { desk: { person: { badge: true } } } }),
  );
  expect(count).toBe(2);
  expect([desk?.id, other?.id]).toContain(found?.desk?.id);
  expect(found?.desk?.person?.badge).toMatchObject({ id: "b" });
  expect(await repo.all("people", { preload: { desk: true } })).toHaveLength(2);
});

test("columns of types that PostgreSQL does not compare are no join", async () => {
  const file = await repo.insert("files", { id: "6f1d0f0e-2f0c-4a51-9d5f-0d0c3a1f7f10", name: "a" });
  const link = await repo.insert("links", { target: file.id });
  expect(await counted(() => repo.get("links", link.id, { preload: { file: true } }))).toEqual([
    2,
    { ...link, file },
  ]);
});

test("a chain of wide rows is as many statements as its columns need", async () => {
  const names = Array.from({ length: 170 }, (_, index) => `c${index}`);
  // The names of the columns are of no type.
  const columns: Record<string, ReturnType<typeof text>> = Object.fromEntries(
    names.map((name) => [name, text()]),
  );
  const wide = table("wide", { id: integer().primaryKey(), nextId: integer("next_id"), ...columns });
  await client.exec(
    `create table app_wide (id integer primary key, next_id integer, ${names.map((name) => `${name} text`).join()})`,
  );
  interface Wide {
    id: number;
    nextId: number | null;
    next?: Wide | null;
  }
  const wideRepo = drizzleRepo<{ wide: Wide }>(
    db,
    { wide },
    { associations: { wide: { belongsTo: { next: { table: "wide", by: "nextId" } } } } },
  );
  const ids = Array.from({ length: 13 }, (_, index) => index + 1);
  await wideRepo.insertAll(
    "wide",
    ids.map((id) => ({ id, nextId: id < 13 ? id + 1 : null })),
  );
  type Tree = { next?: true | Tree };
  const deep = (depth: number): Tree => ({ next: depth > 1 ? deep(depth - 1) : true });
  const [count, found] = await counted(() => wideRepo.get("wide", 1, { preload: deep(12) }));
  expect(count).toBe(2);
  const read: (number | null)[] = [];
  for (let row: Wide | null | undefined = found; row; row = row.next) read.push(row.id);
  expect(read).toEqual(ids);
});

test("rows that are not there have no associations to read", async () => {
  const preload = { notes: { author: true }, desk: true } as const;
  expect(await counted(() => repo.all("people", { preload }))).toEqual([1, []]);
});

test("two rows share none of their associations", async () => {
  await fill();
  const [one, two] = await repo.filter("notes", { authorId: 2 }, { preload: { author: { manager: true } } });
  one!.author.manager!.settings.tags!.push("changed");
  one!.author.fullName = "Eve";
  expect(two!.author).toMatchObject({ fullName: "Bob", manager: { settings: { tags: ["boss"] } } });
});

/** A row with its lists of rows in order: they come in any. */
function ordered(row: unknown): unknown {
  if (typeof row !== "object" || row === null || !("id" in row)) return row;
  const fields = Object.entries(row).map(([name, value]) =>
    Array.isArray(value)
      ? [name, value.toSorted((a, b) => a.id - b.id).map(ordered)]
      : [name, ordered(value)],
  );
  return Object.fromEntries(fields);
}

// Memory holds what the database does, so that any tree of any rows can be compared.
test("a repo over a database preloads as one in memory", async () => {
  const references = fc.option(fc.integer({ min: 1, max: 4 }));
  const peopleOf = fc.array(
    fc.record({ nickname: fc.option(fc.string({ unit: "grapheme-ascii" })), managerId: references }),
    { minLength: 4, maxLength: 4 },
  );
  const notesOf = fc.array(fc.record({ authorId: fc.integer({ min: 1, max: 4 }), editorId: references }), {
    maxLength: 5,
  });
  const badged = fc.uniqueArray(fc.integer({ min: 1, max: 4 }));
  type Tree = { readonly [name: string]: true | Tree };
  const { person, note } = fc.letrec<{ person: Tree; note: Tree; badge: Tree }>((tie) => {
    const of = (names: { [name: string]: "person" | "note" | "badge" }) =>
      fc.record(
        Object.fromEntries(
          Object.entries(names).map(([name, inner]) => [
            name,
            fc.oneof({ maxDepth: 3, withCrossShrink: true }, fc.constant(true as const), tie(inner)),
          ]),
        ),
        { requiredKeys: [] },
      ) as fc.Arbitrary<Tree>;
    return {
      person: of({ manager: "person", badge: "badge", notes: "note" }),
      note: of({ author: "person", editor: "person" }),
      badge: of({ person: "person" }),
    };
  });

  await fc.assert(
    fc.asyncProperty(peopleOf, notesOf, badged, person, note, async (persons, written, badged, ...trees) => {
      await empty();
      const memory: Repo<Schema> = memoryRepo<Schema>({
        tables: {
          people: {
            ...associations.people,
            defaults: { nickname: null, managerId: null, bornAt: null, settings: {} },
          },
          badges: { ...associations.badges, unique: ["personId"], defaults: { label: null, personId: null } },
          lockers: { ...associations.lockers, unique: ["personId"], defaults: { personId: null } },
          desks: associations.desks,
          notes: { ...associations.notes, defaults: { editorId: null } },
          files: {},
          links: {},
        },
      });
      const reads = [memory, repo].map(async (repo) => {
        await repo.insertAll(
          "people",
          persons.map((person, index) => ({ ...person, id: index + 1, fullName: `P${index % 2}` })),
        );
        await repo.insertAll(
          "badges",
          badged.map((personId) => ({ id: `b${personId}`, personId })),
        );
        await repo.insertAll(
          "notes",
          written.map((note, index) => ({ ...note, id: index + 1, title: `N${index % 2}` })),
        );
        const [ofPeople, ofNotes] = trees as [object, object];
        const orderBy = { fullName: "desc", id: "asc" } as const;
        const rows = [
          ...(await repo.all("people", { orderBy, limit: 3, preload: ofPeople })),
          ...(await repo.filter(
            "notes",
            { title: "N0" },
            { orderBy: { id: "desc" }, offset: 1, preload: ofNotes },
          )),
          await repo.get("people", 1, { preload: ofPeople }),
        ];
        return rows.map(ordered);
      });
      const [expected, found] = await Promise.all(reads);
      expect(found).toEqual(expected);
    }),
    { numRuns: 100 },
  );
});
