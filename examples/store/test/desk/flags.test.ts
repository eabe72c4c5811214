import { createPubSub } from "@overwire/server";
import { describe, expect, test } from "vitest";
import { type FlagChange, flagsTopic } from "../../src/desk/flags.ts";
import { users } from "../support/factories.ts";
import { memory } from "../support/memory.ts";
import { testStore } from "../support/test-store.ts";

describe("feature flags", () => {
  test("are off until an admin turns them on, which the audit log tells", async () => {
    const { store, repo } = testStore();
    const ada = await users(repo).admin().insert();
    expect(await store.flags.isOn("registration_closed")).toBe(false);
    await store.flags.set(ada, "registration_closed", true);
    expect(await store.flags.isOn("registration_closed")).toBe(true);
    expect((await store.flags.list()).filter(({ isOn }) => isOn)).toMatchObject([
      { name: "registration_closed" },
    ]);
    await store.flags.set(ada, "registration_closed", false);
    expect(await store.flags.isOn("registration_closed")).toBe(false);
    expect(await store.audit.list({ area: "flag" })).toMatchObject([
      { actor: { id: ada.id }, subject: "flag:registration_closed", details: { isOn: false } },
      { actor: { id: ada.id }, subject: "flag:registration_closed", details: { isOn: true } },
    ]);
  });

  test("are read once, however often they are asked for", async () => {
    const { store, repo } = testStore();
    expect(await store.flags.isOn("registration_closed")).toBe(false);
    await repo.insert("flags", { name: "registration_closed", description: "", isOn: true });
    expect(await store.flags.isOn("registration_closed")).toBe(false);
  });

  test("change on all nodes at once", async () => {
    const [repo, pubsub] = [memory(), createPubSub()];
    const [one, other] = [testStore({ repo, pubsub }), testStore({ repo, pubsub })];
    const ada = await users(repo).admin().insert();
    expect(await other.store.flags.isOn("maintenance_banner")).toBe(false);
    const heard = new Promise<FlagChange>((resolve) => pubsub.subscribe(flagsTopic, resolve));
    await one.store.flags.set(ada, "maintenance_banner", true);
    expect(await heard).toEqual({ name: "maintenance_banner", isOn: true });
    expect(await other.store.flags.isOn("maintenance_banner")).toBe(true);
  });
});
