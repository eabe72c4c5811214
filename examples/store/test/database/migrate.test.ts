import { expect, test } from "vitest";
import { openPglite } from "../../src/database/database.ts";
import { seed } from "../../src/database/seed.ts";

test("an empty store is filled once", async () => {
  const database = await openPglite();
  try {
    await database.migrate();
    expect(await database.repo.count("products")).toBe(0);
    await database.migrate(seed);
    const products = await database.repo.count("products");
    expect(products).toBeGreaterThan(0);
    await database.migrate(seed);
    expect(await database.repo.count("products")).toBe(products);
  } finally {
    await database.close();
  }
});
