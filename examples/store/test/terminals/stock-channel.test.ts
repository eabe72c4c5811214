/** Terminals of the shop, by the client that they use themselves. */
import { connect } from "@overwire/testing";
import { expect, test } from "vitest";
import type { User } from "../../src/database/schema.ts";
import { TERMINALS } from "../../src/web/terminals/routes.ts";
import type { StockChannel } from "../../src/web/terminals/stock-channel.ts";
import { products, users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { type TestStore, testStore } from "../support/test-store.ts";

const terminal = async ({ app, store }: TestStore, user: User) =>
  connect(app, TERMINALS, { token: (await store.apiTokens.create(user, "Terminal")).token });

test("a display shows the stock of a product, and hears each change", async () => {
  const shop = testStore();
  const cup = await products(shop.repo).insert({ slug: "cup", name: "Cup", price: 1800, stock: 3 });
  const bowl = await products(shop.repo).insert();
  const socket = await terminal(shop, await users(shop.repo).insert());
  const stock = await socket.subscribeAndJoin<StockChannel>("stock:cup");
  expect(stock.reply).toEqual({ name: "Cup", price: 1800, stock: 3 });
  await shop.store.catalogue.changeStock(cup.id, -1);
  await stock.assertPush("stock", { stock: 2 });
  await shop.store.catalogue.changeStock(bowl.id, -1);
  await stock.refutePush("stock");
});

test("a till counts out what is sold over the counter, for displays and pages too, and the audit log names its user", async () => {
  const shop = testStore();
  await products(shop.repo).insert({ slug: "cup", stock: 3 });
  const keeper = await users(shop.repo).moderator().insert();
  const till = await (await terminal(shop, keeper)).subscribeAndJoin<StockChannel>("stock:cup");
  const visitor = await terminal(shop, await users(shop.repo).insert());
  const display = await visitor.subscribeAndJoin<StockChannel>("stock:cup");
  expect(await till.push("sold", { pieces: 2 })).toEqual({ stock: 1 });
  await display.assertPush("stock", { stock: 1 });
  await expect(till.push("sold", { pieces: 2 })).rejects.toMatchObject({ reply: { reason: "out_of_stock" } });
  await expect(till.push("sold", { pieces: -2 })).rejects.toThrow();
  expect(await shop.store.audit.list({ area: "product" })).toMatchObject([
    { action: "product.stock_changed", actorId: keeper.id, details: { slug: "cup", change: -2 } },
  ]);
});

test("programs of customers count nothing out, and neither do those of moderators who are none any more", async () => {
  const shop = testStore();
  await products(shop.repo).insert({ slug: "cup", stock: 3 });
  const admin = await users(shop.repo).admin().insert();
  const keeper = await users(shop.repo).moderator().insert();
  const till = await (await terminal(shop, keeper)).subscribeAndJoin<StockChannel>("stock:cup");
  await till.push("sold", { pieces: 1 });
  await shop.store.accounts.setRole(await sessionOf(shop.store, admin), keeper.id, "customer");
  await expect(till.push("sold", { pieces: 1 })).rejects.toMatchObject({ reply: { code: "forbidden" } });
  expect((await shop.store.catalogue.anyBySlug("cup"))?.stock).toBe(2);
});

test("programs without a token that counts stay outside", async () => {
  const shop = testStore();
  await expect(connect(shop.app, TERMINALS)).rejects.toMatchObject({ status: 401 });
  const token = `ows_${"x".repeat(43)}`;
  await expect(connect(shop.app, TERMINALS, { token })).rejects.toMatchObject({ status: 401 });
});

test("a token that is revoked ends the channels of its programs at once, and those of others go on", async () => {
  const shop = testStore();
  const cup = await products(shop.repo).insert({ slug: "cup", stock: 3 });
  const ada = await users(shop.repo).insert();
  const lost = await (await terminal(shop, ada)).subscribeAndJoin<StockChannel>("stock:cup");
  const [token] = await shop.store.apiTokens.listOf(ada);
  const other = await (await terminal(shop, ada)).subscribeAndJoin<StockChannel>("stock:cup");
  await shop.store.apiTokens.revoke(ada, token?.id ?? 0);
  await expect.poll(() => lost.channel.state).not.toBe("joined");
  await shop.store.catalogue.changeStock(cup.id, -1);
  await other.assertPush("stock", { stock: 2 });
  await lost.refutePush("stock");
});

test("a product that is not sold has no channel, and one that is taken off the shop ends it", async () => {
  const shop = testStore();
  const cup = await products(shop.repo).insert({ slug: "cup" });
  await products(shop.repo).insert({ slug: "secret", isListed: false });
  const socket = await terminal(shop, await users(shop.repo).insert());
  for (const slug of ["secret", "nothing"])
    await expect(socket.subscribeAndJoin(`stock:${slug}`)).rejects.toMatchObject({
      reply: { reason: "not_found" },
    });
  const stock = await socket.subscribeAndJoin<StockChannel>("stock:cup");
  await shop.store.catalogue.change(cup.id, { isListed: false });
  await stock.assertPush("gone");
  await expect.poll(() => stock.channel.state).toBe("closed");
});
