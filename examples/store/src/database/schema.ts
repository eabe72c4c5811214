/** Rows of the store, and the repo that all of its modules read and write by. */
import type { Repo, Table } from "@overwire/testing/drizzle";
import type * as tables from "./tables.ts";

type Tables = typeof tables;

export type User = Tables["users"]["$inferSelect"];
export type Login = Tables["logins"]["$inferSelect"] & { user?: User };
export type Token = Tables["tokens"]["$inferSelect"] & { user?: User };
export type Identity = Tables["identities"]["$inferSelect"] & { user?: User };
export type ApiToken = Tables["apiTokens"]["$inferSelect"] & { user?: User };
export type Profile = Tables["profiles"]["$inferSelect"];
export type Product = Tables["products"]["$inferSelect"];
export type Cart = Tables["carts"]["$inferSelect"] & { lines?: CartLine[] };
export type CartLine = Tables["cartLines"]["$inferSelect"] & { product?: Product; cart?: Cart };
export type Order = Tables["orders"]["$inferSelect"] & {
  user?: User;
  lines?: OrderLine[];
  payment?: Payment | null;
};
export type OrderLine = Tables["orderLines"]["$inferSelect"] & { order?: Order };
export type Payment = Tables["payments"]["$inferSelect"] & { order?: Order };
export type WebhookEvent = Tables["webhookEvents"]["$inferSelect"];
export type OutboxMail = Tables["outbox"]["$inferSelect"];
export type AuditEntry = Tables["auditEntries"]["$inferSelect"] & { actor?: User | null };
export type Flag = Tables["flags"]["$inferSelect"];

export type Role = User["role"];
export type OrderStatus = Order["status"];

export interface Schema {
  users: Table<User, Tables["users"]["$inferInsert"]>;
  logins: Table<Login, Tables["logins"]["$inferInsert"]>;
  tokens: Table<Token, Tables["tokens"]["$inferInsert"]>;
  identities: Table<Identity, Tables["identities"]["$inferInsert"]>;
  apiTokens: Table<ApiToken, Tables["apiTokens"]["$inferInsert"]>;
  profiles: Table<Profile, Tables["profiles"]["$inferInsert"]>;
  products: Table<Product, Tables["products"]["$inferInsert"]>;
  carts: Table<Cart, Tables["carts"]["$inferInsert"]>;
  cartLines: Table<CartLine, Tables["cartLines"]["$inferInsert"]>;
  orders: Table<Order, Tables["orders"]["$inferInsert"]>;
  orderLines: Table<OrderLine, Tables["orderLines"]["$inferInsert"]>;
  payments: Table<Payment, Tables["payments"]["$inferInsert"]>;
  webhookEvents: Table<WebhookEvent, Tables["webhookEvents"]["$inferInsert"]>;
  outbox: Table<OutboxMail, Tables["outbox"]["$inferInsert"]>;
  auditEntries: Table<AuditEntry, Tables["auditEntries"]["$inferInsert"]>;
  flags: Table<Flag, Tables["flags"]["$inferInsert"]>;
}

/** A page of the catalogue. */
export interface ProductQuery {
  /** Words as a user types them; empty for all products. */
  readonly text: string;
  readonly categories: readonly string[];
  readonly brands: readonly string[];
  /** In cents. */
  readonly priceFrom?: number | undefined;
  readonly priceTo?: number | undefined;
  readonly inStock?: boolean | undefined;
  readonly sort: "relevance" | "newest" | "cheapest" | "dearest";
  readonly limit: number;
  readonly offset: number;
}

/** A value of a facet, and the number of products that have it. */
export interface FacetValue {
  readonly value: string;
  readonly count: number;
}

/** Orders that the desk looks for. */
export interface OrderFilter {
  /** Part of a number, or of a customer's name or address; empty for all. */
  readonly text: string;
  readonly status?: OrderStatus | undefined;
}

/** A page of the desk's table of orders. */
export interface OrderQuery extends OrderFilter {
  readonly sort: "created" | "total" | "customer";
  readonly descending: boolean;
  readonly limit: number;
  readonly offset: number;
}

/** An order with the customer as the desk shows both. */
export interface OrderRow
  extends Pick<Order, "id" | "number" | "status" | "total" | "createdAt" | "paidAt" | "shippedAt"> {
  readonly customer: string;
  readonly email: string;
}

/** Queries that only a database evaluates. */
export interface Queries {
  /** Products of a page, in its order. */
  findProducts(query: ProductQuery): Product[];
  /** Values of each facet under the query's other facets, so that a user sees what a further choice would bring. */
  countFacets(query: ProductQuery): { categories: FacetValue[]; brands: FacetValue[]; total: number };
  /** Takes pieces out of stock if there are enough, in one statement. Undefined if there are not. */
  takeStock(productId: number, quantity: number): Product | undefined;
  /** Puts pieces back. */
  returnStock(productId: number, quantity: number): Product;
  /**
   * Puts pieces into a cart, beside those of the same product that are in it, in one statement.
   * `beyond` says what happens past the limit: undefined is the answer, or as many are put in as it allows.
   */
  putInCart(
    line: Omit<CartLine, "id" | "product" | "cart">,
    limit: number,
    beyond: "refuse" | "cap",
  ): CartLine | undefined;
  /** Holds back other transactions about an order, which need not be there yet, until this one ends. */
  lockOrder(number: string): void;
  /** Holds back other new orders of a user, until this transaction ends. Call it after {@link lockOrder}. */
  lockOrdersOf(userId: number): void;
  /** Holds back other transactions that change the ways into a user's account, until this one ends. */
  lockUser(id: number): void;
  /** A user as they are now, whose row is held until the transaction ends. Callers may have {@link lockUser} of another one. */
  lockUserRow(id: number): User | undefined;
  /**
   * The mail that has waited the longest of those that are due, which is this caller's until a time. Several nodes that ask at once get
   * different ones.
   */
  claimMail(now: Date, until: Date): OutboxMail | undefined;
  /** Turnover and number of paid orders for each of the last days, oldest first; days without orders too. */
  salesByDay(days: number, now: Date): { day: string; turnover: number; orders: number }[];
  /** Products by pieces sold. */
  bestSellers(limit: number): { productId: number; name: string; pieces: number; turnover: number }[];
  /** Orders of a page, in its order. */
  findOrders(query: OrderQuery): OrderRow[];
  countOrders(filter: OrderFilter): number;
  /** Ids of the newest orders, for what is done to all of a filter. */
  orderIds(filter: OrderFilter, limit: number): number[];
  /** The newest orders, below an id: an export goes through all of them in steps. */
  ordersBelow(filter: OrderFilter, id: number | undefined, limit: number): OrderRow[];
}

export type StoreRepo = Repo<Schema, Queries>;
