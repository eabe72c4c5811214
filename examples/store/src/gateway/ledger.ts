/** The memory of the stand-in gateway: payments, cards that it keeps, and events that the store has not taken yet. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { PaymentMethod } from "../database/tables.ts";
import type { GatewayEvent, GatewayPayment, PaymentRequest } from "../payments/gateway.ts";
import type { Clock } from "../shared/clock.ts";
import { randomToken } from "../shared/random.ts";
import type { Card } from "./cards.ts";

export type LedgerPayment = GatewayPayment & { readonly returnUrl?: string; readonly createdAt: string };
export interface Setup {
  readonly id: string;
  readonly returnUrl: string;
  readonly method: PaymentMethod | null;
}

interface Memory {
  payments: { [id: string]: LedgerPayment };
  setups: { [id: string]: Setup };
  cards: { [methodId: string]: Card };
  /** Ids of payments by the store's keys. */
  keys: { [key: string]: string };
  /** Events that the store has not taken yet. */
  events: { [id: string]: GatewayEvent };
}

/** A key that was used for another payment. */
export class KeyReused extends Error {
  override readonly name = "KeyReused";
}

export class Ledger {
  readonly #clock: Clock;
  readonly #file: string | undefined;
  readonly #memory: Memory;
  /** Gets each new event. */
  onEvent: (event: GatewayEvent) => void = () => {};

  /** @param file keeps all of it; without one it ends with the process */
  constructor({ clock = () => new Date(), file }: { readonly clock?: Clock; readonly file?: string } = {}) {
    this.#clock = clock;
    this.#file = file;
    this.#memory = { payments: {}, setups: {}, cards: {}, keys: {}, events: {}, ...(file && read(file)) };
  }

  /** A payment for the gateway's page. */
  begin(request: PaymentRequest, returnUrl: string): LedgerPayment {
    return this.#make(request, "pending", returnUrl);
  }

  /** Charges a card that is kept. @returns undefined if the bank says no: nothing remains, so the key may be used again */
  charge(request: PaymentRequest, methodId: string): LedgerPayment | undefined {
    const card = own(this.#memory.cards, methodId);
    if (!card || card.isDeclined) return undefined;
    const isNew = this.#memory.keys[request.idempotencyKey] === undefined;
    const payment = this.#make(request, "succeeded");
    if (isNew) this.#tell(payment);
    return payment;
  }

  payment(id: string): LedgerPayment | undefined {
    return own(this.#memory.payments, id);
  }

  payments({ order, since }: { readonly order?: string; readonly since?: Date }): LedgerPayment[] {
    return Object.values(this.#memory.payments).filter(
      (payment) =>
        (order === undefined || payment.order === order) && (!since || new Date(payment.createdAt) >= since),
    );
  }

  /** The customer's decision. A payment that was decided stays as it is. */
  decide(id: string, status: "succeeded" | "declined"): void {
    if (this.payment(id)?.status === "pending") this.#set(id, status);
  }

  /** Gives money back, or ends a payment that is pending. @returns undefined for an unknown payment */
  refund(id: string): LedgerPayment | undefined {
    const status = this.payment(id)?.status;
    if (status === "succeeded") this.#set(id, "refunded");
    if (status === "pending") this.#set(id, "declined");
    return this.payment(id);
  }

  beginSetup(returnUrl: string): Setup {
    const setup = { id: `setup_${randomToken()}`, returnUrl, method: null };
    this.#memory.setups[setup.id] = setup;
    this.#save();
    return setup;
  }

  setup(id: string): Setup | undefined {
    return own(this.#memory.setups, id);
  }

  /** Keeps a card under a new id, which is all that the store gets. */
  endSetup(setup: Setup, card: Card): void {
    const id = `pm_${randomToken()}`;
    this.#memory.cards[id] = card;
    this.#memory.setups[setup.id] = { ...setup, method: { id, brand: card.brand, last4: card.last4 } };
    this.#save();
  }

  undelivered(): GatewayEvent[] {
    return Object.values(this.#memory.events);
  }

  delivered(eventId: string): void {
    delete this.#memory.events[eventId];
    this.#save();
  }

  #make(request: PaymentRequest, status: "pending" | "succeeded", returnUrl?: string): LedgerPayment {
    const { order, amount, idempotencyKey } = request;
    const known = this.payment(this.#memory.keys[idempotencyKey] ?? "");
    if (known && (known.order !== order || known.amount !== amount))
      throw new KeyReused("This idempotency key was used for another payment.");
    if (known) return known;
    const id = `pay_${randomToken()}`;
    const createdAt = this.#clock().toISOString();
    const payment = { id, order, amount, status, createdAt, ...(returnUrl !== undefined && { returnUrl }) };
    this.#memory.payments[id] = payment;
    this.#memory.keys[idempotencyKey] = id;
    this.#save();
    return payment;
  }

  #set(id: string, status: Exclude<GatewayPayment["status"], "pending">): void {
    const payment = this.payment(id);
    if (!payment) return;
    const changed = { ...payment, status };
    this.#memory.payments[id] = changed;
    this.#tell(changed);
  }

  #tell(payment: LedgerPayment): void {
    const { id, order, amount, status } = payment;
    if (status === "pending") return;
    const event: GatewayEvent = {
      id: `ev_${randomToken()}`,
      type: `payment.${status}`,
      payment: { id, order, amount, status },
    };
    this.#memory.events[event.id] = event;
    this.#save();
    this.onEvent(event);
  }

  /** At once, so that no answer is given for what a killed process would forget. */
  #save(): void {
    if (this.#file === undefined) return;
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#memory));
    renameSync(`${this.#file}.new`, this.#file);
  }
}

/** Ids come from URLs, and `constructor` is no payment. */
const own = <T>(record: { readonly [id: string]: T }, id: string): T | undefined =>
  Object.hasOwn(record, id) ? record[id] : undefined;

function read(file: string): Partial<Memory> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Partial<Memory>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}
