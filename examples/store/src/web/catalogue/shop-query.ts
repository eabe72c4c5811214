/** The shop's search as it stands in the URL, `/?q=cup&category[]=Cups&to=20`: read, checked and written. */
import { path } from "@overwire/server";
import { z } from "zod";
import type { ProductQuery } from "../../database/schema.ts";
import { line, searched } from "../../shared/texts.ts";

export const SORTS = {
  relevance: "Best match",
  newest: "Newest",
  cheapest: "Price, low to high",
  dearest: "Price, high to low",
} as const satisfies Readonly<Record<ProductQuery["sort"], string>>;

const choices = z.array(line().max(40)).max(30).catch([]);
/** An amount as users type it, `12` or `12,50`, in cents. */
const euros = z
  .string()
  .trim()
  .regex(/^\d{1,6}(?:[.,]\d{1,2})?$/)
  .transform((text) => Math.round(Number(text.replace(",", ".")) * 100))
  .optional()
  .catch(undefined);

/** Any URL can be typed: a wrong part of it counts as not given. */
export const shopQuery = z.object({
  q: searched(80).pipe(z.string().trim()).catch(""),
  category: choices,
  brand: choices,
  from: euros,
  to: euros,
  stock: z.literal("in").optional().catch(undefined),
  sort: z.enum(["relevance", "newest", "cheapest", "dearest"]).catch("relevance"),
});

export type ShopQuery = z.infer<typeof shopQuery>;

/** Of a URL without a query. */
export const WHOLE_SHOP: ShopQuery = Object.freeze(shopQuery.parse({}));

/** The amount as it stands in a field and in the URL. */
export const eurosOf = (cents: number | undefined): string | undefined =>
  cents === undefined ? undefined : (cents / 100).toFixed(2).replace(/\.00$/, "");

/** Only what differs from the whole shop, so that one search has one URL. */
export const shopPath = (query: ShopQuery): string =>
  path(
    "/",
    {},
    {
      q: query.q || undefined,
      category: query.category,
      brand: query.brand,
      from: eurosOf(query.from),
      to: eurosOf(query.to),
      stock: query.stock,
      sort: query.sort === "relevance" ? undefined : query.sort,
    },
  );

export const toProductQuery = (query: ShopQuery, offset: number, limit: number): ProductQuery => ({
  text: query.q,
  categories: query.category,
  brands: query.brand,
  priceFrom: query.from,
  priceTo: query.to,
  inStock: query.stock === "in",
  sort: query.sort,
  offset,
  limit,
});
