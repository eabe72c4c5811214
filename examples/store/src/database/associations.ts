/** Associations of the tables, for repos of both kinds. */
export const associations = {
  logins: { belongsTo: { user: { table: "users", by: "userId", onDelete: "cascade" } } },
  tokens: { belongsTo: { user: { table: "users", by: "userId", onDelete: "cascade" } } },
  identities: { belongsTo: { user: { table: "users", by: "userId", onDelete: "cascade" } } },
  apiTokens: { belongsTo: { user: { table: "users", by: "userId", onDelete: "cascade" } } },
  carts: { hasMany: { lines: { table: "cartLines", by: "cartId" } } },
  cartLines: {
    belongsTo: {
      cart: { table: "carts", by: "cartId", onDelete: "cascade" },
      product: { table: "products", by: "productId", onDelete: "cascade" },
    },
  },
  orders: {
    belongsTo: { user: { table: "users", by: "userId" } },
    hasMany: { lines: { table: "orderLines", by: "orderId" } },
    hasOne: { payment: { table: "payments", by: "orderId" } },
  },
  orderLines: { belongsTo: { order: { table: "orders", by: "orderId", onDelete: "cascade" } } },
  payments: { belongsTo: { order: { table: "orders", by: "orderId", onDelete: "cascade" } } },
  auditEntries: { belongsTo: { actor: { table: "users", by: "actorId", onDelete: "setNull" } } },
} as const;
