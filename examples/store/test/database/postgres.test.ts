/** A node of the store whose PostgreSQL ends connections, or whose connections are wanted by many at once. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { createPubSub } from "@overwire/server";
import { deferred } from "@overwire/test-support/deferred";
import { describePostgres, type PostgresServer, startPostgres } from "@overwire/test-support/postgres-server";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { connectPostgres, type Database } from "../../src/database/database.ts";
import { Orders } from "../../src/orders/orders.ts";
import { gatewayInMemory } from "../support/gateway-double.ts";
import { orderWorld } from "../support/order-world.ts";

describePostgres("PostgreSQL", () => {
  let server: PostgresServer;
  let database: Database;
  const errors: unknown[] = [];
  beforeAll(async () => {
    server = await startPostgres();
    database = connectPostgres(server.url, { report: (error) => void errors.push(error) });
    await database.migrate();
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  /** Ends all connections of the node, as a restart of the server does. */
  const endConnections = async () => {
    const operator = connectPostgres(server.url);
    await operator.db.execute(
      "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname is not null",
    );
    await operator.close();
  };

  test("ends connections that nothing uses: it is reported, and the next query gets another one", async () => {
    errors.length = 0;
    await database.repo.count("flags");
    await endConnections();
    await vi.waitFor(() => expect(errors).toMatchObject([{ code: "57P01" }]));
    expect(await database.repo.count("flags")).toBe(0);
  });

  test("ends the connection of a transaction that waits: it fails, and the node goes on", async () => {
    errors.length = 0;
    const { repo } = database;
    const work = repo.transaction(async () => {
      await repo.count("flags");
      await endConnections();
      await vi.waitFor(() => expect(errors).not.toEqual([]));
      await repo.count("flags");
    });
    await expect(work).rejects.toThrow();
    expect(await repo.count("flags")).toBe(0);
  });

  test("ends a statement that takes too long, but no migration that waits for another node", async () => {
    const impatient = connectPostgres(server.url, { statementTimeout: 300 });
    onTestFinished(impatient.close);
    const sleeping = impatient.db.execute(sql`select pg_sleep(20)`);
    await expect(sleeping).rejects.toMatchObject({ cause: { code: "57014" } });
    expect(await impatient.repo.count("flags")).toBe(0);

    const [begun, waited] = [deferred(), deferred()];
    const first = database.migrate(() => {
      begun.resolve();
      return waited.promise;
    });
    // The other one would have the lock, and be done, if its connection were faster.
    await begun.promise;
    const second = impatient.migrate();
    const waiting = sql`select count(*)::int as waiting from pg_stat_activity
      where wait_event = 'advisory' and now() - query_start > interval '600 ms'`;
    await vi.waitFor(
      async () => expect(await database.db.execute(waiting)).toMatchObject({ rows: [{ waiting: 1 }] }),
      { timeout: 10_000 },
    );
    waited.resolve();
    await Promise.all([first, second]);
  });

  test("that accepts connections and says nothing keeps no query for ever", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const { repo, close } = connectPostgres(`postgres://postgres@127.0.0.1:${port}/postgres`, {
      connectionTimeout: 200,
    });
    onTestFinished(async () => {
      await close();
      silent.close();
    });
    await expect(repo.count("flags")).rejects.toThrow();
    await expect(repo.transaction(() => repo.count("flags"))).rejects.toThrow("timeout");
  });

  test("answers pages while a gateway keeps many buyers of one product waiting", async () => {
    const { repo } = database;
    const bank = gatewayInMemory();
    const { user, cup, request } = await orderWorld(repo, { stock: 100, bank });
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const charge: typeof bank.charge = async (asked) => {
      await answered;
      return bank.charge(asked);
    };
    const orders = new Orders({
      repo,
      gateway: { ...bank, charge },
      pubsub: createPubSub(),
      mailer: { send: async () => {} },
      clock: () => new Date(),
      url: "http://store.test",
    });
    const lines = [{ productId: cup.id, quantity: 1 }];
    const placed = Array.from({ length: 30 }, () => orders.place(user, request({ lines, method: "pm_1" })));
    try {
      expect(await repo.get("products", cup.id)).toMatchObject({ stock: 100 });
    } finally {
      answer();
      await Promise.all(placed);
      await orders.mailed();
    }
    expect(await repo.get("products", cup.id)).toMatchObject({ stock: 70 });
  });
});
