/** The store's tables in memory, for tests without a database. */
import { memoryRepo } from "@overwire/testing";
import { associations } from "../../src/database/associations.ts";
import { daysFrom } from "../../src/database/queries.ts";
import type { Product, ProductQuery, Queries, Schema, StoreRepo } from "../../src/database/schema.ts";
import { orderFallback } from "./memory-orders.ts";

const now = () => new Date();

/** A repo without rows. Its queries by name answer as PostgreSQL does, as far as tests without one need it. */
export const memory = (): StoreRepo =>
  memoryRepo<Schema, Queries>({
    tables: {
      users: {
        unique: ["email"],
        defaults: { passwordHash: null, role: "customer", confirmedAt: null, createdAt: now },
      },
      logins: {
        ...associations.logins,
        defaults: { createdAt: now, seenAt: now, authenticatedAt: now },
      },
      tokens: { ...associations.tokens, unique: ["hash"] },
      identities: {
        ...associations.identities,
        unique: [["provider", "subject"]],
        defaults: { createdAt: now },
      },
      apiTokens: { ...associations.apiTokens, unique: ["hash"], defaults: { createdAt: now, usedAt: null } },
      profiles: {
        key: "userId",
        defaults: {
          displayName: "",
          address: null,
          paymentMethod: null,
          setupId: null,
          paymentSkipped: false,
          completedAt: null,
        },
      },
      products: { unique: ["slug"], defaults: { picture: null, isListed: true, createdAt: now } },
      carts: { ...associations.carts, unique: ["userId"], defaults: { userId: null, updatedAt: now } },
      cartLines: { ...associations.cartLines, unique: [["cartId", "productId"]] },
      orders: {
        ...associations.orders,
        unique: ["number", ["userId", "idempotencyKey"]],
        defaults: { status: "pending", createdAt: now, paidAt: null, shippedAt: null },
      },
      orderLines: { ...associations.orderLines },
      payments: {
        ...associations.payments,
        unique: ["orderId", "reference"],
        defaults: { status: "pending", createdAt: now },
      },
      webhookEvents: { defaults: { receivedAt: now } },
      outbox: { defaults: { attempts: 0, failedAt: null, createdAt: now } },
      auditEntries: {
        ...associations.auditEntries,
        defaults: { actorId: null, details: {}, createdAt: now },
      },
      flags: { key: "name", defaults: { isOn: false } },
    },
    fallback: {
      ...orderFallback,
      findProducts: async (repo, query) =>
        ordered((await repo.all("products")).filter(matching(query)), query).slice(
          query.offset,
          query.offset + query.limit,
        ),
      async countFacets(repo, query) {
        const products = await repo.all("products");
        const count = (name: "category" | "brand", without: Partial<ProductQuery>) => {
          const counts = new Map<string, number>();
          for (const product of products.filter(matching({ ...query, ...without })))
            counts.set(product[name], (counts.get(product[name]) ?? 0) + 1);
          return [...counts]
            .map(([value, count]) => ({ value, count }))
            .sort((a, b) => (a.value < b.value ? -1 : 1));
        };
        return {
          categories: count("category", { categories: [] }),
          brands: count("brand", { brands: [] }),
          total: products.filter(matching(query)).length,
        };
      },
      // One statement in SQL, so nothing may come between here, either.
      takeStock: (repo, productId, quantity) =>
        repo.transaction(async () => {
          const product = await repo.get("products", productId);
          if (!product || product.stock < quantity) return undefined;
          return repo.update("products", productId, { stock: product.stock - quantity });
        }),
      returnStock: (repo, productId, quantity) =>
        repo.transaction(async () => {
          const product = await repo.get("products", productId);
          return repo.update("products", productId, { stock: (product?.stock ?? 0) + quantity });
        }),
      // One statement in PostgreSQL: nothing comes between what it reads and what it writes.
      putInCart: (repo, line, limit, beyond) =>
        repo.transaction(async () => {
          const { cartId, productId, price } = line;
          const present = await repo.getBy("cartLines", { cartId, productId });
          const quantity = line.quantity + (present?.quantity ?? 0);
          if (quantity > limit && beyond === "refuse") return undefined;
          const put = { price, quantity: Math.min(quantity, limit) };
          return present
            ? repo.update("cartLines", present.id, put)
            : repo.insert("cartLines", { cartId, productId, ...put });
        }),
      // Transactions run one after the other here.
      async lockOrder() {},
      async lockOrdersOf() {},
      async lockUser() {},
      lockUserRow: (repo, id) => repo.get("users", id),
      claimMail: (repo, now, until) =>
        repo.transaction(async () => {
          const due = { failedAt: null, dueAt: { lte: now } };
          const [mail] = await repo.filter("outbox", due, { orderBy: { id: "asc" }, limit: 1 });
          return mail && repo.update("outbox", mail.id, { attempts: mail.attempts + 1, dueAt: until });
        }),
      async salesByDay(repo, days, now) {
        const first = new Date(now.getTime() - (days - 1) * 86_400_000).toISOString().slice(0, 10);
        const sold = await repo.filter("orders", { status: { in: ["paid", "shipped"] } });
        return daysFrom(first, days).map((day) => {
          const own = sold.filter(({ paidAt }) => paidAt?.toISOString().startsWith(day));
          return { day, turnover: own.reduce((sum, { total }) => sum + total, 0), orders: own.length };
        });
      },
      async bestSellers(repo, limit) {
        const sold = await repo.filter(
          "orders",
          { status: { in: ["paid", "shipped"] } },
          { preload: { lines: true } },
        );
        const best = new Map<number, { productId: number; name: string; pieces: number; turnover: number }>();
        for (const { productId, name, price, quantity } of sold.flatMap(({ lines }) => lines)) {
          const { pieces = 0, turnover = 0 } = best.get(productId) ?? {};
          best.set(productId, {
            productId,
            name,
            pieces: pieces + quantity,
            turnover: turnover + price * quantity,
          });
        }
        return [...best.values()]
          .sort((a, b) => b.pieces - a.pieces || a.productId - b.productId)
          .slice(0, limit);
      },
    },
  });

const matching = (query: ProductQuery) => (product: Product) => {
  const words = query.text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const own = `${product.name} ${product.brand} ${product.category} ${product.description}`
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
  return (
    product.isListed &&
    words.every((word) => own.some((each) => each.startsWith(word))) &&
    (query.categories.length === 0 || query.categories.includes(product.category)) &&
    (query.brands.length === 0 || query.brands.includes(product.brand)) &&
    product.price >= (query.priceFrom ?? 0) &&
    product.price <= (query.priceTo ?? Infinity) &&
    (!query.inStock || product.stock > 0)
  );
};

function ordered(products: Product[], { sort, text }: ProductQuery): Product[] {
  const inName = ({ name }: Product) => (name.toLowerCase().includes(text.toLowerCase()) ? 0 : 1);
  const orders: Record<ProductQuery["sort"], (a: Product, b: Product) => number> = {
    cheapest: (a, b) => a.price - b.price,
    dearest: (a, b) => b.price - a.price,
    newest: (a, b) => +b.createdAt - +a.createdAt,
    relevance: (a, b) => inName(a) - inName(b) || +b.createdAt - +a.createdAt,
  };
  return products.sort((a, b) => orders[sort](a, b) || a.id - b.id);
}
