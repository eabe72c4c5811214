import { live } from "@overwire/testing";
import { expect, test } from "vitest";
import { users } from "../support/factories.ts";
import { testStore } from "../support/test-store.ts";

const ann = { name: "Ann", email: "Ann@example.com", password: "correct horse battery" };

test("a user who registers is asked to look into the mail, which has a link to confirm the address", async () => {
  const { app, store, repo, mails } = testStore();
  const page = await live(app, "/register");
  await page.form("#registration", ann).submit();
  expect(page.text("main")).toContain("Look into your mail");
  await store.settled();
  expect(mails).toMatchObject([{ to: "ann@example.com", subject: "Confirm your address" }]);
  expect(mails[0]?.text).toMatch(/^http:\/\/store\.test\/confirm\/[\w-]{43}$/m);
  const user = await repo.getBy("users", { email: "ann@example.com" });
  expect(user).toMatchObject({ name: "Ann", role: "customer", confirmedAt: null });
  expect(user?.passwordHash).toMatch(/^\$argon2id\$/);
});

test("the answer for a taken address is the same, and its owner is told by mail", async () => {
  const { app, store, repo, mails } = testStore();
  const before = await users(repo).insert({ name: "Anna", email: "ann@example.com" });
  const [taken, free] = [await live(app, "/register"), await live(app, "/register")];
  await taken.form("#registration", ann).submit();
  await free.form("#registration", { ...ann, email: "bob@example.com" }).submit();
  expect(taken.element("main").html().replaceAll("ann@example.com", "…")).toBe(
    free.element("main").html().replaceAll("bob@example.com", "…"),
  );
  await store.settled();
  expect(mails.map(({ to, subject }) => [to, subject])).toContainEqual([
    "ann@example.com",
    "You have an account already",
  ]);
  expect(await repo.get("users", before.id)).toEqual(before);
});

test("fields say what is missing", async () => {
  const { app } = testStore();
  const page = await live(app, "/register");
  await page.form("#registration", { name: " ", email: "ann@localhost", password: "short" }).submit();
  expect(page.text("#registration")).toContain("Write your name.");
  expect(page.text("#registration")).toContain("Write an address such as ada@example.com.");
  expect(page.text("#registration")).toContain("Use at least 10 characters.");
});
