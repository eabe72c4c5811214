import { live } from "@overwire/testing";
import { describe, expect, test } from "vitest";
import type { User } from "../../src/database/schema.ts";
import { MINUTE } from "../../src/shared/clock.ts";
import { users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { testStore } from "../support/test-store.ts";

const PASSWORD = "correct horse battery";

async function desk() {
  let now = new Date("2026-03-01T10:00:00Z");
  const own = testStore({ clock: () => now });
  const { repo, store, app } = own;
  const admin = await users(repo)
    .admin()
    .withPassword(PASSWORD)
    .insert({ name: "Grace", email: "grace@example.com" });
  const ada = await users(repo).insert({ name: "Ada", email: "ada@example.com" });
  const open = async (path: string, user: User = admin) =>
    live(app, path, { session: await sessionOf(store, user) });
  const pass = (minutes: number) => {
    now = new Date(now.getTime() + minutes * MINUTE);
  };
  return { ...own, admin, ada, open, pass };
}

describe("the desk's users", () => {
  test("are searched, filtered by role and paged in the URL", async () => {
    const { repo, open } = await desk();
    for (let at = 10; at < 40; at++) await users(repo).insert({ name: `User ${at}` });
    await users(repo).moderator().unconfirmed().insert({ name: "Zoë", email: "zoe_1@example.com" });
    const view = await open("/desk/users?page=0&role=king");
    expect(view.text("#users tbody")).toContain("Ada");
    await view.element(".pages a", "Next").click();
    await view.assertPatch("/desk/users?page=2");
    expect(view.text("#users tbody")).toContain("Zoë");
    expect(view.text("#users tbody")).toContain("not confirmed");
    await view.element(".pages a", "Previous").click();
    await view.assertPatch("/desk/users");
    await view.form("#filter", { role: "moderator" }).change();
    await view.assertPatch("/desk/users?role=moderator");
    expect(view.text(".pages")).toContain("1 to 1 of 1");
    await view.form("#filter", { q: "E_1", role: "" }).change();
    expect(view.text("#users tbody")).toContain("Zoë");
    await view.form("#filter", { q: "%" }).change();
    expect(view.text()).toContain("No user is like this.");
  });

  test("get another role from an admin, which the audit log tells", async () => {
    const { repo, store, admin, ada, open } = await desk();
    const view = await open("/desk/users");
    await view.element("#users a", "Ada").click();
    await view.form("#role", { role: "moderator" }).submit();
    expect(view.text("[role=status]")).toContain("Ada is moderator now.");
    expect(await repo.get("users", ada.id)).toMatchObject({ role: "moderator" });
    expect(await store.audit.list({ subject: `user:${ada.id}`, area: "user" })).toMatchObject([
      { action: "user.role_changed", actor: { id: admin.id } },
    ]);
  });

  test("get no role by a desk that was left open, before its admin has shown again who they are", async () => {
    const { repo, ada, open, pass } = await desk();
    const page = `/desk/users/${ada.id}`;
    const view = await open(page);
    pass(10);
    await view.form("#role", { role: "admin" }).submit();
    await view.assertRedirect("/account/confirm");
    expect(await repo.get("users", ada.id)).toMatchObject({ role: "customer" });
    const confirm = await live(view.request, "/account/confirm");
    await confirm.form("#confirm", { password: PASSWORD }).submit();
    const again = await confirm.followRedirect(page);
    await again.form("#role", { role: "admin" }).submit();
    expect(again.text("[role=status]")).toContain("Ada is admin now.");
  });

  test("keep an admin: none takes away their own right", async () => {
    const { repo, admin, open } = await desk();
    const view = await open(`/desk/users/${admin.id}`);
    expect(view.hasElement("#role")).toBe(false);
    await view.event("setRole", { role: "customer" });
    expect(view.text("[role=alert]")).toContain("Another admin has to change your own role.");
    expect(await repo.get("users", admin.id)).toMatchObject({ role: "admin" });
  });

  test("have log-ins that an admin ends, one or all, and pages of them leave at once", async () => {
    const { store, ada, open } = await desk();
    const shop = await open("/", ada);
    await sessionOf(store, ada, { agent: "Mozilla/5.0 (iPhone) Version/18.0 Mobile Safari/604.1" });
    await sessionOf(store, ada, { agent: "" });
    const view = await open(`/desk/users/${ada.id}`);
    expect(view.text("#logins")).toContain("Safari on iPhone");
    expect(view.text("#logins")).toContain("Unknown browser");
    const { loginId } = await sessionOf(store, ada, { agent: "curl/8.14.1" });
    await view.settled();
    expect(view.text("#logins")).toContain("curl");
    await view.event("endLogin", { loginId });
    await view.settled();
    expect(view.text("#logins")).not.toContain("curl");
    expect(shop.hasElement("h1")).toBe(true);
    await view.element("#logins-title + button").click();
    expect(view.text()).toContain("This user is logged in nowhere.");
    await shop.assertRedirect("/login/ended");
    expect(await store.audit.list({ area: "login", subject: `user:${ada.id}` })).toMatchObject([
      { action: "login.ended_by_admin", details: { all: true } },
      { action: "login.ended_by_admin", details: { all: false } },
    ]);
  });

  test("that do not exist are not found", async () => {
    const { open } = await desk();
    for (const id of ["0", "99", "x", "99999999999"])
      await expect(open(`/desk/users/${id}`)).rejects.toThrow();
  });
});
