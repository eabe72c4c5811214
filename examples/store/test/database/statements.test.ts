/** Statements of what nearly every page reads: each is a way to the database and back. */
import { createPubSub } from "@overwire/server";
import { expect, test } from "vitest";
import { Logins } from "../../src/accounts/logins.ts";
import { Carts } from "../../src/cart/carts.ts";
import { products, users } from "../support/factories.ts";
import { onPglite } from "../support/pglite.ts";

const statements: string[] = [];
const { repo } = onPglite((statement) => void statements.push(statement));
const services = { repo, pubsub: createPubSub(), clock: () => new Date() };

async function counted<R>(read: () => Promise<R>): Promise<[count: number, result: R]> {
  statements.length = 0;
  const result = await read();
  return [statements.length, result];
}

test("a log-in comes with its user in one", async () => {
  const logins = new Logins({ ...services, withdrawn: () => {} });
  const user = await users(repo).insert();
  const { id } = await logins.add(user, { agent: "a browser", address: "", remember: true });
  const [count, login] = await counted(() => logins.find({ userId: user.id, loginId: id }));
  expect(login).toMatchObject({ id, user });
  expect(count).toBe(1);
});

test("a cart comes with its lines and their products in two, an empty one in one", async () => {
  const carts = new Carts(services);
  const owner = { cartId: "a visitor's" };
  expect(await counted(() => carts.of(owner))).toMatchObject([1, { items: [] }]);
  const names = ["Cup", "Bowl", "Pot"];
  for (const name of names) await carts.add(owner, (await products(repo).insert({ name, stock: 9 })).id);
  const [count, { items }] = await counted(() => carts.of(owner));
  expect(items.map(({ product }) => product.name)).toEqual(names);
  expect(count).toBe(2);
});
