/** Orders of a year, made up: the same ones each time, so that a bookmark shows what it showed before. */
import { z } from "zod";

export const columns = ["number", "customer", "placed", "status", "total"] as const;
export const statuses = ["open", "paid", "shipped", "returned"] as const;

export interface Order {
  readonly number: number;
  readonly customer: string;
  readonly placed: Date;
  readonly status: (typeof statuses)[number];
  /** In cents. */
  readonly total: number;
}

/** Values that the URL may have. Invalid ones fall back to the defaults. */
export const queryOfOrders = z.object({
  q: z.string().trim().max(60).catch(""),
  status: z.enum(statuses).or(z.literal("all")).catch("all"),
  sort: z.enum(columns).catch("placed"),
  order: z.enum(["ascending", "descending"]).catch("descending"),
  page: z.coerce.number().int().min(1).catch(1),
});

export type OrderQuery = z.output<typeof queryOfOrders>;

const customers = [
  "Aalto & Sons",
  "Blue Kettle",
  "Café Central",
  "Delta Print",
  "Eastside Books",
  "Fern & Moss",
  "Grand Bazaar",
  "Harbour Foods",
  "Ivory Studio",
  "Juniper Lane",
  "Kite Works",
];

const orders: readonly Order[] = Array.from({ length: 236 }, (_, index) => ({
  number: 1001 + index,
  customer: customers[(index * 7 + Math.floor(index / 5)) % customers.length] as string,
  placed: new Date(Date.UTC(2025, 0, 1) + index * 37 * 3_600_000),
  status: statuses[(index * 5 + Math.floor(index / 9)) % statuses.length] as Order["status"],
  total: 990 + ((index * 7919) % 48_000),
}));

export const PAGE_SIZE = 12;

const collator = new Intl.Collator("en");

const compare = (a: Order, b: Order, by: OrderQuery["sort"]) =>
  by === "customer" || by === "status" ? collator.compare(a[by], b[by]) : Number(a[by]) - Number(b[by]);

/** @returns one page of what fits, how many fit, and how many pages they fill */
export function findOrders({ q, status, sort, order, page }: OrderQuery) {
  const wanted = q.toLowerCase();
  const found = orders.filter(
    (order) =>
      (status === "all" || order.status === status) &&
      `${order.number} ${order.customer}`.toLowerCase().includes(wanted),
  );
  const sign = order === "ascending" ? 1 : -1;
  found.sort((a, b) => sign * (compare(a, b, sort) || a.number - b.number));
  const rows = found.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
  return { rows, count: found.length, pages: Math.max(1, Math.ceil(found.length / PAGE_SIZE)) };
}
