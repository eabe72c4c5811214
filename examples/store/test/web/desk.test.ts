import { live } from "@overwire/testing";
import { expect, test } from "vitest";
import { users } from "../support/factories.ts";
import { testStore } from "../support/test-store.ts";

test("the desk is open to moderators and admins alone", async () => {
  const { app, repo } = testStore();
  const open = (userId?: number) => live(app, "/desk", { session: userId ? { userId, loginId: "l" } : {} });
  await expect(open()).rejects.toMatchObject({ redirect: { to: "/login" } });
  await expect(open((await users(repo).insert()).id)).rejects.toThrow();
  const moderator = await open((await users(repo).moderator().insert()).id);
  expect(moderator.text("nav")).not.toContain("Users");
  const admin = await open((await users(repo).admin().insert()).id);
  expect(admin.text("nav")).toContain("Users");
});
