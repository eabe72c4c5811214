/** An action on many orders while it runs, and what has come of it. */
import { each, html } from "@overwire/server";
import type { BulkAction } from "../../desk/bulk.ts";
import type { BulkRun, OrdersState } from "./orders-state.ts";

const doing: { readonly [action in BulkAction]: string } = {
  ship: "Shipping",
  cancel: "Cancelling",
  refund: "Refunding",
};
const did: { readonly [action in BulkAction]: string } = {
  ship: "shipped",
  cancel: "cancelled",
  refund: "refunded",
};

const SHOWN_FAILURES = 20;

export function bulkProgress(view: OrdersState, { action, total, done, failures, isRunning }: BulkRun) {
  const more = failures.length - SHOWN_FAILURES;
  return html`
    <section id="bulk" class="card stack" aria-label="Action on many orders">
      <div class="row">
        <p role="status">${
          isRunning
            ? html`${doing[action]}: ${done} of ${total}`
            : html`${done - failures.length} ${did[action]}, ${failures.length} refused${done < total && html`, stopped after ${done} of ${total}`}.`
        }</p>
        ${
          isRunning
            ? html`<button class="quiet" phx-click=${view.stop}>Stop</button>`
            : html`<button class="quiet" phx-click=${view.dismiss}>Close</button>`
        }
      </div>
      <progress max=${total} value=${done} aria-label="Progress"></progress>
      ${
        failures.length > 0 &&
        html`<ul class="failures">
          ${each(
            failures.slice(0, SHOWN_FAILURES),
            ({ id }) => id,
            ({ number, reason }) => html`<li><strong>${number}</strong> ${reason}</li>`,
          )}
          ${more > 0 && html`<li>And ${more} more.</li>`}
        </ul>`
      }
    </section>`;
}
