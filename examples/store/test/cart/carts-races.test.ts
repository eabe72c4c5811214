/** Carts that are changed at the same time over two connections to PostgreSQL. */
import { createPubSub } from "@overwire/server";
import { describePostgres } from "@overwire/test-support/postgres-server";
import { expect, test } from "vitest";
import { Carts } from "../../src/cart/carts.ts";
import { products, users } from "../support/factories.ts";
import { twoNodesOnPostgres } from "../support/postgres.ts";

describePostgres("carts on PostgreSQL", () => {
  const databases = twoNodesOnPostgres();

  test("carts of two browsers join a user's at once, and do not wait for each other in a circle", async () => {
    const { repo } = databases()[0]!;
    const nodes = databases().map(
      ({ repo }) => new Carts({ repo, pubsub: createPubSub(), clock: () => new Date() }),
    );
    const ids: number[] = [];
    for (let count = 0; count < 8; count++) ids.push((await products(repo).insert({ stock: 100 })).id);
    const { id: userId } = await users(repo).insert();
    for (let round = 0; round < 30; round++) {
      for (const id of ids) await nodes[0]?.add({ cartId: `first ${round}` }, id);
      for (const id of ids.toReversed()) await nodes[0]?.add({ cartId: `second ${round}` }, id);
      await Promise.all([
        nodes[0]?.merge(`first ${round}`, userId),
        nodes[1]?.merge(`second ${round}`, userId),
      ]);
    }
    expect((await nodes[0]?.of({ userId }))?.pieces).toBe(8 * 20);
  });
});
