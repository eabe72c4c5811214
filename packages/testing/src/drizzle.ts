/** `@overwire/testing/drizzle`: factories and repos over Drizzle. */

export { type DrizzleDatabase, type DrizzleTable, drizzleInsert } from "./drizzle/insert.ts";
export { type DrizzlePg, type DrizzleRepoOptions, drizzleRepo } from "./drizzle/repo.ts";
export type { NewRow, Repo, RowOf, Table, Where } from "./repo/contract.ts";
export { RepoError, type RepoErrorCode } from "./repo/repo-error.ts";
