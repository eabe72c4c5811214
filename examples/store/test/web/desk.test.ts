import { live } from "@overwire/testing";
import { expect, test } from "vitest";
import type { User } from "../../src/database/schema.ts";
import { users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { testStore } from "../support/test-store.ts";

test("the desk is open to moderators and admins alone", async () => {
  const { app, store, repo } = testStore();
  const open = async (user: User) => live(app, "/desk", { session: await sessionOf(store, user) });
  await expect(live(app, "/desk")).rejects.toMatchObject({ redirect: { to: "/login" } });
  await expect(open(await users(repo).insert())).rejects.toThrow();
  const moderator = await open(await users(repo).moderator().insert());
  expect(moderator.text("nav")).not.toContain("Users");
  const admin = await open(await users(repo).admin().insert());
  expect(admin.text("nav")).toContain("Users");
});
