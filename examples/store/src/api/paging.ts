/** Pages of lists: their parameters, and the header that leads to the others. */
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { numberInQuery } from "./values.ts";

/** A client that wants more pages narrows its search. */
const LAST_PAGE = 10_000;

export const pageQuery = {
  page: numberInQuery(1, LAST_PAGE).default(1).openapi({ description: "Number of the page." }),
  perPage: numberInQuery(1, 100).default(24).openapi({ description: "Length of a page." }),
};

export const pageAnswer = {
  total: z.int().min(0).openapi({ description: "Length of the whole list.", example: 12 }),
  page: z.int().min(1),
  perPage: z.int().min(1).openapi({ example: 24 }),
};

export const linkHeader = {
  link: {
    description: 'Other pages, as `</api/v1/products?page=2>; rel="next"`.',
    schema: { type: "string" as const },
  },
};

export interface Page {
  readonly page: number;
  readonly perPage: number;
}

export const rangeOf = ({ page, perPage }: Page) => ({ limit: perPage, offset: (page - 1) * perPage });

/** Links to the first, previous, next and last page, with all other parameters of the request. */
export function setLinks(c: Context, { page, perPage }: Page, total: number): void {
  const last = Math.min(LAST_PAGE, Math.max(1, Math.ceil(total / perPage)));
  const url = new URL(c.req.url);
  const links = { first: 1, prev: page - 1, next: page + 1, last };
  const shown = Object.entries(links).filter(([, number]) => number >= 1 && number <= last);
  const linkOf = ([rel, number]: readonly [string, number]) => {
    url.searchParams.set("page", String(number));
    return `<${url.pathname}${url.search}>; rel="${rel}"`;
  };
  c.header("link", shown.map(linkOf).join(", "));
}
