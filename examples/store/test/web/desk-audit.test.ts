import { live } from "@overwire/testing";
import { describe, expect, test } from "vitest";
import type { User } from "../../src/database/schema.ts";
import { users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { testStore } from "../support/test-store.ts";

async function desk() {
  const own = testStore();
  const admin = await users(own.repo).admin().insert({ name: "Grace" });
  const moderator = await users(own.repo).moderator().insert({ name: "Bob" });
  const open = async (path = "/desk/audit", user: User = admin) =>
    live(own.app, path, { session: await sessionOf(own.store, user) });
  return { ...own, admin, moderator, open };
}

describe("the audit log at the desk", () => {
  test("is filtered by area, subject and user in the URL", async () => {
    const { store, admin, moderator, open } = await desk();
    await store.audit.record(admin, "user.role_changed", "user:7", { from: "customer", to: "moderator" });
    await store.audit.record(moderator, "order.shipped", "order:3");
    await store.audit.record(undefined, "order.cancelled", "order:3");
    const view = await open("/desk/audit?area=nonsense&actor=x");
    expect(view.text("#entries")).toContain("from: customer, to: moderator");
    expect(view.text("#entries")).toContain("The store");
    await view.form("#filter", { area: "order" }).change();
    await view.assertPatch("/desk/audit?area=order");
    expect(view.text("#entries")).not.toContain("user.role_changed");
    await view.element("#entries a", "Bob").click();
    await view.assertPatch(`/desk/audit?area=order&actor=${moderator.id}`);
    expect(view.text("#entries")).not.toContain("order.cancelled");
    await view.element("#filter a", "All users").click();
    await view.form("#filter", { area: "", subject: "user:7" }).change();
    await view.assertPatch("/desk/audit?subject=user%3A7");
    expect(view.text("#entries")).not.toContain("order");
  });

  test("names browsers in words, with what they say of themselves as the title", async () => {
    const { store, admin, open } = await desk();
    const agent = `Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 "><b>`;
    await store.audit.record(admin, "login.begun", "user:1", { agent, address: "2001:db8:0:1" });
    await store.audit.record(undefined, "login.limited", "address:eve@example.com", {
      agent: "",
      address: "",
    });
    const view = await open("/desk/audit?area=login");
    const [unknown, firefox] = [1, 2].map((at) => `#entries > li:nth-child(${at}) span.hint`);
    expect(view.text(unknown)).toBe("browser: Unknown browser");
    expect(view.hasElement(`${unknown} [title]`)).toBe(false);
    expect(view.text(firefox)).toBe("browser: Firefox on Linux, address: 2001:db8:0:1::/64");
    expect(view.element(`${firefox} [title]`).node.getAttribute("title")).toBe(agent);
  });

  test("goes on as the user scrolls", async () => {
    const { store, open } = await desk();
    for (let at = 1; at <= 50; at++) await store.audit.record(undefined, "order.expired", `order:${at}`);
    const view = await open();
    expect(view.element("#entries").node.querySelectorAll("li[id^=entries-]")).toHaveLength(40);
    const last = view.element("#entries").node.querySelectorAll("li[id^=entries-]")[39]?.id;
    await view.element("#entries").hook("more", { id: last });
    expect(view.element("#entries").node.querySelectorAll("li[id^=entries-]")).toHaveLength(50);
    expect(view.text("#entries")).toContain("order:1 ");
  });

  test("shows what is done now, if it belongs to the filter", async () => {
    const { store, open } = await desk();
    const view = await open("/desk/audit?area=order");
    await store.audit.record(undefined, "order.expired", "order:1");
    await store.audit.record(undefined, "user.deleted", "user:1");
    await view.settled();
    expect(view.text("#entries")).toContain("order.expired");
    expect(view.text("#entries")).not.toContain("user.deleted");
  });

  test("shows moderators what they did themselves, whatever the URL says", async () => {
    const { store, admin, moderator, open } = await desk();
    await store.audit.record(admin, "flag.set", "flag:reviews");
    await store.audit.record(moderator, "order.shipped", "order:3");
    const view = await open(`/desk/audit?actor=${admin.id}`, moderator);
    await store.audit.record(admin, "order.refunded", "order:3");
    await store.audit.record(moderator, "order.cancelled", "order:4");
    await view.settled();
    expect(view.text("#entries")).toContain("order.shipped");
    expect(view.text("#entries")).toContain("order.cancelled");
    expect(view.text("#entries")).not.toContain("flag.set");
    expect(view.text("#entries")).not.toContain("order.refunded");
  });
});
