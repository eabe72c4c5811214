/** The store's queries in SQL, by the names of `Queries`. */
import type { DrizzlePg } from "@overwire/testing/drizzle";
import {
  and,
  asc,
  desc,
  eq,
  gt,
  gte,
  inArray,
  isNull,
  lte,
  type SQL,
  type SQLWrapper,
  sql,
} from "drizzle-orm";
import { unionAll } from "drizzle-orm/pg-core";
import type { Evaluated } from "./evaluated.ts";
import { orderQueries } from "./order-queries.ts";
import type { Product, ProductQuery } from "./schema.ts";
import { cartLines, orderLines, orders, outbox, products, searched, users } from "./tables.ts";

type Facet = "categories" | "brands";

/** Every word has to begin a word of the product, or be a form of one: users see results while they type. */
function words(text: string): SQL | undefined {
  const terms = text
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu)
    ?.slice(0, 8)
    .map((term) => `${term}:*`);
  if (!terms) return undefined;
  const each = terms.map((term) => sql`(to_tsquery('english', ${term}) || to_tsquery('simple', ${term}))`);
  return sql`(${sql.join(each, sql` && `)})`;
}

function where(query: ProductQuery, without?: Facet): SQL | undefined {
  const search = words(query.text);
  return and(
    eq(products.isListed, true),
    search && sql`${searched(products)} @@ ${search}`,
    without !== "categories" && query.categories.length > 0
      ? inArray(products.category, [...query.categories])
      : undefined,
    without !== "brands" && query.brands.length > 0 ? inArray(products.brand, [...query.brands]) : undefined,
    query.priceFrom === undefined ? undefined : gte(products.price, query.priceFrom),
    query.priceTo === undefined ? undefined : lte(products.price, query.priceTo),
    query.inStock ? gt(products.stock, 0) : undefined,
  );
}

function order({ text, sort }: ProductQuery): SQL[] {
  const search = words(text);
  if (sort === "cheapest") return [asc(products.price), asc(products.id)];
  if (sort === "dearest") return [desc(products.price), asc(products.id)];
  if (sort === "relevance" && search)
    return [desc(sql`ts_rank(${searched(products)}, ${search})`), asc(products.id)];
  return [desc(products.createdAt), asc(products.id)];
}

const count = sql<number>`count(*)::int`;

/** Values of a facet, each with its number of products. */
function facet(db: DrizzlePg, query: ProductQuery, name: Facet) {
  const column = name === "categories" ? products.category : products.brand;
  return db
    .select({
      facet: sql<string>`${name}::text`.as("facet"),
      value: sql<string>`${column}`.as("value"),
      count,
    })
    .from(products)
    .where(where(query, name))
    .groupBy(column);
}

const changeStock = async (db: DrizzlePg, productId: number, change: number) => {
  const [product] = await db
    .update(products)
    .set({ stock: sql`${products.stock} + ${change}` })
    .where(and(eq(products.id, productId), sql`${products.stock} + ${change} >= 0`))
    .returning();
  return product;
};

/** Holds back other transactions with the same lock, until this one ends. */
async function lock(db: DrizzlePg, name: string): Promise<void> {
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
}

/** A sum of money: of many orders it is more than an integer holds. */
const cents = (each: SQLWrapper) => sql<number>`sum(${each})`.mapWith(Number);

export const queries: Evaluated = {
  ...orderQueries,

  findProducts: (db, query) =>
    db
      .select()
      .from(products)
      .where(where(query))
      .orderBy(...order(query))
      .limit(query.limit)
      .offset(query.offset),

  async countFacets(db, query) {
    // One statement, as it is asked with each letter that is typed.
    const total = db
      .select({ facet: sql<string>`'total'`, value: sql<string>`''`, count })
      .from(products)
      .where(where(query));
    const rows = await unionAll(facet(db, query, "categories"), facet(db, query, "brands"), total).orderBy(
      sql`value`,
    );
    const of = (name: string) =>
      rows.filter(({ facet }) => facet === name).map(({ value, count }) => ({ value, count }));
    return { categories: of("categories"), brands: of("brands"), total: of("total")[0]?.count ?? 0 };
  },

  takeStock: (db, productId, quantity) => changeStock(db, productId, -quantity),
  returnStock: async (db, productId, quantity) => (await changeStock(db, productId, quantity)) as Product,

  async putInCart(db, line, limit, beyond) {
    if (line.quantity > limit && beyond === "refuse") return undefined;
    const sum = sql`${cartLines.quantity} + excluded.quantity`;
    const [put] = await db
      .insert(cartLines)
      .values({ ...line, quantity: Math.min(line.quantity, limit) })
      .onConflictDoUpdate({
        target: [cartLines.cartId, cartLines.productId],
        set: { quantity: sql`least(${sum}, ${limit}::int)`, price: line.price },
        ...(beyond === "refuse" && { setWhere: sql`${sum} <= ${limit}` }),
      })
      .returning();
    return put;
  },

  lockOrder: (db, number) => lock(db, number),
  lockOrdersOf: (db, userId) => lock(db, `orders of ${userId}`),
  async lockUserRow(db, id) {
    const [user] = await db.select().from(users).where(eq(users.id, id)).for("no key update");
    return user;
  },
  lockUser: (db, id) => lock(db, `user ${id}`),

  async claimMail(db, now, until) {
    const next = db
      .select({ id: outbox.id })
      .from(outbox)
      .where(and(isNull(outbox.failedAt), lte(outbox.dueAt, now)))
      .orderBy(asc(outbox.id))
      .limit(1)
      .for("update", { skipLocked: true });
    const [mail] = await db
      .update(outbox)
      .set({ attempts: sql`${outbox.attempts} + 1`, dueAt: until })
      .where(eq(outbox.id, next))
      .returning();
    return mail;
  },

  async salesByDay(db, days, now) {
    const from = new Date(now.getTime() - (days - 1) * 86_400_000).toISOString().slice(0, 10);
    const day = sql<string>`to_char(${orders.paidAt} at time zone 'UTC', 'YYYY-MM-DD')`;
    const rows = await db
      .select({ day, turnover: cents(orders.total), orders: sql<number>`count(*)::int` })
      .from(orders)
      .where(and(inArray(orders.status, ["paid", "shipped"]), gte(orders.paidAt, new Date(from))))
      .groupBy(day);
    return daysFrom(from, days).map(
      (day) => rows.find((row) => row.day === day) ?? { day, turnover: 0, orders: 0 },
    );
  },

  bestSellers: (db, limit) => {
    const pieces = sql<number>`sum(${orderLines.quantity})::int`;
    return db
      .select({
        productId: orderLines.productId,
        name: sql<string>`max(${orderLines.name})`,
        pieces,
        turnover: cents(sql`${orderLines.quantity}::bigint * ${orderLines.price}`),
      })
      .from(orderLines)
      .innerJoin(orders, eq(orders.id, orderLines.orderId))
      .where(inArray(orders.status, ["paid", "shipped"]))
      .groupBy(orderLines.productId)
      .orderBy(desc(pieces), asc(orderLines.productId))
      .limit(limit);
  },
};

/** Dates one after the other, as `2026-11-29`. */
export const daysFrom = (first: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) =>
    new Date(Date.parse(first) + index * 86_400_000).toISOString().slice(0, 10),
  );
