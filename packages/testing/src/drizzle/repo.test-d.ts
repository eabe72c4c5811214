/** Types: databases and tables that a repo takes. Checked by `npm run types`, never run. */

import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import { integer, pgTable, serial, text } from "drizzle-orm/pg-core";
import type { PgliteDatabase } from "drizzle-orm/pglite";
import type { PostgresJsDatabase } from "drizzle-orm/postgres-js";
import { expectTypeOf } from "vitest";
import { drizzleRepo } from "../drizzle.ts";
import type { Repo, Table } from "../index.ts";

const users = pgTable("users", { id: serial().primaryKey(), name: text(), age: integer().notNull() });
const schema = { users };
interface User {
  id: number;
  name: string | null;
  age: number;
}
interface Schema {
  users: Table<User, typeof users.$inferInsert>;
}
declare const pglite: PgliteDatabase<typeof schema>;
declare const postgres: PostgresJsDatabase<typeof schema>;
declare const node: NodePgDatabase;

const repo = drizzleRepo<Schema>(pglite, { users });
expectTypeOf(repo).toExtend<Repo<Schema>>();
drizzleRepo<Schema>(postgres, { users });
drizzleRepo<Schema>(node, { users });
postgres.transaction(async (tx) => drizzleRepo<Schema>(tx, { users }));
void repo.insert("users", { age: 1 });
// @ts-expect-error: the table is needed
drizzleRepo<Schema>(pglite, {});
const others = pgTable("others", { id: serial().primaryKey(), name: integer() });
// @ts-expect-error: the table has other columns
drizzleRepo<Schema>(pglite, { users: others });
// @ts-expect-error: no such association
drizzleRepo<Schema>(pglite, { users }, { associations: { users: { hasMany: { posts: {} } } } });
