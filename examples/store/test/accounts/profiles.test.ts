import { double } from "@overwire/testing";
import "@overwire/testing/vitest";
import { beforeEach, describe, expect, test } from "vitest";
import { Profiles } from "../../src/accounts/profiles.ts";
import { memoryCache } from "../../src/cache/memory-cache.ts";
import type { StoreRepo } from "../../src/database/schema.ts";
import { users } from "../support/factories.ts";
import { memory } from "../support/memory.ts";
import { onPglite } from "../support/pglite.ts";

const address = { name: "Ada", street: "Hauptstr. 1", postcode: "10115", city: "Berlin", country: "DE" };

describe("on PGlite", () => {
  const { repo } = onPglite();
  profileTests(() => repo);
});

describe("in memory", () => {
  profileTests(memory);
});

function profileTests(repoOf: () => StoreRepo) {
  let repo: StoreRepo;
  let profiles: Profiles;
  beforeEach(() => {
    repo = repoOf();
    profiles = new Profiles({ repo, cache: memoryCache() });
  });

  test("there is no profile until it is saved, part by part", async () => {
    const { id } = await users(repo).insert();
    expect(await profiles.of(id)).toBeNull();
    await profiles.save(id, { displayName: "Ada" });
    await profiles.save(id, { address, completedAt: new Date("2026-01-02") });
    expect(await profiles.of(id)).toMatchObject({
      userId: id,
      displayName: "Ada",
      address,
      completedAt: new Date("2026-01-02"),
    });
  });

  test("a profile comes from the cache until it is saved", async () => {
    const { id } = await users(repo).insert();
    await profiles.save(id, { displayName: "Ada" });
    await profiles.of(id);
    await repo.update("profiles", id, { displayName: "Past the cache" });
    expect(await profiles.of(id)).toMatchObject({ displayName: "Ada" });
    await profiles.save(id, { address });
    expect(await profiles.of(id)).toMatchObject({ displayName: "Past the cache", address });
  });
}

test("two tabs that save the first part at once both count", async () => {
  const repo = double<StoreRepo>("StoreRepo");
  const kept = memory();
  repo.fallback(kept);
  const { id } = await users(kept).insert();
  repo.expect("updateAll", async (...args) => {
    const changed = await kept.updateAll(...args);
    await kept.insert("profiles", { userId: id, displayName: "Ada" });
    return changed;
  });
  await new Profiles({ repo, cache: memoryCache() }).save(id, { address });
  expect(await kept.get("profiles", id)).toMatchObject({ displayName: "Ada", address });
});
