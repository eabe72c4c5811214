import { live } from "@overwire/testing";
import { beforeEach, describe, expect, test } from "vitest";
import type { User } from "../../src/database/schema.ts";
import { GatewayUnavailable } from "../../src/payments/gateway.ts";
import { users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { orderWorld } from "../support/order-world.ts";
import { type TestStore, testStore } from "../support/test-store.ts";

let shop: TestStore;
let world: Awaited<ReturnType<typeof orderWorld>>;
let admin: User;
let moderator: User;
beforeEach(async () => {
  shop = testStore();
  world = await orderWorld(shop.repo);
  shop.gateway.fallback(world.bank);
  admin = await users(shop.repo).admin().insert({ name: "Grace" });
  moderator = await users(shop.repo).moderator().insert({ name: "Bob" });
});

const placed = async (method?: string) =>
  (await shop.store.orders.place(world.user, world.request({ method }))).order;
const open = async (path: string, user: User = admin) =>
  live(shop.app, path, { session: await sessionOf(shop.store, user) });

describe("an order at the desk", () => {
  test("has its lines, its payment and its history, and is shipped on all open pages", async () => {
    const { id, number } = await placed("pm_1");
    const list = await open("/desk/orders");
    await list.element("#orders a", number).click();
    const page = await list.followRedirect();
    expect(page.title()).toContain(`Order ${number}`);
    expect(page.text("#lines")).toMatch(/Cup\s*1\s*€18\.00.*Bowl\s*2\s*€24\.00\s*€48\.00.*Sum\s*€66\.00/s);
    expect(page.text("#payment")).toContain("€66.00, succeeded");
    expect(page.text("#history")).toMatch(/order\.paid.*The store/s);
    const other = await open(`/desk/orders/${number}`, moderator);
    await other.element("#actions button", "Ship").click();
    await page.settled();
    for (const each of [page, other]) {
      expect(each.text("[role=status] .badge")).toBe("shipped");
      expect(each.text("#history")).toMatch(/order\.shipped.*Bob/s);
    }
    expect(other.text("#history")).not.toContain("order.paid");
    expect(await shop.store.orders.get(id)).toMatchObject({ status: "shipped" });
  });

  test("is refunded by an admin alone, after a question", async () => {
    const { number } = await placed("pm_1");
    const own = await open(`/desk/orders/${number}`, moderator);
    expect(own.text("#actions")).toBe("Ship");
    await expect(own.event("refund", {})).rejects.toThrow("Forbidden");
    const page = await open(`/desk/orders/${number}`);
    await page.element("#actions button", "Refund").click();
    expect(page.text("#confirm-refund")).toContain("€66.00 go back to the customer. Goods go back on sale.");
    await page.element("#confirm-refund button", "Yes").click();
    await page.settled();
    expect(page.text("[role=status] .badge")).toBe("refunded");
    expect(page.text("#payment")).toContain("refunded");
    expect(page.hasElement("#actions")).toBe(false);
    await world.holdsTogether();
  });

  test("that waits for its payment is cancelled", async () => {
    const { number } = await placed();
    const page = await open(`/desk/orders/${number}`, moderator);
    expect(page.text("#actions")).toBe("Cancel the order");
    await page.element("#actions button").click();
    await page.element("#confirm-cancel button", "Yes").click();
    await page.settled();
    expect(page.text("[role=status] .badge")).toBe("cancelled");
    expect(page.text("#history")).toContain("order.cancelled");
  });

  test("stays as it is, and says why, if an action is refused", async () => {
    const { id, number } = await placed("pm_1");
    const page = await open(`/desk/orders/${number}`);
    shop.gateway.expect("refund", () => Promise.reject(new GatewayUnavailable("It does not answer.")));
    await page.element("#confirm-refund button", "Yes").click();
    await page.settled();
    expect(page.text(".flash.error")).toContain("It does not answer.");
    expect(page.text("[role=status] .badge")).toBe("paid");
    // Another page has shipped it, and this one has not heard of it.
    await shop.repo.update("orders", id, { status: "shipped" });
    await page.element("#actions button", "Ship").click();
    expect(page.text(".flash.error")).toContain("An order that is shipped cannot become shipped.");
    expect(page.text("[role=status] .badge")).toBe("shipped");
  });

  test("takes a question back if it is paid meanwhile", async () => {
    const { number } = await placed();
    const page = await open(`/desk/orders/${number}`);
    await page.element("#actions button", "Cancel").click();
    expect(page.hasElement("#confirm-cancel[open]")).toBe(true);
    await shop.store.orders.handleEvent(world.bank.decide(number, "succeeded"));
    await page.settled();
    expect(page.text("[role=status] .badge")).toBe("paid");
    expect(page.hasElement("#confirm-cancel")).toBe(false);
    expect(page.text("#actions")).toBe("Ship Refund");
    await page.event("cancel", {});
    expect(page.text(".flash.error")).toContain("An order that is paid cannot become cancelled.");
    await world.holdsTogether();
  });

  test("is refunded once by two desks at once, and is not shipped then", async () => {
    const { number } = await placed("pm_1");
    const [first, second] = [await open(`/desk/orders/${number}`), await open(`/desk/orders/${number}`)];
    await Promise.all([first.event("refund", {}), second.event("refund", {})]);
    const refusals = [first, second].filter((page) => page.hasElement(".flash.error"));
    expect(refusals.map((page) => page.text(".flash.error"))).toEqual([
      expect.stringContaining("An order that is refunded cannot become refunded."),
    ]);
    await Promise.all([first.settled(), second.settled()]);
    for (const page of [first, second]) {
      expect(page.text("[role=status] .badge")).toBe("refunded");
      expect(page.text("#history").match(/order\.refunded/g)).toHaveLength(1);
    }
    const own = await open(`/desk/orders/${number}`, moderator);
    await own.event("ship", {});
    expect(own.text(".flash.error")).toContain("An order that is refunded cannot become shipped.");
    await world.holdsTogether();
  });

  test("tells moderators nothing of what others did, and says what becomes of goods", async () => {
    const { id, number } = await placed("pm_1");
    await shop.store.orders.ship(admin, id);
    const page = await open(`/desk/orders/${number}`);
    expect(page.text("#confirm-refund")).toContain(
      "€66.00 go back to the customer. Goods that were sent stay sold.",
    );
    const own = await open(`/desk/orders/${number}`, moderator);
    expect(own.text("[aria-labelledby=history-title]")).toBe("History Nothing was done yet by you.");
    expect(own.hasElement("#actions")).toBe(false);
    await shop.store.orders.refund(admin, id);
    await own.settled();
    expect(own.text("[role=status] .badge")).toBe("refunded");
    expect(own.text("[aria-labelledby=history-title]")).toBe("History Nothing was done yet by you.");
  });

  test("is loaded anew, without refunds, when its admin becomes a moderator", async () => {
    const { id, number } = await placed("pm_1");
    const other = await users(shop.repo).admin().insert({ name: "Joan" });
    const page = await open(`/desk/orders/${number}`, other);
    await shop.store.accounts.setRole(await sessionOf(shop.store, admin), other.id, "moderator");
    await page.assertRedirect(`/desk/orders/${number}`);
    const anew = await page.followRedirect(`/desk/orders/${number}`);
    expect(anew.text("#actions")).toBe("Ship");
    expect(anew.text("#history")).toBe("");
    await expect(anew.event("refund", {})).rejects.toThrow("Forbidden");
    expect(await shop.store.orders.get(id)).toMatchObject({ status: "paid" });
  });

  test("is not there by another number, nor for customers", async () => {
    const { number } = await placed();
    for (const none of ["2026-NONE", "%00", "..%2F1", number.toLowerCase(), `${number}%20`])
      await expect(open(`/desk/orders/${none}`)).rejects.toThrow("404");
    await expect(open(`/desk/orders/${number}`, world.user)).rejects.toThrow();
  });
});
