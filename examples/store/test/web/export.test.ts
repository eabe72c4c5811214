import { request } from "@overwire/testing";
import { describe, expect, test } from "vitest";
import type { User } from "../../src/database/schema.ts";
import { orders, users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { onPglite } from "../support/pglite.ts";
import { type TestStore, testStore } from "../support/test-store.ts";

const visit = async ({ app, store }: TestStore, user: User) =>
  request(app, { session: await sessionOf(store, user) });

describe("the export of orders", () => {
  test("is a file of all orders of the filter, the newest first, and the audit log tells of it", async () => {
    const own = testStore({ clock: () => new Date("2026-03-01T12:00:00Z") });
    const { repo, store } = own;
    const bob = await users(repo).moderator().insert({ name: "Bob" });
    const ada = await users(repo).insert({ name: "Ada", email: "ada@example.com" });
    await orders(repo, ada).insert({ number: "2026-AAAAAA", total: 1999 });
    await orders(repo, ada).paid().insert({ number: "2026-BBBBBB", total: 500 });
    await orders(repo, bob).paid().insert({ number: "2026-CCCCCC" });
    const visitor = await visit(own, bob);
    const res = await visitor.get("/desk/orders.csv?q=ada&status=nonsense&page=7");
    expect(res.type).toContain("text/csv");
    expect(res.header("content-disposition")).toBe('attachment; filename="orders-2026-03-01.csv"');
    expect(res.header("cache-control")).toContain("no-store");
    expect(res.text()).toBe(`Number,Status,Total in EUR,Customer,E-mail,Placed,Paid,Shipped
2026-BBBBBB,paid,5.00,Ada,ada@example.com,2026-01-01T00:00:00.000Z,2026-01-01T00:05:00.000Z,
2026-AAAAAA,pending,19.99,Ada,ada@example.com,2026-01-01T00:00:00.000Z,,
`);
    const paid = await visitor.get("/desk/orders.csv?status=paid");
    expect(paid.text().trim().split("\n")).toHaveLength(3);
    expect(await store.audit.list({ area: "order" })).toMatchObject([
      { action: "order.exported", actor: { id: bob.id }, details: { text: "", status: "paid" } },
      { details: { text: "ada", status: "all" } },
    ]);
  });

  test("without orders is the line of the columns", async () => {
    const own = testStore();
    const visitor = await visit(own, await users(own.repo).admin().insert());
    const res = await visitor.get("/desk/orders.csv");
    expect(res.text()).toBe("Number,Status,Total in EUR,Customer,E-mail,Placed,Paid,Shipped\n");
  });

  test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])(
    "gives a spreadsheet no formula: a customer called %j",
    async (name) => {
      const own = testStore();
      await orders(own.repo, await users(own.repo).insert({ name })).insert();
      const visitor = await visit(own, await users(own.repo).admin().insert());
      const res = await visitor.get("/desk/orders.csv");
      expect(res.text()).toContain(`'${name}`);
    },
  );

  test("is refused to customers and to visitors", async () => {
    const own = testStore();
    const visitor = await visit(own, await users(own.repo).insert());
    expect((await visitor.get("/desk/orders.csv")).status).toBe(403);
    (await request(own.app).get("/desk/orders.csv")).assertRedirect("/login");
  });
});

test("an export that is under way ends when its user's role is withdrawn", async () => {
  const own = testStore();
  const { repo, store } = own;
  const [root, bob] = [await users(repo).admin().insert(), await users(repo).moderator().insert()];
  for (const row of orders(repo, bob).buildList(3000)) await repo.insert("orders", row);
  const visitor = await visit(own, bob);
  await visitor.get("/desk");
  const cookie = ["store_session", "store_session_visitor"]
    .map((name) => `${name}=${visitor.cookie(name)}`)
    .join("; ");
  const response = await own.app.request("/desk/orders.csv", { headers: { cookie } });
  const reader = response.body?.getReader();
  expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
  await store.accounts.setRole(await sessionOf(store, root), bob.id, "customer");
  const rest = async () => {
    while (!(await reader?.read())?.done);
  };
  await expect(rest()).rejects.toThrow("Forbidden");
});

describe("the export of 20,000 orders", () => {
  const { repo } = onPglite();

  /** A store over PGlite with the orders, an admin's cookie, and the number of times that orders were read. */
  async function manyOrders() {
    let reads = 0;
    const counting = new Proxy(repo, {
      get(target, name) {
        if (name === "query") reads++;
        return Reflect.get(target, name);
      },
    });
    const own = testStore({ repo: counting });
    const admin = await users(repo).admin().insert();
    for (let step = 0; step < 20; step++) {
      const rows = orders(repo, admin).buildList(1000);
      await repo.insertAll(
        "orders",
        rows.map(({ id: _, ...row }) => row),
      );
    }
    const visitor = await visit(own, admin);
    await visitor.get("/desk");
    reads = 0;
    const cookie = ["store_session", "store_session_visitor"]
      .map((name) => `${name}=${visitor.cookie(name)}`)
      .join("; ");
    const open = () => own.app.request("/desk/orders.csv", { headers: { cookie } });
    return { open, reads: () => reads };
  }

  test("is read page by page as it is taken, and no further when the client goes away", async () => {
    const { open, reads } = await manyOrders();

    const response = await open();
    expect(response.status).toBe(200);
    let [chunks, largest, lines] = [0, 0, 0];
    for await (const chunk of response.body as ReadableStream<Uint8Array>) {
      chunks++;
      // No more than one page is ahead of the client, however long the export is.
      expect(reads()).toBeLessThanOrEqual(chunks + 1);
      largest = Math.max(largest, chunk.length);
      lines += new TextDecoder().decode(chunk).split("\n").length - 1;
    }
    expect(lines).toBe(20_001);
    expect(chunks).toBeGreaterThanOrEqual(40);
    expect(largest).toBeLessThan(64 * 1024);

    const left = (await open()).body?.getReader();
    const before = reads();
    await left?.read();
    await left?.cancel();
    expect(reads() - before).toBeLessThanOrEqual(2);
  });
});
