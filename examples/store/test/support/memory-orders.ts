/** Answers of the desk's queries for orders in memory. */
import type { Order, OrderFilter, OrderQuery, OrderRow, StoreRepo, User } from "../../src/database/schema.ts";

type Whole = Order & { user: User };

const matching = ({ text, status }: OrderFilter) => {
  const part = text.trim().toLowerCase();
  return ({ status: own, number, user }: Whole) =>
    (status === undefined || own === status) &&
    [number, user.name, user.email].some((value) => value.toLowerCase().includes(part));
};

const found = async (repo: StoreRepo, filter: OrderFilter) =>
  (await repo.all("orders", { orderBy: { id: "desc" }, preload: { user: true } })).filter(matching(filter));

const row = ({ id, number, status, total, createdAt, paidAt, shippedAt, user }: Whole): OrderRow => ({
  id,
  number,
  status,
  total,
  createdAt,
  paidAt,
  shippedAt,
  customer: user.name,
  email: user.email,
});

const orders: Record<OrderQuery["sort"], (a: Whole, b: Whole) => number> = {
  created: (a, b) => +a.createdAt - +b.createdAt,
  total: (a, b) => a.total - b.total,
  customer: (a, b) => (a.user.name < b.user.name ? -1 : a.user.name > b.user.name ? 1 : 0),
};

export const orderFallback = {
  async findOrders(repo: StoreRepo, query: OrderQuery) {
    const direction = query.descending ? -1 : 1;
    return (await found(repo, query))
      .sort((a, b) => direction * (orders[query.sort](a, b) || a.id - b.id))
      .slice(query.offset, query.offset + query.limit)
      .map(row);
  },
  countOrders: async (repo: StoreRepo, filter: OrderFilter) => (await found(repo, filter)).length,
  orderIds: async (repo: StoreRepo, filter: OrderFilter, limit: number) =>
    (await found(repo, filter)).slice(0, limit).map(({ id }) => id),
  ordersBelow: async (repo: StoreRepo, filter: OrderFilter, below: number | undefined, limit: number) =>
    (await found(repo, filter))
      .filter(({ id }) => below === undefined || id < below)
      .slice(0, limit)
      .map(row),
};
