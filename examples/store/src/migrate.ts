/** Brings the tables of DATABASE_URL up to date: a step of each release, before its first node starts. */
import { connectPostgres } from "./database/database.ts";
import { readDatabaseUrl } from "./settings.ts";

const url = readDatabaseUrl(process.env);
if (url !== undefined) {
  const database = connectPostgres(url);
  try {
    await database.migrate();
    console.log("The tables are up to date.");
  } finally {
    await database.close();
  }
} else {
  console.error(
    "Set DATABASE_URL: without it the store keeps its data in PGlite, which it migrates when it starts.",
  );
  process.exitCode = 1;
}
