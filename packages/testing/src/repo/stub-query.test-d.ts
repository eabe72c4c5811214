/** Types: a stubbed query has the arguments and the result of its name. Checked by `npm run types`, never run. */
import { drizzleRepo } from "@overwire/testing/drizzle";
import { pgTable, serial, text } from "drizzle-orm/pg-core";
import { expectTypeOf } from "vitest";
import { type Double, memoryRepo, type Repo, stubQuery } from "../index.ts";

interface User {
  id: number;
  name: string;
}
interface Schema {
  users: User;
}
interface Queries {
  top(limit: number, since?: Date): Promise<{ name: string }[]>;
  count(): number;
}
type Own = Repo<Schema, Queries>;

const kept = memoryRepo<Schema, Queries>({ tables: { users: {} } });
const repo = stubQuery(kept, "top", (limit, since) => {
  expectTypeOf(limit).toEqualTypeOf<number>();
  expectTypeOf(since).toEqualTypeOf<Date | undefined>();
  return [{ name: "Ada" }];
});
expectTypeOf(repo).toEqualTypeOf<Double<Own>>();
export const handed: Own = repo;
export const answer: Promise<number> = stubQuery(repo, "count", async () => 1).query("count");

const users = pgTable("users", { id: serial().primaryKey(), name: text().notNull() });
const stored = drizzleRepo<Schema, Queries>({} as never, { users });
expectTypeOf(stubQuery(stored, "count", () => 1)).toEqualTypeOf<Double<Own>>();

// @ts-expect-error no such query
stubQuery(kept, "tops", () => []);
// @ts-expect-error another result
stubQuery(kept, "top", () => [{ name: 7 }]);
// @ts-expect-error another result, later
stubQuery(kept, "count", async () => "1");
// @ts-expect-error another argument
stubQuery(kept, "top", (limit: string) => [{ name: limit }]);
// @ts-expect-error the repo has no queries
stubQuery(memoryRepo<Schema>({ tables: { users: {} } }), "count", () => 1);
// @ts-expect-error no repo
stubQuery({}, "count", () => 1);
