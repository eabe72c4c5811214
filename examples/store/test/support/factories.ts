/** Factories of rows. `products(repo).insert()` saves; `products(repo).build()` does not. */
import { factory } from "@overwire/testing";
import type {
  Cart,
  CartLine,
  Order,
  OrderLine,
  Product,
  StoreRepo,
  User,
} from "../../src/database/schema.ts";
import { hashOf } from "./passwords.ts";

export const users = (repo: StoreRepo) =>
  factory<User>(
    ({ sequence }) => ({
      id: sequence("user id", (n) => n),
      email: sequence("email", (n) => `user${n}@example.com`),
      name: "Ada Lovelace",
      passwordHash: null,
      role: "customer",
      confirmedAt: new Date("2026-01-01T00:00:00Z"),
      createdAt: new Date("2026-01-01T00:00:00Z"),
    }),
    { insert: ({ id: _, ...user }) => repo.insert("users", user) },
  )
    .trait("admin", { role: "admin" })
    .trait("moderator", { role: "moderator" })
    .trait("unconfirmed", { confirmedAt: null })
    .trait("withPassword", (password: string) => ({ passwordHash: hashOf(password) }));

export const products = (repo: StoreRepo) =>
  factory<Product>(
    ({ sequence }) => ({
      id: sequence("product id", (n) => n),
      slug: sequence("slug", (n) => `cup-${n}`),
      name: "Stoneware cup",
      description: "Thrown by hand.",
      category: "Cups",
      brand: "Lehm & Feuer",
      price: 1800,
      stock: 10,
      picture: null,
      isListed: true,
      createdAt: new Date("2026-01-01T00:00:00Z"),
    }),
    { insert: ({ id: _, ...product }) => repo.insert("products", product) },
  ).trait("soldOut", { stock: 0 });

/** Orders of a user; `orders(repo, user).paid().insert()`. */
export const orders = (repo: StoreRepo, { id: userId }: Pick<User, "id">) =>
  factory<Order>(
    ({ sequence }) => ({
      id: sequence("order id", (n) => n),
      number: sequence("order number", (n) => `2026-${String(n).padStart(6, "0")}`),
      userId,
      status: "pending",
      total: 1800,
      address: {
        name: "Ada Lovelace",
        street: "Lindenstr. 1",
        postcode: "10969",
        city: "Berlin",
        country: "DE",
      },
      idempotencyKey: sequence("idempotency key", (n) => `key-${n}`),
      createdAt: new Date("2026-01-01T00:00:00Z"),
      paidAt: null,
      shippedAt: null,
      expiresAt: new Date("2026-01-01T00:30:00Z"),
    }),
    { insert: ({ id: _, ...order }) => repo.insert("orders", order) },
  )
    .trait("paid", { status: "paid", paidAt: new Date("2026-01-01T00:05:00Z") })
    .trait("shipped", {
      status: "shipped",
      paidAt: new Date("2026-01-01T00:05:00Z"),
      shippedAt: new Date("2026-01-02T00:00:00Z"),
    });

/** Lines of an order. */
export const orderLines = (repo: StoreRepo, order: Pick<Order, "id">, product: Product) =>
  factory<OrderLine>(
    ({ sequence }) => ({
      id: sequence("order line id", (n) => n),
      orderId: order.id,
      productId: product.id,
      name: product.name,
      price: product.price,
      quantity: 1,
    }),
    { insert: ({ id: _, ...line }) => repo.insert("orderLines", line) },
  );

/** Lines of carts, with the product and the cart that they belong to. */
export const cartLines = (repo: StoreRepo) =>
  factory<CartLine & { product: Product; cart: Cart }>(
    ({ sequence }) => ({
      id: sequence("cart line id", (n) => n),
      cartId: (line) => line.cart.id,
      productId: (line) => line.product.id,
      quantity: 1,
      price: (line) => line.product.price,
      product: () => products(repo).build(),
      cart: () => carts(repo).build(),
    }),
    {
      insert: async ({ id: _, product, cart, ...line }) => ({
        ...(await repo.insert("cartLines", { ...line, productId: product.id, cartId: cart.id })),
        product,
        cart,
      }),
    },
  );

const carts = (repo: StoreRepo) =>
  factory<Cart>(
    ({ sequence }) => ({
      id: sequence("cart id", (n) => `cart-${n}`),
      userId: null,
      updatedAt: new Date("2026-01-01T00:00:00Z"),
    }),
    { insert: (cart) => repo.insert("carts", cart) },
  );
