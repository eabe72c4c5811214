/** The type of the store's queries in SQL. */
import type { DrizzlePg } from "@overwire/testing/drizzle";
import type { Queries } from "./schema.ts";

/** Queries of the schema as functions of the database. */
export type Evaluated = {
  readonly [N in keyof Queries]: (
    db: DrizzlePg,
    ...args: Parameters<Queries[N]>
  ) => Promise<ReturnType<Queries[N]>>;
};
