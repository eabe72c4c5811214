/** `@overwire/testing/drizzle`: factories and repos over Drizzle. */

export { type DrizzleDatabase, type DrizzleTable, drizzleInsert } from "./drizzle/insert.ts";
export { type DrizzlePg, type DrizzleRepoOptions, drizzleRepo } from "./drizzle/repo.ts";
