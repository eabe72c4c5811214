import { deferred } from "@overwire/test-support/deferred";
import { live } from "@overwire/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ordersTopic } from "../../src/orders/topics.ts";
import { orderLines, orders, products, users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { testStore } from "../support/test-store.ts";

const now = new Date("2026-03-30T12:00:00Z");

async function dashboard() {
  const own = testStore({ clock: () => now });
  const admin = await users(own.repo).admin().insert({ name: "Grace" });
  const open = async () => live(own.app, "/desk", { session: await sessionOf(own.store, admin) });
  return { ...own, admin, open };
}

describe("the dashboard", () => {
  test("shows turnover and orders of 30 days, best sellers, newest orders and what runs out", async () => {
    const { repo, open } = await dashboard();
    const ada = await users(repo).insert({ name: "Ada" });
    const cup = await products(repo).insert({ name: "Cup", stock: 0 });
    await products(repo).insert({ name: "Bowl", stock: 5 });
    const today = await orders(repo, ada).paid().insert({ total: 1999, paidAt: now, number: "2026-AAAAAA" });
    await orders(repo, ada)
      .paid()
      .insert({ total: 1000, paidAt: new Date("2026-03-02T00:00:00Z") });
    await orderLines(repo, today, cup).insert({ quantity: 3, price: 500 });
    const view = await open();
    await view.settled();
    expect(view.text("#sales .figures")).toContain("€19.99");
    expect(view.text("#sales .figures")).toContain("€29.99");
    expect(view.text("#bestSellers")).toContain("Cup3€15.00");
    expect(view.text("#newestOrders")).toContain("2026-AAAAAA");
    expect(view.text("#lowStock")).toContain("Cup0");
    expect(view.text("#lowStock")).not.toContain("Bowl");
    // The tables say the same as the bars.
    const [turnover, paid] = view.element("#sales .charts").node.querySelectorAll("table");
    expect(turnover?.textContent).toContain("30 Mar€19.99");
    expect(turnover?.textContent).toContain("1 Mar€0.00");
    expect(paid?.textContent).toContain("30 Mar1");
    expect(view.element("#sales").html().match(/<rect/g)).toHaveLength(60);
  });

  test("says so of a store without orders and with enough of everything", async () => {
    const { open } = await dashboard();
    const view = await open();
    await view.settled();
    expect(view.text("#newestOrders")).toContain("There are no orders yet.");
    expect(view.text("#bestSellers")).toContain("Nothing is sold yet.");
    expect(view.text("#lowStock")).toContain("There is enough of everything.");
  });

  test("shows each panel as soon as it has its figures", async () => {
    const { store, open } = await dashboard();
    const figures = deferred<never[]>();
    vi.spyOn(store.reports, "bestSellers").mockReturnValueOnce(figures.promise);
    const view = await open();
    await vi.waitFor(() => expect(view.text("#sales")).toContain("€0.00"));
    expect(view.text("#bestSellers")).toContain("Loading…");
    figures.resolve([]);
    await view.settled();
    expect(view.text("#bestSellers")).toContain("Nothing is sold yet.");
  });

  test("loads the other panels when one fails, which can be tried again", async () => {
    const { store, open } = await dashboard();
    vi.spyOn(store.reports, "bestSellers").mockRejectedValueOnce(new Error("secret words of the database"));
    const view = await open();
    await view.settled();
    expect(view.text("#bestSellers [role=alert]")).toBe("These figures cannot be loaded.");
    expect(view.html()).not.toContain("secret words");
    expect(view.text("#sales")).toContain("€0.00");
    await view.element("#bestSellers button").click();
    await view.settled();
    expect(view.text("#bestSellers")).toContain("Nothing is sold yet.");
  });

  describe("live", () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout"] }));
    afterEach(() => void vi.useRealTimers());

    test("counts an order when it is paid, and asks once for many at a time", async () => {
      const { repo, store, open } = await dashboard();
      const ada = await users(repo).insert({ name: "Ada" });
      const view = await open();
      await view.settled();
      const sales = vi.spyOn(store.reports, "sales");
      const { id } = await orders(repo, ada).paid().insert({ total: 4200, paidAt: now });
      for (let times = 0; times < 5; times++)
        store.services.pubsub.publish(ordersTopic, { id, status: "paid" });
      await view.settled();
      await vi.advanceTimersByTimeAsync(250);
      await view.settled();
      expect(view.text("#newestOrders")).toContain("Ada");
      // Sums over many orders are asked for less often.
      expect(sales).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(4750);
      await view.settled();
      expect(view.text("#sales .figures")).toContain("€42.00");
      expect(sales).toHaveBeenCalledTimes(1);
    });

    test("shows a product that runs out", async () => {
      const { repo, store, open } = await dashboard();
      const cup = await products(repo).insert({ name: "Cup", stock: 10 });
      const view = await open();
      await view.settled();
      await store.catalogue.stockChanged([await repo.update("products", cup.id, { stock: 2 })]);
      await view.settled();
      await vi.advanceTimersByTimeAsync(250);
      await view.settled();
      expect(view.text("#lowStock")).toContain("Cup2");
    });
  });
});
