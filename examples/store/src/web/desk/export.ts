/** The export of orders as CSV. It is written while it is read from the database, so its length costs no memory. */
import { ReadableStream } from "node:stream/web";
import { Forbidden, type OverwireApp } from "@overwire/server";
import { stringify } from "csv-stringify/sync";
import { mayModerate } from "../../accounts/roles.ts";
import type { OrderRow } from "../../database/schema.ts";
import type { Store } from "../../store/store.ts";
import { moderator } from "../shared/guards.ts";
import { filterOf, readOrderParams } from "./order-params.ts";

const columns: { readonly [K in keyof OrderRow]?: string } = {
  number: "Number",
  status: "Status",
  total: "Total in EUR",
  customer: "Customer",
  email: "E-mail",
  createdAt: "Placed",
  paidAt: "Paid",
  shippedAt: "Shipped",
};

/** @param mayGoOn is asked before each page: a client that takes its time is not let in for all of it */
async function* csvOf(
  pages: AsyncIterable<OrderRow[]>,
  mayGoOn: () => Promise<boolean>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let header = true;
  for await (const rows of pages) {
    // Thrown, so that the file is broken off, and not taken for a whole one.
    if (!(await mayGoOn())) throw new Forbidden();
    const csv = stringify(
      rows.map((row) => ({ ...row, total: (row.total / 100).toFixed(2) })),
      {
        header,
        columns,
        // A spreadsheet would take a customer called `=1+1` for a formula.
        escape_formulas: true,
        cast: { date: (date) => date.toISOString() },
      },
    );
    header = false;
    yield encoder.encode(csv);
  }
}

export function exportHandler(app: OverwireApp, store: Store): void {
  app.get("/desk/orders.csv", moderator, async (c) => {
    const filter = filterOf(readOrderParams(c.req.query()));
    const session = await app.getSession(c);
    const user = await store.accounts.userOf(session);
    const mayGoOn = async () => {
      const now = await store.accounts.userOf(session);
      return now !== undefined && mayModerate(now);
    };
    await store.audit.record(user, "order.exported", "orders", { ...filter, status: filter.status ?? "all" });
    const name = `orders-${store.services.clock().toISOString().slice(0, 10)}.csv`;
    // The client asks for each page when it has taken the one before; if it goes away, the generator ends.
    return c.body(
      ReadableStream.from(csvOf(store.orderList.pages(filter), mayGoOn)) as globalThis.ReadableStream,
      200,
      {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="${name}"`,
      },
    );
  });
}
