/** Tables of the store as Drizzle sees them. After a change run `npm run migrations`. */
import { type SQL, type SQLWrapper, sql } from "drizzle-orm";
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  serial,
  text,
  timestamp,
  unique,
} from "drizzle-orm/pg-core";

export const ROLES = ["customer", "moderator", "admin"] as const;
export const role = pgEnum("role", ROLES);
export const ORDER_STATUSES = ["pending", "paid", "shipped", "declined", "cancelled", "refunded"] as const;
export const orderStatus = pgEnum("order_status", ORDER_STATUSES);
export const PAYMENT_STATUSES = ["pending", "succeeded", "declined", "refunded"] as const;
export const paymentStatus = pgEnum("payment_status", PAYMENT_STATUSES);
/** Purposes of a link that is mailed. */
export const TOKEN_KINDS = ["confirm", "magic", "reset", "email"] as const;
export const tokenKind = pgEnum("token_kind", TOKEN_KINDS);

/** A place that goods are sent to. */
export interface Address {
  readonly name: string;
  readonly street: string;
  readonly postcode: string;
  readonly city: string;
  /** ISO 3166, two letters. */
  readonly country: string;
}
/** A means of payment that the gateway keeps: the store only knows how to name it. */
export interface PaymentMethod {
  readonly id: string;
  readonly brand: string;
  readonly last4: string;
}

const time = (name: string) => timestamp(name, { withTimezone: true });
const createdAt = () => time("created_at").notNull().defaultNow();

export const users = pgTable("users", {
  id: serial().primaryKey(),
  /** In lower case. */
  email: text().notNull().unique(),
  name: text().notNull(),
  /** Argon2id; null of a user who logs in by a provider or by links only. */
  passwordHash: text("password_hash"),
  role: role().notNull().default("customer"),
  confirmedAt: time("confirmed_at"),
  createdAt: createdAt(),
});

/** Log-ins: one for each browser, until it is logged out, revoked or out of time. */
export const logins = pgTable(
  "logins",
  {
    /** Random: it stands in the session. */
    id: text().primaryKey(),
    userId: integer("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** The browser's own description. */
    agent: text().notNull(),
    address: text().notNull(),
    createdAt: createdAt(),
    seenAt: time("seen_at").notNull().defaultNow(),
    /** The time of the password, of a link, or of a provider's answer. */
    authenticatedAt: time("authenticated_at").notNull().defaultNow(),
    expiresAt: time("expires_at").notNull(),
  },
  (table) => [index().on(table.userId)],
);

/** Links that were mailed. Only the hash of a token is kept. */
export const tokens = pgTable("tokens", {
  id: serial().primaryKey(),
  kind: tokenKind().notNull(),
  userId: integer("user_id")
    .notNull()
    .references(() => users.id, { onDelete: "cascade" }),
  hash: text().notNull().unique(),
  /** The address that the link went to. */
  sentTo: text("sent_to").notNull(),
  expiresAt: time("expires_at").notNull(),
});

/** Accounts at providers of OAuth2 and OpenID Connect. */
export const identities = pgTable(
  "identities",
  {
    id: serial().primaryKey(),
    userId: integer("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    provider: text().notNull(),
    /** The provider's id of the user. */
    subject: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [unique().on(table.provider, table.subject)],
);

/** Tokens of the API. */
export const apiTokens = pgTable("api_tokens", {
  id: serial().primaryKey(),
  userId: integer("user_id")
    .notNull()
    .references(() => users.id, { onDelete: "cascade" }),
  name: text().notNull(),
  hash: text().notNull().unique(),
  /** First characters, to tell tokens apart. */
  prefix: text().notNull(),
  createdAt: createdAt(),
  usedAt: time("used_at"),
});

/** Answers of the onboarding, step by step. */
export const profiles = pgTable("profiles", {
  userId: integer("user_id")
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  displayName: text("display_name").notNull().default(""),
  address: jsonb().$type<Address>(),
  paymentMethod: jsonb("payment_method").$type<PaymentMethod>(),
  /** The gateway's id of a card that is being entered on its page. */
  setupId: text("setup_id"),
  /** True if a means of payment is left to the first order. */
  paymentSkipped: boolean("payment_skipped").notNull().default(false),
  completedAt: time("completed_at"),
});

/**
 * The words of a product by their weight: their stems, and as they are written, for words that are still being typed ("cutti" is no
 * beginning of the stem "cut"). Queries have to use the same expression as its index.
 */
export const searched = (product: {
  readonly name: SQLWrapper;
  readonly brand: SQLWrapper;
  readonly category: SQLWrapper;
  readonly description: SQLWrapper;
}): SQL => {
  const words = (text: SQLWrapper, weight: string) => {
    const kept = sql.raw(`'${weight}'`);
    return sql`setweight(to_tsvector('english', ${text}) || to_tsvector('simple', ${text}), ${kept})`;
  };
  const kinds = sql`${product.brand} || ' ' || ${product.category}`;
  return sql`(${words(product.name, "A")} || ${words(kinds, "B")} || ${words(product.description, "C")})`;
};

export const products = pgTable(
  "products",
  {
    id: serial().primaryKey(),
    slug: text().notNull().unique(),
    name: text().notNull(),
    description: text().notNull(),
    category: text().notNull(),
    brand: text().notNull(),
    /** In cents of a euro. */
    price: integer().notNull(),
    stock: integer().notNull(),
    /** Name of a file; null shows a drawing. */
    picture: text(),
    /** A product that is not is neither listed nor sold. */
    isListed: boolean("is_listed").notNull().default(true),
    createdAt: createdAt(),
  },
  (table) => [
    index("products_search").using("gin", searched(table)),
    index("products_category").on(table.category),
    check("products_price", sql`${table.price} >= 0`),
    check("products_stock", sql`${table.stock} >= 0`),
  ],
);

/** A cart belongs to a browser, until its user logs in. */
export const carts = pgTable("carts", {
  /** Random: it stands in the session of a visitor who is not logged in. */
  id: text().primaryKey(),
  userId: integer("user_id")
    .unique()
    .references(() => users.id, { onDelete: "cascade" }),
  updatedAt: time("updated_at").notNull().defaultNow(),
});

export const cartLines = pgTable(
  "cart_lines",
  {
    id: serial().primaryKey(),
    cartId: text("cart_id")
      .notNull()
      .references(() => carts.id, { onDelete: "cascade" }),
    productId: integer("product_id")
      .notNull()
      .references(() => products.id, { onDelete: "cascade" }),
    quantity: integer().notNull(),
    /** The price that the customer has seen last, so that a changed one can be pointed out. */
    price: integer().notNull(),
  },
  (table) => [
    unique().on(table.cartId, table.productId),
    check("cart_lines_quantity", sql`${table.quantity} > 0`),
  ],
);

export const orders = pgTable(
  "orders",
  {
    id: serial().primaryKey(),
    /** The number that customers read, such as `2026-7GQK2-M9XTB`. */
    number: text().notNull().unique(),
    userId: integer("user_id")
      .notNull()
      .references(() => users.id),
    status: orderStatus().notNull().default("pending"),
    /** In cents of a euro. */
    total: integer().notNull(),
    address: jsonb().$type<Address>().notNull(),
    /** Of the client: the same key is the same order. */
    idempotencyKey: text("idempotency_key").notNull(),
    createdAt: createdAt(),
    paidAt: time("paid_at"),
    shippedAt: time("shipped_at"),
    /** A pending order is cancelled then. */
    expiresAt: time("expires_at").notNull(),
  },
  (table) => [
    unique().on(table.userId, table.idempotencyKey),
    index().on(table.status),
    index().on(table.createdAt),
    index().on(table.paidAt),
  ],
);

export const orderLines = pgTable(
  "order_lines",
  {
    id: serial().primaryKey(),
    orderId: integer("order_id")
      .notNull()
      .references(() => orders.id, { onDelete: "cascade" }),
    productId: integer("product_id")
      .notNull()
      .references(() => products.id),
    /** Name and price as they were sold. */
    name: text().notNull(),
    price: integer().notNull(),
    quantity: integer().notNull(),
  },
  (table) => [index().on(table.orderId)],
);

export const payments = pgTable("payments", {
  id: serial().primaryKey(),
  orderId: integer("order_id")
    .notNull()
    .unique()
    .references(() => orders.id, { onDelete: "cascade" }),
  /** The gateway's id. */
  reference: text().notNull().unique(),
  status: paymentStatus().notNull().default("pending"),
  /** In cents of a euro. */
  amount: integer().notNull(),
  createdAt: createdAt(),
});

/** Events of the gateway that were handled: each counts once. */
export const webhookEvents = pgTable("webhook_events", {
  /** The gateway's id. */
  id: text().primaryKey(),
  type: text().notNull(),
  receivedAt: time("received_at").notNull().defaultNow(),
});

/** Mails that are written and not sent yet, and those that were given up. */
export const outbox = pgTable(
  "outbox",
  {
    id: serial().primaryKey(),
    to: text("recipient").notNull(),
    subject: text().notNull(),
    text: text().notNull(),
    /** The thing that it tells of, such as `order:7`. */
    about: text().notNull(),
    /** Begun ones, so that a mail that ends its process is not tried for ever. */
    attempts: integer().notNull().default(0),
    /** It is left alone until then: another node sends it, or it waits for its next attempt. */
    dueAt: time("due_at").notNull(),
    /** It was given up then. */
    failedAt: time("failed_at"),
    createdAt: createdAt(),
  },
  (table) => [index().on(table.dueAt).where(sql`${table.failedAt} is null`)],
);

/** Actions at the desk and in accounts, for those who look into what happened. */
export const auditEntries = pgTable(
  "audit_entries",
  {
    id: serial().primaryKey(),
    /** Null: the store itself, or a user who is gone. */
    actorId: integer("actor_id").references(() => users.id, { onDelete: "set null" }),
    /** Such as `user.role_changed`. */
    action: text().notNull(),
    /** The thing, such as `user:7`. */
    subject: text().notNull(),
    details: jsonb().$type<Record<string, string | number | boolean | null>>().notNull().default({}),
    createdAt: createdAt(),
  },
  (table) => [index().on(table.createdAt)],
);

export const flags = pgTable("flags", {
  name: text().primaryKey(),
  description: text().notNull(),
  isOn: boolean("is_on").notNull().default(false),
});
