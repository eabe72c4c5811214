/** Orders of the API. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import { NotFound } from "@overwire/server";
import { RateLimitExceeded } from "@overwire/server/rate-limit";
import { mayAdminister } from "../accounts/roles.ts";
import type { User } from "../database/schema.ts";
import { isOrderRefusal, KeyReused } from "../orders/errors.ts";
import type { OrderWithLines } from "../orders/orders.ts";
import { GatewayUnavailable, PaymentDeclined } from "../payments/gateway.ts";
import type { Store } from "../store/store.ts";
import type { ApiEnv } from "./access.ts";
import { API_PATH } from "./document.ts";
import { listOrders, placeOrder, showOrder } from "./order-routes.ts";
import { rangeOf, setLinks } from "./paging.ts";

const shown = ({ lines, ...order }: OrderWithLines) => ({
  number: order.number,
  status: order.status,
  total: order.total,
  lines: lines.map(({ productId, name, price, quantity }) => ({ productId, name, price, quantity })),
  address: order.address,
  createdAt: order.createdAt.toISOString(),
  paidAt: order.paidAt?.toISOString() ?? null,
  shippedAt: order.shippedAt?.toISOString() ?? null,
  expiresAt: order.expiresAt.toISOString(),
});

const problemOf = ({ code, message }: { readonly code: string; readonly message: string }) => ({
  error: code,
  message,
});

export function orders(api: OpenAPIHono<ApiEnv>, { orders, profiles }: Store): void {
  const orderOf = async (number: string, user: User): Promise<OrderWithLines> => {
    const order = await orders.byNumber(mayAdminister(user) ? undefined : user.id, number);
    if (!order) throw new NotFound("There is no such order.");
    return order;
  };

  api.openapi(listOrders, async (c) => {
    const { user } = c.get("bearer");
    const { status, own, ...page } = c.req.valid("query");
    const userId = own || !mayAdminister(user) ? user.id : undefined;
    const { rows, total } = await orders.page({ userId, status }, rangeOf(page));
    setLinks(c, page, total);
    return c.json({ orders: rows.map(shown), total, ...page }, 200);
  });

  api.openapi(showOrder, async (c) => {
    const order = await orderOf(c.req.valid("param").number, c.get("bearer").user);
    return c.json(shown(order), 200);
  });

  api.openapi(placeOrder, async (c) => {
    const { user } = c.get("bearer");
    const { payBy, ...draft } = c.req.valid("json");
    const idempotencyKey = c.req.valid("header")["idempotency-key"];
    const method = payBy === "saved" ? (await profiles.of(user.id))?.paymentMethod?.id : undefined;
    if (payBy === "saved" && method === undefined)
      return c.json({ error: "no_payment_method", message: "The user has saved no means of payment." }, 409);
    try {
      const placed = await orders.place(user, { ...draft, idempotencyKey, method });
      const order = await orderOf(placed.order.number, user);
      c.header("location", `${API_PATH}/orders/${order.number}`);
      return c.json({ order: shown(order), payAt: placed.url ?? null }, 201);
    } catch (error) {
      if (isOrderRefusal(error) || error instanceof KeyReused) return c.json(problemOf(error), 409);
      if (error instanceof RateLimitExceeded) {
        c.header("retry-after", String(error.retryAfter));
        return c.json(problemOf(error), 429);
      }
      if (error instanceof PaymentDeclined) return c.json(problemOf(error), 402);
      if (error instanceof GatewayUnavailable)
        return c.json({ error: error.code, message: "The payment gateway does not answer." }, 503);
      throw error;
    }
  });
}
