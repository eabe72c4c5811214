/** A customer, products and a gateway for tests of orders, and the sums that have to hold whatever happens. */
import { expect } from "vitest";
import type { StoreRepo } from "../../src/database/schema.ts";
import type { Address } from "../../src/database/tables.ts";
import type { OrderRequest } from "../../src/orders/orders.ts";
import { products, users } from "./factories.ts";
import { type GatewayInMemory, gatewayInMemory } from "./gateway-double.ts";

export const address: Address = {
  name: "Ada Lovelace",
  street: "Hauptstr. 1",
  postcode: "10115",
  city: "Berlin",
  country: "DE",
};

export async function orderWorld(repo: StoreRepo, { stock = 10, bank = gatewayInMemory() } = {}) {
  const user = await users(repo).insert();
  const cup = await products(repo).insert({ name: "Cup", price: 1800, stock });
  const bowl = await products(repo).insert({ name: "Bowl", price: 2400, stock });
  let key = 0;
  const request = (given: Partial<OrderRequest> = {}): OrderRequest => ({
    lines: [
      { productId: bowl.id, quantity: 2 },
      { productId: cup.id, quantity: 1 },
    ],
    address,
    idempotencyKey: `key ${key++}`,
    ...given,
  });
  return {
    user,
    cup,
    bowl,
    bank,
    request,
    stockOf: async (product: { id: number }) => (await repo.get("products", product.id))?.stock,
    holdsTogether: () => expectSums(repo, bank, [cup.id, bowl.id], stock),
  };
}

/** Pieces are in stock, in an order that lives, or shipped; every order has its payment; money that was charged is that of paid orders. */
async function expectSums(repo: StoreRepo, bank: GatewayInMemory, productIds: number[], initial: number) {
  const orders = await repo.all("orders", { preload: { lines: true, payment: true } });
  // Goods that have left the house stay out of it, also when their money is given back.
  const living = orders.filter(
    ({ status, shippedAt }) => status === "pending" || status === "paid" || shippedAt !== null,
  );
  for (const productId of productIds) {
    const sold = living
      .flatMap(({ lines }) => lines)
      .filter((line) => line.productId === productId)
      .reduce((sum, { quantity }) => sum + quantity, 0);
    expect((await repo.get("products", productId))?.stock, "pieces in stock").toBe(initial - sold);
  }
  for (const { payment, total, lines } of orders) {
    expect(payment?.amount, "amount of the payment").toBe(total);
    expect(lines.length, "lines of the order").toBeGreaterThan(0);
  }
  const paid = orders.filter(({ status }) => status === "paid" || status === "shipped");
  expect(bank.charged(), "money that was charged").toBe(paid.reduce((sum, { total }) => sum + total, 0));
  return orders;
}
