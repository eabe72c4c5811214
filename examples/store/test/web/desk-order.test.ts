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
    expect(page.text("#confirm-refund")).toContain("€66.00 go back to the customer.");
    await page.element("#confirm-refund button", "Yes").click();
    await page.settled();
    expect(page.text("[role=status] .badge")).toBe("refunded");
    expect(page.text("#payment")).toContain("refunded");
    expect(page.text("#actions")).toBe("");
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

  test("is not there by another number, nor for customers", async () => {
    const { number } = await placed();
    await expect(open("/desk/orders/2026-NONE")).rejects.toThrow("404");
    await expect(open(`/desk/orders/${number}`, world.user)).rejects.toThrow();
  });
});
