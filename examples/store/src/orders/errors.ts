/** Refusals of orders: each message is a sentence for the customer. */
import { OutOfStock } from "../cart/errors.ts";
import type { OrderStatus } from "../database/schema.ts";
import { money } from "../shared/money.ts";

/** Nothing is ordered. */
export class EmptyOrder extends Error {
  override readonly name = "EmptyOrder";
  readonly code = "empty_order";

  constructor(message = "There is nothing in this order.") {
    super(message);
  }
}

/** The sum is more than a payment can be. */
export class TooMuch extends Error {
  override readonly name = "TooMuch";
  readonly code = "too_much";

  constructor(most: number) {
    super(`An order can be at most ${money(most)}.`);
  }
}

/** The user has as many unpaid orders as one may have. */
export class TooManyUnpaid extends Error {
  override readonly name = "TooManyUnpaid";
  readonly code = "too_many_unpaid";

  constructor(most: number) {
    super(`You have ${most} orders that are not paid yet. Pay or cancel one of them, and order then.`);
  }
}

/** The key has an order of other goods, or to another address. */
export class KeyReused extends Error {
  override readonly name = "KeyReused";
  readonly code = "key_reused";

  constructor() {
    super("The key belongs to an order of other goods, or to another address.");
  }
}

/** The sum is another than the one that the customer has seen. */
export class PriceChanged extends Error {
  override readonly name = "PriceChanged";
  readonly code = "price_changed";

  constructor() {
    super("A price has changed. Please look at the sum again.");
  }
}

/** An order goes from its status to others of a table only. */
export class WrongStatus extends Error {
  override readonly name = "WrongStatus";
  readonly code = "wrong_status";

  constructor(from: OrderStatus, to: OrderStatus) {
    super(`An order that is ${from} cannot become ${to}.`);
  }
}

/** The order is not there, or is not the user's to change. */
export class OrderNotFound extends Error {
  override readonly name = "OrderNotFound";
  readonly code = "order_not_found";

  constructor() {
    super("There is no such order.");
  }
}

/** The step is not the actor's to take. */
export class NotAllowed extends Error {
  override readonly name = "NotAllowed";
  readonly code = "not_allowed";
}

/** The gateway has more payments without an order than failures leave: the database may be an older one. For operators. */
export class TooManyStrays extends Error {
  override readonly name = "TooManyStrays";
  readonly code = "too_many_strays";

  constructor(count: number, most: number) {
    super(
      `The gateway has ${count} payments without an order, and at most ${most} are given back unasked, so none is. If a backup was restored, restore the orders since then, or give the money back at the gateway.`,
    );
  }
}

export type OrderRefusal = OutOfStock | EmptyOrder | PriceChanged | TooMuch | TooManyUnpaid;
const REFUSALS = [OutOfStock, EmptyOrder, PriceChanged, TooMuch, TooManyUnpaid];

/** Tells if an error is a refusal of an order, whose message is for the customer. */
export const isOrderRefusal = (error: unknown): error is OrderRefusal =>
  REFUSALS.some((refusal) => error instanceof refusal);
