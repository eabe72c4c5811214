import { live } from "@overwire/testing";
import { describe, expect, test } from "vitest";
import { users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { testStore } from "../support/test-store.ts";

describe("feature flags at the desk", () => {
  test("change all open pages at once", async () => {
    const { app, store, repo } = testStore();
    const admin = await users(repo).admin().insert();
    const desk = await live(app, "/desk/flags", { session: await sessionOf(store, admin) });
    const visitor = await live(app, "/");
    expect(visitor.hasElement(".notice")).toBe(false);
    await desk.element("[aria-labelledby=flag-maintenance_banner]", "Off").click();
    await visitor.settled();
    expect(visitor.text(".notice")).toContain("closed for a short time");
    await desk.settled();
    expect(desk.text(".notice")).toContain("closed for a short time");
    expect((await live(app, "/")).hasElement(".notice")).toBe(true);
    await desk.element("[aria-labelledby=flag-maintenance_banner]", "On").click();
    await visitor.settled();
    expect(visitor.hasElement(".notice")).toBe(false);
  });

  test("close the page for new users while it is open", async () => {
    const { app, store, repo } = testStore();
    const admin = await users(repo).admin().insert();
    const register = await live(app, "/register");
    await store.flags.set(admin, "registration_closed", true);
    await register.settled();
    expect(register.text()).toContain("Registration is closed at the moment.");
    expect(register.hasElement("#registration")).toBe(false);
    await register.event("registration.submit", {
      name: "Ada",
      email: "ada@example.com",
      password: "a long one",
    });
    expect(await repo.count("users")).toBe(1);
    await store.flags.set(admin, "registration_closed", false);
    await register.settled();
    expect(register.hasElement("#registration")).toBe(true);
  });
});
