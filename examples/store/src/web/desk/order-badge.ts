/** The status of an order as the desk shows it. */
import { html } from "@overwire/server";
import type { OrderStatus } from "../../database/schema.ts";

const kinds: { readonly [status in OrderStatus]: string } = {
  pending: "warn",
  paid: "good",
  shipped: "good",
  declined: "bad",
  cancelled: "",
  refunded: "",
};

export const OrderBadge = ({ status }: { readonly status: OrderStatus }) =>
  html`<span class="badge ${kinds[status]}">${status}</span>`;
