/** Factories of rows. `products(repo).insert()` saves; `products(repo).build()` does not. */
import { factory } from "@overwire/testing";
import type { Product, StoreRepo, User } from "../../src/database/schema.ts";

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
    .trait("unconfirmed", { confirmedAt: null });

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
