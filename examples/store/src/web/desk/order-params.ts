/** The desk's table of orders in the URL: filter, order and page, for the page and for its export. */
import { path } from "@overwire/server";
import { z } from "zod";
import type { OrderFilter, OrderQuery } from "../../database/schema.ts";
import { ORDER_STATUSES } from "../../database/tables.ts";
import { searched } from "../../shared/texts.ts";

export const PAGE_SIZE = 25;

const params = z.object({
  q: searched(100).catch(""),
  status: z.enum(ORDER_STATUSES).optional().catch(undefined),
  sort: z.enum(["created", "total", "customer"]).catch("created"),
  direction: z.enum(["asc", "desc"]).catch("desc"),
  page: z.coerce.number().int().min(1).max(100_000).catch(1),
});

export type OrderParams = z.infer<typeof params>;

/** A URL is typed by users: a value that does not fit counts as not given. */
export const readOrderParams = (query: object): OrderParams => params.parse(query);

export const filterOf = ({ q, status }: OrderParams): OrderFilter => ({ text: q, status });

export const queryOf = (params: OrderParams): OrderQuery => ({
  ...filterOf(params),
  sort: params.sort,
  descending: params.direction === "desc",
  limit: PAGE_SIZE,
  offset: (params.page - 1) * PAGE_SIZE,
});

/** Leaves defaults out of the URL. */
const short = ({ q, status, sort, direction, page }: OrderParams) => ({
  ...(q !== "" && { q }),
  ...(status !== undefined && { status }),
  ...(sort !== "created" && { sort }),
  ...(direction !== "desc" && { direction }),
  ...(page !== 1 && { page }),
});

export const ordersPath = (params: OrderParams): string => path("/desk/orders", {}, short(params));

export const exportPath = ({ q, status }: OrderParams): string =>
  path("/desk/orders.csv", {}, { ...(q !== "" && { q }), ...(status !== undefined && { status }) });

/** Of the page of one order. */
export const deskOrderPath = (number: string): string => path("/desk/orders/:number", { number });
