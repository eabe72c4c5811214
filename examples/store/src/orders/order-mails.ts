/** Mails about orders: one for each status that an order comes to. */
import type { Order, OrderLine, OrderStatus } from "../database/schema.ts";
import type { Mail } from "../mail/mailer.ts";
import { countryOf } from "../shared/countries.ts";
import { money } from "../shared/money.ts";

type MailedOrder = Order & { readonly lines: readonly OrderLine[] };

const TEXTS: {
  readonly [status in OrderStatus]: { readonly subject: (number: string) => string; readonly text: string };
} = {
  pending: {
    subject: (number) => `We have your order ${number}`,
    text: "Thank you for your order. We keep the goods for you while the payment is under way.",
  },
  paid: {
    subject: (number) => `Your order ${number} is paid`,
    text: "Thank you, we have your payment. We pack your order and write again when it is on its way.",
  },
  shipped: {
    subject: (number) => `Your order ${number} is on its way`,
    text: "Your order has left our house and is on its way to you.",
  },
  declined: {
    subject: (number) => `The payment of your order ${number} was declined`,
    text: "The payment was declined, so the order has ended and nothing was charged. The goods are free again: you are welcome to order them anew.",
  },
  cancelled: {
    subject: (number) => `Your order ${number} is cancelled`,
    text: "Your order was cancelled. Nothing was charged.",
  },
  refunded: {
    subject: (number) => `Your order ${number} is refunded`,
    text: "We have given your money back. It will be on your account in a few days.",
  },
};

/** @param url the store's own address */
export function orderMail(order: MailedOrder, user: { name: string; email: string }, url: string): Mail {
  const { subject, text } = TEXTS[order.status];
  const { name, street, postcode, city, country } = order.address;
  const lines = order.lines.map(
    ({ quantity, name, price }) => `${quantity} × ${name}, ${money(quantity * price)}`,
  );
  return {
    to: user.email,
    subject: subject(order.number),
    text: [
      `Hello ${user.name},`,
      text,
      [...lines, `Sum: ${money(order.total)}`].join("\n"),
      [name, street, `${postcode} ${city}`, countryOf(country)].join("\n"),
      `${url}/orders/${order.number}`,
    ].join("\n\n"),
  };
}
