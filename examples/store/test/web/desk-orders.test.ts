import { type LiveDriver, live } from "@overwire/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { User } from "../../src/database/schema.ts";
import { GatewayUnavailable } from "../../src/payments/gateway.ts";
import { orders, users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { testStore } from "../support/test-store.ts";

const rows = (view: LiveDriver) => view.text("#orders tbody");

async function desk(count = 0) {
  const own = testStore();
  const { repo, store, app } = own;
  own.gateway.stub("paymentsOf", async () => []);
  const admin = await users(repo).admin().insert({ name: "Grace" });
  const moderator = await users(repo).moderator().insert({ name: "Bob" });
  const ada = await users(repo).insert({ name: "Ada", email: "ada@example.com" });
  for (let at = 1; at <= count; at++)
    await orders(repo, ada)
      .paid()
      .insert({ number: `2026-N${at}.`, total: at * 100 });
  const open = async (path = "/desk/orders", user: User = admin) =>
    live(app, path, { session: await sessionOf(store, user) });
  const statuses = async () =>
    (await repo.all("orders", { orderBy: { id: "asc" } })).map(({ status }) => status);
  return { ...own, admin, moderator, ada, open, statuses };
}

describe("the desk's orders", () => {
  test("are filtered, ordered and paged in the URL", async () => {
    const { repo, ada, open } = await desk(30);
    await orders(repo, ada).insert({ number: "2026-PENDING" });
    const view = await open("/desk/orders?sort=total&direction=asc&page=nonsense");
    expect(rows(view)).toContain("2026-N1.");
    expect(view.text(".pages")).toContain("1 to 25 of 31");
    await view.element(".pages a", "Next").click();
    await view.assertPatch("/desk/orders?sort=total&direction=asc&page=2");
    expect(rows(view)).toContain("2026-N30.");
    await view.element("th a", "Total").click();
    await view.assertPatch("/desk/orders?sort=total");
    expect(view.hasElement("th[aria-sort=descending]", "Total")).toBe(true);
    await view.form("#filter", { status: "pending" }).change();
    await view.assertPatch("/desk/orders?status=pending&sort=total");
    expect(rows(view)).toContain("2026-PENDING");
    expect(rows(view)).not.toContain("2026-N1.");
    const exported = view.element("a", "Export as CSV").node.getAttribute("href");
    expect(exported).toBe("/desk/orders.csv?status=pending");
    await view.form("#filter", { q: "no one", status: "" }).change();
    expect(view.text()).toContain("No order is like this.");
  });

  test("show the last page when rows of later ones are gone", async () => {
    const { open } = await desk(3);
    const view = await open("/desk/orders?page=9");
    expect(view.text(".pages")).toContain("1 to 3 of 3");
  });

  test("are selected one by one, by page, and all of a filter, across pages", async () => {
    const { open } = await desk(30);
    const view = await open();
    await view.element("[aria-label='Select 2026-N30.']").click();
    await view.element(".pages a", "Next").click();
    await view.element("[aria-label='Select 2026-N1.']").click();
    expect(view.text("#selection")).toContain("2 selected");
    await view.element("[aria-label='Select this page']").click();
    expect(view.text("#selection")).toContain("6 selected");
    await view.element("[aria-label='Select this page']").click();
    expect(view.text("#selection")).toContain("1 selected");
    await view.element("button", "Select all 30").click();
    expect(view.text("#selection")).toContain("30 selected");
    await view.element("[aria-label='Select 2026-N1.']").click();
    expect(view.text("#selection")).toContain("29 selected");
    // A filter would hide what is selected.
    await view.form("#filter", { q: "ada" }).change();
    expect(view.hasElement("#selection")).toBe(false);
  });

  test("are shipped together, whatever page is shown meanwhile, and refusals are listed", async () => {
    const { repo, ada, open, statuses } = await desk(30);
    await orders(repo, ada).insert({ number: "2026-PENDING", status: "cancelled" });
    const view = await open();
    await view.element("[aria-label='Select this page']").click();
    await view.element("button", "Select all 31").click();
    await view.element("button", "Ship").click();
    await view.element(".pages a", "Next").click();
    await view.settled();
    expect(view.text("#bulk [role=status]")).toBe("30 shipped, 1 refused.");
    expect(view.text(".failures")).toBe("2026-PENDING An order that is cancelled cannot become shipped.");
    expect(await statuses()).toEqual([...Array(30).fill("shipped"), "cancelled"]);
    expect(view.text("#selection")).toContain("1 selected");
    await view.element("#bulk button", "Close").click();
    expect(view.hasElement("#bulk")).toBe(false);
  });

  test("are refunded by an admin, after a question", async () => {
    const { repo, ada, open, statuses, gateway, store, admin } = await desk(1);
    const [order] = await repo.all("orders");
    await repo.insert("payments", {
      orderId: order!.id,
      reference: "pay_1",
      amount: 100,
      status: "succeeded",
    });
    gateway.expect("refund", async () => {});
    const view = await open();
    await view.element("[aria-label='Select 2026-N1.']").click();
    await view.element("button", "Refund").click();
    expect(view.text("#confirm-refund")).toContain("Refund 1 orders?");
    await view.element("#confirm-refund button", "Yes").click();
    await view.settled();
    expect(await statuses()).toEqual(["refunded"]);
    expect(await store.audit.list({ area: "order" })).toMatchObject([
      { action: "order.refunded", actor: { id: admin.id } },
    ]);
    expect(ada.name).toBe("Ada");
  });

  test("stop in the middle when they are told to", async () => {
    const { store, open } = await desk(3);
    const steps: (() => void)[] = [];
    vi.spyOn(store.orders, "ship").mockImplementation(
      () => new Promise((resolve) => void steps.push(() => resolve({} as never))),
    );
    const view = await open();
    await view.element("[aria-label='Select this page']").click();
    await view.element("button", "Ship").click();
    await vi.waitFor(() => expect(steps).toHaveLength(1));
    expect(view.text("#bulk [role=status]")).toBe("Shipping: 0 of 3");
    expect(view.element("#selection button", "Ship").node.hasAttribute("disabled")).toBe(true);
    await view.element("#bulk button", "Stop").click();
    steps[0]?.();
    await view.settled();
    expect(view.text("#bulk [role=status]")).toContain("stopped after");
    expect(steps).toHaveLength(1);
  });

  test("tell of failures in words for users alone", async () => {
    const { store, open } = await desk(2);
    vi.spyOn(store.orders, "ship")
      .mockRejectedValueOnce(new Error("connect ECONNREFUSED 10.0.0.7"))
      .mockRejectedValueOnce(new GatewayUnavailable("The payment gateway does not answer."));
    const view = await open();
    await view.element("[aria-label='Select this page']").click();
    await view.element("button", "Ship").click();
    await view.settled();
    expect(view.text(".failures")).toContain("Something went wrong.");
    expect(view.text(".failures")).toContain("The payment gateway does not answer.");
    expect(view.html()).not.toContain("10.0.0.7");
  });

  describe("live", () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout"] }));
    afterEach(() => void vi.useRealTimers());

    test("show new statuses", async () => {
      const { repo, store, admin, open } = await desk(1);
      const view = await open();
      const [order] = await repo.all("orders");
      await store.orders.ship(admin, order!.id);
      await view.settled();
      await vi.advanceTimersByTimeAsync(250);
      await view.settled();
      expect(rows(view)).toContain("shipped");
    });
  });
});

describe("a moderator", () => {
  test("ships and cancels, but neither sees a refund nor gets one by a forged event", async () => {
    const { open, moderator, statuses } = await desk(1);
    const view = await open("/desk/orders", moderator);
    await view.element("[aria-label='Select 2026-N1.']").click();
    expect(view.text("#selection")).not.toContain("Refund");
    await expect(view.event("refund", {})).rejects.toThrow("Forbidden");
    expect(await statuses()).toEqual(["paid"]);
    await view.element("#selection button", "Ship").click();
    await view.settled();
    expect(await statuses()).toEqual(["shipped"]);
  });
});
