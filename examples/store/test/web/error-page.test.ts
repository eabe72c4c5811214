import { live, request } from "@overwire/testing";
import { expect, test } from "vitest";
import { users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { testStore } from "../support/test-store.ts";

const browser = { headers: { accept: "text/html" } };

test("an address that does not exist is answered by a page of the store, which leads to the shop", async () => {
  const answer = await request(testStore().app).get("/nothing", browser);
  expect(answer.status).toBe(404);
  const text = await answer.text();
  expect(text).toContain("There is no such page");
  expect(text).toContain('href="/"');
});

test("a product that does not exist says so", async () => {
  const answer = await request(testStore().app).get("/products/nothing", browser);
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain("There is no such product.");
});

test("a page for admins is not open to moderators", async () => {
  const { app, store, repo } = testStore();
  const session = await sessionOf(store, await users(repo).moderator().insert());
  const answer = await request(app, { session }).get("/desk/users", browser);
  expect(answer.status).toBe(403);
  expect(await answer.text()).toContain("This is not open to you");
  await expect(live(app, "/desk/users", { session })).rejects.toThrow();
});
