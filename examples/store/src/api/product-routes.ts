/** Routes of products: their parameters, bodies and answers, of which the document is made. */
import { createRoute, z } from "@hono/zod-openapi";
import { mayModerate } from "../accounts/roles.ts";
import { productDraft } from "../catalogue/drafts.ts";
import { only } from "./access.ts";
import { refusal, refusals } from "./errors.ts";
import { linkHeader, pageAnswer, pageQuery } from "./paging.ts";
import { booleanInQuery, listInQuery, numberInQuery, printable } from "./values.ts";

const MOST_CENTS = 100_000_000;

const cup = {
  name: "Stoneware cup",
  description: "Thrown by hand and glazed in blue.",
  category: "Cups",
  brand: "Lehm & Feuer",
  price: 1800,
  isListed: true,
};

const product = z
  .strictObject({
    id: z.int(),
    slug: z.string().openapi({ description: "The name in the product's address." }),
    name: z.string(),
    description: z.string(),
    category: z.string(),
    brand: z.string(),
    price: z.int().min(0).openapi({ description: "Cents of a euro." }),
    stock: z.int().min(0).openapi({ description: "Pieces that are there." }),
    isListed: z.boolean().openapi({ description: "A product that is not is neither shown nor sold." }),
    createdAt: z.iso.datetime(),
  })
  .openapi("Product", {
    example: { id: 7, slug: "stoneware-cup", ...cup, stock: 24, createdAt: "2026-03-01T10:00:00.000Z" },
  });

const facet = (value: string) =>
  z.array(z.strictObject({ value: z.string(), count: z.int() })).openapi({ example: [{ value, count: 12 }] });

const productPage = z
  .strictObject({
    products: z.array(product),
    facets: z
      .strictObject({ categories: facet("Cups"), brands: facet("Tonwerk") })
      .openapi({ description: "Values to choose from, and the number of products that each would show." }),
    ...pageAnswer,
  })
  .openapi("ProductPage");

export type ProductAnswer = z.infer<typeof product>;
export type ProductPageAnswer = z.infer<typeof productPage>;

const draft = printable(z.strictObject(productDraft.shape)).openapi("ProductDraft", { example: cup });

const changes = printable(
  z
    .strictObject(productDraft.shape)
    .partial()
    .refine((fields) => Object.keys(fields).length > 0, "has no field that would change"),
).openapi("ProductChanges", { example: { price: 1650 } });

const stockChange = z
  .strictObject({
    change: z
      .int("is a whole number")
      .min(-100_000)
      .max(100_000)
      .refine((change) => change !== 0, "is not 0")
      .openapi({ description: "Pieces that came, or, below 0, that went." }),
  })
  .openapi("StockChange", { example: { change: -3 } });

const query = printable(
  z.strictObject({
    search: z.string().max(200).default("").openapi({ description: "Beginnings of words.", example: "cup" }),
    category: listInQuery("Categories, one or several."),
    brand: listInQuery("Brands, one or several."),
    priceFrom: numberInQuery(0, MOST_CENTS).optional().openapi({ description: "Cents of a euro." }),
    priceTo: numberInQuery(0, MOST_CENTS).optional().openapi({ description: "Cents of a euro." }),
    inStock: booleanInQuery.optional().openapi({ description: "Only products that are there." }),
    sort: z.enum(["relevance", "newest", "cheapest", "dearest"]).default("relevance"),
    ...pageQuery,
  }),
);

const params = printable(
  z.strictObject({
    slug: z
      .string()
      .max(200)
      .openapi({ param: { name: "slug", in: "path" }, example: "stoneware-cup" }),
  }),
);

const common = { tags: ["Products"], security: [{ token: [] }] };
const moderators = { middleware: only(mayModerate, "moderators and admins"), ...common };
const json = <S extends z.ZodType>(schema: S) => ({ content: { "application/json": { schema } } });
const body = <S extends z.ZodType>(schema: S) => ({ required: true, ...json(schema) });

export const listProducts = createRoute({
  ...common,
  method: "get",
  path: "/products",
  operationId: "listProducts",
  summary: "Search the catalogue",
  request: { query },
  responses: {
    200: { description: "A page of products.", headers: linkHeader, ...json(productPage) },
    ...refusals,
    422: refusal(422),
  },
});

export const showProduct = createRoute({
  ...common,
  method: "get",
  path: "/products/{slug}",
  operationId: "showProduct",
  summary: "Read a product",
  description: "Moderators and admins read products that are not listed, too.",
  request: { params },
  responses: {
    200: { description: "The product.", ...json(product) },
    ...refusals,
    404: refusal(404),
    422: refusal(422),
  },
});

export const addProduct = createRoute({
  ...moderators,
  method: "post",
  path: "/products",
  operationId: "addProduct",
  summary: "Add a product",
  description: "For moderators and admins. It begins without stock, and its slug is made of its name.",
  request: { body: body(draft) },
  responses: {
    201: {
      description: "The product.",
      headers: { location: { description: "Its address.", schema: { type: "string" as const } } },
      ...json(product),
    },
    ...refusals,
    400: refusal(400),
    403: refusal(403),
    422: refusal(422),
  },
});

export const changeProduct = createRoute({
  ...moderators,
  method: "patch",
  path: "/products/{slug}",
  operationId: "changeProduct",
  summary: "Change a product",
  description: "For moderators and admins. Fields that are not sent stay as they are.",
  request: { params, body: body(changes) },
  responses: {
    200: { description: "The product as it is now.", ...json(product) },
    ...refusals,
    400: refusal(400),
    403: refusal(403),
    404: refusal(404),
    422: refusal(422),
  },
});

export const changeStock = createRoute({
  ...moderators,
  method: "patch",
  path: "/products/{slug}/stock",
  operationId: "changeStock",
  summary: "Count pieces in or out",
  description:
    "For moderators and admins. It is a change and not a number, so that none is lost when others change the stock at the same time.",
  request: { params, body: body(stockChange) },
  responses: {
    200: { description: "The product as it is now.", ...json(product) },
    ...refusals,
    400: refusal(400),
    403: refusal(403),
    404: refusal(404),
    409: refusal(409),
    422: refusal(422),
  },
});
