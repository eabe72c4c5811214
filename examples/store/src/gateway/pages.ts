/** Pages of the stand-in gateway: the card, and the decision. They work without a script. */
import { readFileSync } from "node:fs";
import { type Child, html, renderToHtml } from "@overwire/server";
import { money } from "../shared/money.ts";
import { ACCEPTED_CARD, DECLINED_CARD } from "./cards.ts";
import type { LedgerPayment } from "./ledger.ts";

/** The path is the same way up from src and from dist. */
export const css = readFileSync(new URL("../../src/gateway/gateway.css", import.meta.url), "utf8");

const page = (title: string, content: Child): string =>
  renderToHtml(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Pretend Pay</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/gateway.css">
</head>
<body>
<main>
<p class="brand">Pretend Pay</p>
${content}
</main>
<footer><p>A stand-in for a payment gateway. No money moves.</p></footer>
</body>
</html>`);

const CardField = ({
  card,
  problem,
}: {
  readonly card: string;
  readonly problem?: string | undefined;
}) => html`
  <div class="field">
    <label for="card">Card number</label>
    <input id="card" name="card" inputmode="numeric" autocomplete="cc-number" required value=${card}
      aria-invalid=${problem && "true"} aria-describedby=${problem ? "problem hint" : "hint"}>
    ${problem && html`<p class="problem" id="problem" role="alert">${problem}</p>`}
    <p class="hint" id="hint">Test cards: <code>${ACCEPTED_CARD}</code> is accepted, <code>${DECLINED_CARD}</code> is declined when it is charged.</p>
  </div>`;

interface FormState {
  readonly card?: string | undefined;
  readonly problem?: string | undefined;
}

export const paymentPage = (
  { amount, order }: LedgerPayment,
  { card = ACCEPTED_CARD, problem }: FormState = {},
) =>
  page(
    "Payment",
    html`<h1>Pay ${money(amount)}</h1>
    <p class="order">Order ${order}, Overwire Store</p>
    <form method="post">
      <${CardField} card=${card} problem=${problem} />
      <button class="primary" name="decision" value="accept">Pay ${money(amount)}</button>
      <button name="decision" value="decline" formnovalidate>Decline</button>
    </form>`,
  );

export const setupPage = ({ card = ACCEPTED_CARD, problem }: FormState = {}) =>
  page(
    "Save a card",
    html`<h1>Save a card</h1>
    <p class="order">For payments at Overwire Store. The store gets its last four digits and no more.</p>
    <form method="post">
      <${CardField} card=${card} problem=${problem} />
      <button class="primary" name="decision" value="accept">Save this card</button>
      <button name="decision" value="decline" formnovalidate>Back without a card</button>
    </form>`,
  );

export const donePage = (status: string, returnUrl: string | undefined) =>
  page(
    "Payment",
    html`<h1>This payment is ${status}</h1>
    <p class="order">There is nothing more to do here.</p>
    ${returnUrl && html`<a class="button" href=${returnUrl}>Back to the store</a>`}`,
  );

export const unknownPage = () =>
  page("Not found", html`<h1>Nothing here</h1><p class="order">This address belongs to no payment.</p>`);
