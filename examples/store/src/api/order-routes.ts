/** Routes of orders: their parameters, bodies and answers, of which the document is made. */
import { createRoute, z } from "@hono/zod-openapi";
import { ORDER_STATUSES } from "../database/tables.ts";
import { addressAnswer } from "../onboarding/answers.ts";
import { refusal, refusals } from "./errors.ts";
import { linkHeader, pageAnswer, pageQuery } from "./paging.ts";
import { booleanInQuery, printable } from "./values.ts";

const home = {
  name: "Ada Lovelace",
  street: "Lindenstr. 1",
  postcode: "10969",
  city: "Berlin",
  country: "DE",
};

const address = z
  .strictObject({
    name: z.string(),
    street: z.string(),
    postcode: z.string(),
    city: z.string(),
    country: z.string().openapi({ description: "Two letters of ISO 3166." }),
  })
  .openapi("Address", { example: home });

const line = z.strictObject({
  productId: z.int(),
  name: z.string().openapi({ description: "As it was sold." }),
  price: z.int().openapi({ description: "Cents of a euro for one, as it was sold." }),
  quantity: z.int().min(1),
});

const time = z.iso.datetime();

const order = z
  .strictObject({
    number: z.string(),
    status: z.enum(ORDER_STATUSES),
    total: z.int().min(0).openapi({ description: "Cents of a euro." }),
    lines: z.array(line),
    address,
    createdAt: time,
    paidAt: time.nullable(),
    shippedAt: time.nullable(),
    expiresAt: time.openapi({ description: "An order that is still pending is cancelled then." }),
  })
  .openapi("Order", {
    example: {
      number: "2026-7GQK2-M9XTB",
      status: "paid",
      total: 3600,
      lines: [{ productId: 7, name: "Stoneware cup", price: 1800, quantity: 2 }],
      address: home,
      createdAt: "2026-03-01T10:00:00.000Z",
      paidAt: "2026-03-01T10:01:00.000Z",
      shippedAt: null,
      expiresAt: "2026-03-01T10:15:00.000Z",
    },
  });

const orderPage = z.strictObject({ orders: z.array(order), ...pageAnswer }).openapi("OrderPage");

const placed = z
  .strictObject({
    order,
    payAt: z.url().nullable().openapi({
      description: "The page on which the customer pays; null if the order is paid.",
      example: "https://pay.example.com/pay_1",
    }),
  })
  .openapi("PlacedOrder");

export type OrderAnswer = z.infer<typeof order>;
export type OrderPageAnswer = z.infer<typeof orderPage>;
export type PlacedAnswer = z.infer<typeof placed>;

const draft = printable(
  z.strictObject({
    lines: z
      .array(
        z.strictObject({
          productId: z
            .int()
            .min(1)
            .max(2 ** 31 - 1),
          quantity: z.int().min(1).max(20),
        }),
      )
      .min(1, "has at least one line")
      .max(50, "has at most 50 lines"),
    address: z.strictObject(addressAnswer.shape),
    payBy: z.enum(["page", "saved"]).default("page").openapi({
      description:
        "`saved` charges the means of payment that the user has saved, at once. `page` answers with a page to pay on.",
    }),
    total: z.int().min(0).optional().openapi({
      description: "The sum that the customer has seen. If it is another by now, nothing is ordered.",
    }),
  }),
).openapi("OrderDraft", { example: { lines: [{ productId: 7, quantity: 2 }], address: home, total: 3600 } });

/** A draft as its schema leaves it. */
export type OrderDraft = z.input<typeof draft>;

const common = { tags: ["Orders"], security: [{ token: [] }] };
const json = <S extends z.ZodType>(schema: S) => ({ content: { "application/json": { schema } } });

export const listOrders = createRoute({
  ...common,
  method: "get",
  path: "/orders",
  operationId: "listOrders",
  summary: "List orders, the newest first",
  description: "A user's own; for admins those of all users.",
  request: {
    query: printable(
      z.strictObject({
        status: z.enum(ORDER_STATUSES).optional(),
        own: booleanInQuery.optional().openapi({ description: "For admins: only orders of their own." }),
        ...pageQuery,
      }),
    ),
  },
  responses: {
    200: { description: "A page of orders.", headers: linkHeader, ...json(orderPage) },
    ...refusals,
    422: refusal(422),
  },
});

export const showOrder = createRoute({
  ...common,
  method: "get",
  path: "/orders/{number}",
  operationId: "showOrder",
  summary: "Read an order",
  description: "One of the user's own; admins read all.",
  request: {
    params: printable(
      z.strictObject({
        number: z
          .string()
          .max(40)
          .openapi({ param: { name: "number", in: "path" }, example: "2026-7GQK2-M9XTB" }),
      }),
    ),
  },
  responses: {
    200: { description: "The order.", ...json(order) },
    ...refusals,
    404: refusal(404),
    422: refusal(422),
  },
});

export const placeOrder = createRoute({
  ...common,
  method: "post",
  path: "/orders",
  operationId: "placeOrder",
  summary: "Place an order",
  description:
    "Stock, order and payment are one step: all of it is done, or nothing. The same key is the same order, so a request may be sent again until it is answered. A user has at most three unpaid orders.",
  request: {
    headers: z.object({
      "idempotency-key": z
        .string("is missing")
        .regex(/^[\x21-\x7e]{1,100}$/, "has 1 to 100 printable characters of ASCII, without blanks")
        .openapi({
          description: "A random text of the client, new for each order.",
          example: "5f0c1c7e-order-1",
        }),
    }),
    body: { required: true, ...json(draft) },
  },
  responses: {
    201: {
      description: "The order.",
      headers: { location: { description: "Its address.", schema: { type: "string" as const } } },
      ...json(placed),
    },
    400: refusal(400),
    ...refusals,
    402: refusal(402),
    409: refusal(409),
    422: refusal(422),
    503: refusal(503),
  },
});
