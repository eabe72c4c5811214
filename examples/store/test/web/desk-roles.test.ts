import { deferred } from "@overwire/test-support/deferred";
import { PubSubNetwork } from "@overwire/test-support/pubsub-network";
import { live, request } from "@overwire/testing";
import { describe, expect, test, vi } from "vitest";
import type { User } from "../../src/database/schema.ts";
import { orders, products, users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { memory } from "../support/memory.ts";
import { testStore } from "../support/test-store.ts";

const ADMINS_PAGES = ["/desk/users", "/desk/users/1", "/desk/flags"] as const;

async function desk() {
  const own = testStore();
  const admin = await users(own.repo).admin().insert({ name: "Grace" });
  const other = await users(own.repo).admin().insert({ name: "Joan" });
  const bob = await users(own.repo).moderator().insert({ name: "Bob" });
  const visit = async (user: User) => request(own.app, { session: await sessionOf(own.store, user) });
  return { ...own, admin, other, bob, visit };
}

describe("a moderator", () => {
  test("has a desk without users and flags", async () => {
    const { bob, visit } = await desk();
    const visitor = await visit(bob);
    const view = await live(visitor, "/desk");
    expect(view.text("nav")).toBe("DashboardOrdersProductsAudit log");
    for (const path of ADMINS_PAGES) expect((await visitor.get(path)).status).toBe(403);
  });
});

describe("a role that is withdrawn", () => {
  test("takes open pages of the desk away, and events and exports with them", async () => {
    const { store, admin, bob, visit } = await desk();
    const visitor = await visit(bob);
    const pages = [await live(visitor, "/desk"), await live(visitor, "/desk/orders")];
    expect((await visitor.get("/desk/orders.csv")).status).toBe(200);
    await store.accounts.setRole(await sessionOf(store, admin), bob.id, "customer");
    for (const page of pages) await page.assertRedirect();
    expect((await visitor.get("/desk")).status).toBe(403);
    expect((await visitor.get("/desk/orders.csv")).status).toBe(403);
  });

  test("takes the pages of admins from one who is moderator now, and others are loaded anew", async () => {
    const { store, admin, other, visit } = await desk();
    const visitor = await visit(other);
    const flags = await live(visitor, "/desk/flags");
    const dashboard = await live(visitor, "/desk");
    expect(dashboard.text("nav")).toContain("Flags");
    await store.accounts.setRole(await sessionOf(store, admin), other.id, "moderator");
    await flags.assertRedirect();
    await dashboard.assertRedirect("/desk");
    const anew = await dashboard.followRedirect("/desk");
    expect(anew.text("nav")).not.toContain("Flags");
  });

  test("ends an action on many orders after the one that is under way", async () => {
    const { store, repo, admin, bob, visit } = await desk();
    await orders(repo, bob).paid().insertList(3);
    const shipped = deferred<never>();
    const ship = vi.spyOn(store.orders, "ship").mockReturnValue(shipped.promise);
    const page = await live(await visit(bob), "/desk/orders");
    await page.element("[aria-label='Select this page']").click();
    await page.element("#selection button", "Ship").click();
    await vi.waitFor(() => expect(ship).toHaveBeenCalledTimes(1));
    await store.accounts.setRole(await sessionOf(store, admin), bob.id, "customer");
    await page.assertRedirect();
    shipped.resolve({} as never);
    await page.settled();
    expect(ship).toHaveBeenCalledTimes(1);
  });

  test("refuses an event that was under way", async () => {
    const { store, repo, other, visit } = await desk();
    const flags = await live(await visit(other), "/desk/flags");
    // In the database alone, as if the news of it had not arrived yet.
    await repo.update("users", other.id, { role: "moderator" });
    await expect(flags.event("set", { name: "registration_closed", isOn: true })).rejects.toThrow(
      "Forbidden",
    );
    expect(await store.flags.isOn("registration_closed")).toBe(false);
  });

  test("refuses a product's form, and what belongs to it, that were under way", async () => {
    const { store, repo, bob, visit } = await desk();
    const cup = await products(repo).insert({ name: "Stoneware cup", stock: 3 });
    const page = await live(await visit(bob), `/desk/products/${cup.id}`);
    await repo.update("users", bob.id, { role: "customer" });
    await expect(page.form("#draft", { name: "Paper cup" }).submit()).rejects.toThrow("Forbidden");
    await expect(page.form("#stock", { stock: "0" }).submit()).rejects.toThrow("Forbidden");
    for (const event of ["upload", "removePicture"])
      await expect(page.event(event)).rejects.toThrow("Forbidden");
    expect(await store.catalogue.get(cup.id)).toMatchObject({ name: "Stoneware cup", stock: 3 });
  });

  test("takes the pages on another node away", async () => {
    const repo = memory();
    const network = new PubSubNetwork();
    const [one, another] = [
      testStore({ repo, pubsub: network.join().pubsub }),
      testStore({ repo, pubsub: network.join().pubsub }),
    ];
    const admin = await users(repo).admin().insert();
    const bob = await users(repo).moderator().insert();
    const page = await live(another.app, "/desk", { session: await sessionOf(another.store, bob) });
    await one.store.accounts.setRole(await sessionOf(one.store, admin), bob.id, "customer");
    await page.assertRedirect();
  });
});
