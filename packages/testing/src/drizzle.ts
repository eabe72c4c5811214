/** `@overwire/testing/drizzle`: factories that save their objects by Drizzle. */

export { type DrizzleDatabase, type DrizzleTable, drizzleInsert } from "./drizzle/insert.ts";
