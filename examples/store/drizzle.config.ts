/** Settings of `npm run migrations`, which writes a migration after a change of the schema. */
import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: "./src/database/tables.ts",
  out: "./migrations",
});
