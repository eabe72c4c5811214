/** The status of an order, as customers read it. */
import { html } from "@overwire/server";
import type { Order, OrderStatus } from "../../database/schema.ts";
import { dateTime } from "../../shared/dates.ts";

const SHOWN: {
  readonly [status in OrderStatus]: readonly [text: string, kind: "" | "good" | "warn" | "bad"];
} = {
  pending: ["Waiting for the payment", "warn"],
  paid: ["Paid", "good"],
  shipped: ["On its way", "good"],
  declined: ["Payment declined", "bad"],
  cancelled: ["Cancelled", ""],
  refunded: ["Refunded", ""],
};

export const StatusBadge = ({ status }: { readonly status: OrderStatus }) => {
  const [text, kind] = SHOWN[status];
  return html`<span class="badge ${kind}">${text}</span>`;
};

interface Station {
  readonly text: string;
  readonly at: Date | null;
  readonly isBad?: boolean;
}

/** The way that an order has gone, and the next station of one that goes on. */
function stationsOf({ status, createdAt, paidAt, shippedAt }: Order): Station[] {
  const ordered = { text: "Ordered", at: createdAt };
  const paid = { text: "Paid", at: paidAt };
  const shipped = { text: "On its way", at: shippedAt };
  if (status === "pending" || status === "paid" || status === "shipped") return [ordered, paid, shipped];
  const end = { text: SHOWN[status][0], at: null, isBad: true };
  return [ordered, ...(paidAt ? [paid] : []), ...(shippedAt ? [shipped] : []), end];
}

export const Timeline = ({ order }: { readonly order: Order }) => html`
  <ol class="timeline" aria-label="Status of the order">${stationsOf(order).map(
    ({ text, at, isBad = false }) => html`
      <li class=${{ reached: at !== null || isBad, bad: isBad }}>
        <strong>${text}</strong>
        ${at ? html`<small class="hint">${dateTime(at)}</small>` : !isBad && html`<small class="hint">to come</small>`}
      </li>`,
  )}</ol>`;
