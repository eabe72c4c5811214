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
});
