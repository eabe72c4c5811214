/** Queries in SQL for the desk's table of orders. */
import type { DrizzlePg } from "@overwire/testing/drizzle";
import { and, asc, count, desc, eq, ilike, lt, or, type SQL } from "drizzle-orm";
import type { Evaluated } from "./evaluated.ts";
import type { OrderFilter, OrderQuery } from "./schema.ts";
import { orders, users } from "./tables.ts";

function where({ text, status }: OrderFilter): SQL | undefined {
  const pattern = `%${text.trim().replaceAll(/[\\%_]/g, "\\$&")}%`;
  return and(
    status && eq(orders.status, status),
    text.trim() === ""
      ? undefined
      : or(ilike(orders.number, pattern), ilike(users.name, pattern), ilike(users.email, pattern)),
  );
}

function order({ sort, descending }: OrderQuery): SQL[] {
  const column = { created: orders.createdAt, total: orders.total, customer: users.name }[sort];
  // The id makes the order certain, so that no page shows a row of another.
  return descending ? [desc(column), desc(orders.id)] : [asc(column), asc(orders.id)];
}

const row = {
  id: orders.id,
  number: orders.number,
  status: orders.status,
  total: orders.total,
  createdAt: orders.createdAt,
  paidAt: orders.paidAt,
  shippedAt: orders.shippedAt,
  customer: users.name,
  email: users.email,
};

const rows = (db: DrizzlePg, condition: SQL | undefined) =>
  db.select(row).from(orders).innerJoin(users, eq(users.id, orders.userId)).where(condition);

export const orderQueries: Pick<Evaluated, "findOrders" | "countOrders" | "orderIds" | "ordersBelow"> = {
  findOrders: (db, query) =>
    rows(db, where(query))
      .orderBy(...order(query))
      .limit(query.limit)
      .offset(query.offset),

  async countOrders(db, filter) {
    const [counted] = await db
      .select({ total: count() })
      .from(orders)
      .innerJoin(users, eq(users.id, orders.userId))
      .where(where(filter));
    return counted?.total ?? 0;
  },

  async orderIds(db, filter, limit) {
    const found = await db
      .select({ id: orders.id })
      .from(orders)
      .innerJoin(users, eq(users.id, orders.userId))
      .where(where(filter))
      .orderBy(desc(orders.id))
      .limit(limit);
    return found.map(({ id }) => id);
  },

  ordersBelow: (db, filter, id, limit) =>
    rows(db, and(where(filter), id === undefined ? undefined : lt(orders.id, id)))
      .orderBy(desc(orders.id))
      .limit(limit),
};
