import { describe, expect, test } from "vitest";
import { GatewayUnavailable } from "../../src/payments/gateway.ts";
import { inProcess, overPort, refusalOf, testApi } from "../support/api.ts";
import { orderLines, orders, products, users } from "../support/factories.ts";
import { DECLINED_METHOD, gatewayInMemory } from "../support/gateway-double.ts";
import { address } from "../support/order-world.ts";

describe.each([inProcess, overPort])("orders, $way", (driver) => {
  async function open() {
    const api = await testApi(driver);
    const bank = gatewayInMemory();
    api.gateway.fallback(bank);
    const cup = await products(api.repo).insert({ name: "Cup", price: 1800, stock: 5 });
    const ada = await users(api.repo).insert();
    const stock = async () => (await api.repo.get("products", cup.id))?.stock;
    const saves = (id: string) =>
      api.store.profiles.save(ada.id, { paymentMethod: { id, brand: "Visa", last4: "4242" } });
    return { api, bank, cup, ada, stock, saves, shop: await api.as(ada) };
  }

  test("a program places an order, whose customer pays on the gateway's page", async () => {
    const { api, bank, cup, shop, stock } = await open();
    const { order, payAt } = await shop.placesOrder({ lines: [{ productId: cup.id, quantity: 2 }], address });
    expect(order).toMatchObject({
      status: "pending",
      total: 3600,
      lines: [{ productId: cup.id, name: "Cup", price: 1800, quantity: 2 }],
      address,
    });
    expect(payAt).toMatch(/^https:\/\/pay\.test\//);
    expect(await stock()).toBe(3);
    await api.store.orders.handleEvent(bank.decide(order.number, "succeeded"));
    expect(await shop.readsOrder(order.number)).toMatchObject({ status: "paid", paidAt: expect.any(String) });
  });

  test("an order is charged to the means of payment that the user has saved", async () => {
    const { bank, cup, shop, saves } = await open();
    const draft = { lines: [{ productId: cup.id, quantity: 1 }], address, payBy: "saved" as const };
    expect(await refusalOf(shop.placesOrder(draft))).toMatchObject({
      status: 409,
      error: "no_payment_method",
    });
    await saves("pm_1");
    expect(await shop.placesOrder(draft)).toMatchObject({ order: { status: "paid" }, payAt: null });
    expect(bank.charged()).toBe(1800);
  });

  test("one key is one order, however often and at the same time it is sent", async () => {
    const { api, cup, shop, stock } = await open();
    const draft = { lines: [{ productId: cup.id, quantity: 1 }], address };
    const placed = await Promise.all([1, 2, 3].map(() => shop.placesOrder(draft, "order-1")));
    expect(new Set(placed.map(({ order }) => order.number)).size).toBe(1);
    expect([await stock(), await api.repo.count("orders")]).toEqual([4, 1]);
  });

  test("a key that is used for something else is refused, and another user may have the same", async () => {
    const { api, cup, shop } = await open();
    const ofPieces = (quantity: number) => ({ lines: [{ productId: cup.id, quantity }], address });
    await shop.placesOrder(ofPieces(1), "order-1");
    expect(await refusalOf(shop.placesOrder(ofPieces(2), "order-1"))).toMatchObject({
      status: 409,
      error: "key_reused",
    });
    const other = await api.as(await users(api.repo).insert());
    expect(await other.placesOrder(ofPieces(2), "order-1")).toMatchObject({ order: { total: 3600 } });
  });

  test("a fourth order is refused while three are not paid, and a thirty-first within a quarter of an hour", async () => {
    const { cup, shop } = await open();
    const draft = { lines: [{ productId: cup.id, quantity: 1 }], address };
    for (let count = 1; count <= 3; count++) await shop.placesOrder(draft);
    expect(await refusalOf(shop.placesOrder(draft))).toMatchObject({ status: 409, error: "too_many_unpaid" });
    for (let count = 5; count <= 30; count++) await refusalOf(shop.placesOrder(draft));
    const refusal = await refusalOf(shop.placesOrder(draft));
    expect(refusal).toMatchObject({ status: 429, error: "too_many_requests" });
    expect(Number(refusal.headers.get("retry-after"))).toBeGreaterThan(800);
  });

  test("nothing is ordered if pieces are gone, the sum is another, the bank declines or the gateway is silent", async () => {
    const { api, cup, shop, stock, saves } = await open();
    const ofPieces = (quantity: number) => ({ lines: [{ productId: cup.id, quantity }], address });
    expect(await refusalOf(shop.placesOrder(ofPieces(6)))).toMatchObject({
      status: 409,
      error: "out_of_stock",
      message: "Only 5 of Cup left.",
    });
    expect(await refusalOf(shop.placesOrder({ ...ofPieces(1), total: 1700 }))).toMatchObject({
      status: 409,
      error: "price_changed",
    });
    await saves(DECLINED_METHOD);
    expect(await refusalOf(shop.placesOrder({ ...ofPieces(1), payBy: "saved" }))).toMatchObject({
      status: 402,
      error: "payment_declined",
    });
    api.gateway.stub("begin", async () => {
      throw new GatewayUnavailable("no answer within 5 s");
    });
    expect(await refusalOf(shop.placesOrder(ofPieces(1)))).toMatchObject({
      status: 503,
      error: "gateway_unavailable",
    });
    expect([await stock(), await api.repo.count("orders")]).toEqual([5, 0]);
  });

  test("an order without a key, without lines or with a wrong address is refused by the fields", async () => {
    const { cup, shop } = await open();
    const fieldsOf = async (body: object, headers = {}) => {
      const answer = await shop.sends("POST", "/orders", { body, headers });
      expect(answer.status).toBe(422);
      return (answer.body as { issues: { field: string }[] }).issues.map(({ field }) => field);
    };
    const lines = [{ productId: cup.id, quantity: 1 }];
    const key = { "idempotency-key": "order-1" };
    expect(await fieldsOf({ lines, address })).toEqual(["idempotency-key"]);
    expect(await fieldsOf({ lines: [], address }, key)).toEqual(["lines"]);
    expect(await fieldsOf({ lines: [{ productId: "1", quantity: 0 }], address }, key)).toEqual([
      "lines.0.productId",
      "lines.0.quantity",
    ]);
    const elsewhere = { ...address, country: "XX", planet: "Mars" };
    expect(await fieldsOf({ lines, address: elsewhere }, key)).toEqual(["address.country", "address.planet"]);
    expect(await fieldsOf({ lines, address, method: "pm_of_another" }, key)).toEqual(["method"]);
    expect(await fieldsOf({ lines, address: { ...address, city: "Ber\0lin" } }, key)).toEqual([
      "address.city",
    ]);
  });

  test("customers and moderators list their own orders, and admins all", async () => {
    const { api, cup, ada, shop } = await open();
    const [moderator, admin] = [
      await users(api.repo).insert({ role: "moderator" }),
      await users(api.repo).insert({ role: "admin" }),
    ];
    const first = await orders(api.repo, ada).paid().insert();
    await orderLines(api.repo, first, cup).insert();
    const others = await orders(api.repo, admin).insertPair();
    const numbersOf = async (user: typeof ada, query = {}) =>
      (await (await api.as(user)).listsOrders(query)).orders.map(({ number }) => number);

    expect(await numbersOf(ada)).toEqual([first.number]);
    expect(await numbersOf(moderator)).toEqual([]);
    expect(await numbersOf(admin)).toEqual([
      ...others.map(({ number }) => number).toReversed(),
      first.number,
    ]);
    expect(await numbersOf(admin, { status: "paid" })).toEqual([first.number]);
    expect(await numbersOf(admin, { own: true, perPage: 1, page: 2 })).toEqual([others[0]?.number]);
    expect(await shop.listsOrders({ status: "shipped" })).toMatchObject({ orders: [], total: 0 });
  });

  test("an order of another user is not there, except for admins", async () => {
    const { api, ada, shop } = await open();
    const other = await users(api.repo).insert({ role: "moderator" });
    const { number } = await orders(api.repo, ada).insert();
    expect(await shop.readsOrder(number)).toMatchObject({ number });
    expect(await refusalOf((await api.as(other)).readsOrder(number))).toMatchObject({ status: 404 });
    const admin = await api.as(await users(api.repo).insert({ role: "admin" }));
    expect(await admin.readsOrder(number)).toMatchObject({ number });
  });
});
