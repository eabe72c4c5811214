/** Roles guard routes, live sessions, pages, events, components and handlers of an API alike. */
import { html, LiveComponent, LiveView } from "@overwire/server";
import { live, request } from "@overwire/testing";
import { expect, test } from "vitest";
import { AccountError } from "../../src/accounts/errors.ts";
import type { User } from "../../src/database/schema.ts";
import { admin, may, moderator } from "../../src/web/shared/guards.ts";
import { pages } from "../../src/web/shared/pages.ts";
import { users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { testStore } from "../support/test-store.ts";

class Plain extends LiveView {
  erased = 0;
  erase = this.event(() => void this.erased++, { guard: admin });
  render() {
    return html`<p>${this.erased}</p><button id="view" phx-click=${this.erase}>Erase</button><${Part} id="part" />`;
  }
}
class Part extends LiveComponent {
  erased = 0;
  erase = this.event(() => void this.erased++, { guard: admin });
  render() {
    return html`<div><i>${this.erased}</i><button id="component" phx-click=${this.erase}>Erase</button></div>`;
  }
}
class Own extends Plain {
  static readonly guard = moderator;
}

async function withRoles() {
  const shop = testStore();
  const { app, store, repo } = shop;
  pages(app, store, { name: "open" }, () => app.live("/open", Plain).live("/own", Own));
  pages(app, store, { name: "grouped", guard: moderator }, () => app.live("/grouped", Plain));
  app.use("/routes/*", moderator);
  app.get("/routes/report", (c) => c.text("a report"));
  app.get(
    "/api/v0/report",
    may(({ role }) => role === "admin"),
    (c) => c.json({ report: true }),
  );
  const root = await users(repo).admin().insert();
  const mod = await users(repo).moderator().insert();
  const open = async (path: string, user: User) => live(app, path, { session: await sessionOf(store, user) });
  const visit = async (user: User) => request(app, { session: await sessionOf(store, user) });
  return { ...shop, root, mod, customer: await users(repo).insert(), open, visit };
}

test.each(["/own", "/grouped"])(
  "the page %s is open to moderators and admins, and to no customer",
  async (path) => {
    const { app, open, root, mod, customer } = await withRoles();
    for (const user of [root, mod]) expect((await open(path, user)).text("p")).toBe("0");
    await expect(open(path, customer)).rejects.toThrow("403");
    await expect(live(app, path)).rejects.toMatchObject({ redirect: { to: "/login" } });
  },
);

test("routes and an API refuse by a status", async () => {
  const { app, visit, root, mod, customer } = await withRoles();
  expect((await (await visit(mod)).get("/routes/report")).text()).toBe("a report");
  expect((await (await visit(customer)).get("/routes/report")).status).toBe(403);
  (await request(app).get("/routes/report")).assertRedirect("/login");
  const json = { headers: { accept: "application/json" } };
  expect((await (await visit(root)).get("/api/v0/report", json)).json()).toEqual({ report: true });
  const refused = await (await visit(mod)).get("/api/v0/report", json);
  expect(refused.json(403)).toMatchObject({ error: "forbidden" });
});

test("events of views and components ask as well, on a page that is open to all", async () => {
  const { open, root, mod } = await withRoles();
  const page = await open("/open", root);
  await page.element("#view").click();
  await page.element("#component").click();
  expect(page.text("p") + page.text("i")).toBe("11");
  const other = await open("/open", mod);
  for (const button of ["#view", "#component"])
    await expect(other.element(button).click()).rejects.toThrow("Forbidden");
});

test("a role that is withdrawn counts at once: open pages leave, events are refused", async () => {
  const { store, open, root, mod, repo } = await withRoles();
  const other = await users(repo).admin().insert();
  const [desk, own, grouped, free] = [
    await open("/desk", mod),
    await open("/own", mod),
    await open("/grouped", mod),
    await open("/open", other),
  ];
  await store.accounts.setRole(await sessionOf(store, root), mod.id, "customer");
  await store.accounts.setRole(await sessionOf(store, root), other.id, "customer");
  await desk.assertRedirect("/desk");
  await own.assertRedirect("/own");
  await grouped.assertRedirect("/grouped");
  await expect(free.element("#view").click()).rejects.toThrow("Forbidden");
  expect(await store.audit.list({ area: "user" })).toMatchObject([
    { action: "user.role_changed", actor: { id: root.id }, details: { from: "admin", to: "customer" } },
    {
      action: "user.role_changed",
      subject: `user:${mod.id}`,
      details: { from: "moderator", to: "customer" },
    },
  ]);
});

test("an admin whose log-in is old gives no role before a new one", async () => {
  let now = new Date("2026-03-01T10:00:00Z");
  const { store, repo } = testStore({ clock: () => now });
  const [root, customer] = [await users(repo).admin().insert(), await users(repo).insert()];
  const session = await sessionOf(store, root);
  now = new Date("2026-03-01T10:10:00Z");
  const give = () => store.accounts.setRole(session, customer.id, "admin");
  await expect(give()).rejects.toMatchObject({ name: "AccountError", code: "not_fresh" });
  expect(await repo.get("users", customer.id)).toMatchObject({ role: "customer" });
  await store.accounts.logins.refresh(session.loginId);
  expect(await give()).toMatchObject({ role: "admin" });
});

test("only admins give roles, and none to themselves", async () => {
  const { store, root, mod, customer, repo } = await withRoles();
  const refused = (code: string) => expect.objectContaining({ name: "AccountError", code });
  await expect(store.accounts.setRole(await sessionOf(store, mod), customer.id, "admin")).rejects.toEqual(
    refused("not_allowed"),
  );
  await expect(
    store.accounts.setRole(await sessionOf(store, root), root.id, "customer"),
  ).rejects.toBeInstanceOf(AccountError);
  await repo.update("users", root.id, { role: "customer" });
  await expect(store.accounts.setRole(await sessionOf(store, root), customer.id, "admin")).rejects.toEqual(
    refused("not_allowed"),
  );
  expect(await repo.get("users", customer.id)).toMatchObject({ role: "customer" });
});
