/** Carts that are changed at the same time over two connections to PostgreSQL. */
import { createPubSub } from "@overwire/server";
import { describePostgres, type PostgresServer, startPostgres } from "@overwire/test-support/postgres-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Carts } from "../../src/cart/carts.ts";
import { connectPostgres, type Database } from "../../src/database/database.ts";
import { products, users } from "../support/factories.ts";

describePostgres("carts on PostgreSQL", () => {
  let server: PostgresServer;
  let databases: Database[];
  beforeAll(async () => {
    server = await startPostgres();
    databases = [connectPostgres(server.url), connectPostgres(server.url)];
    await databases[0]?.migrate();
  });
  afterAll(async () => {
    for (const database of databases) await database.close();
    await server.stop();
  });

  test("carts of two browsers join a user's at once, and do not wait for each other in a circle", async () => {
    const { repo } = databases[0]!;
    const nodes = databases.map(
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
