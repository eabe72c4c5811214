/** The contract of the payment gateway. Amounts are cents of a euro. A real gateway is another implementation of this file. */
import type { PaymentMethod } from "../database/tables.ts";

export interface PaymentRequest {
  /** The order's number: it stands on the gateway's page and in its events. */
  readonly order: string;
  readonly amount: number;
  /** The same key gives the same payment, however often it is asked for. */
  readonly idempotencyKey: string;
}

export interface GatewayPayment {
  readonly id: string;
  readonly order: string;
  readonly amount: number;
  readonly status: "pending" | "succeeded" | "declined" | "refunded";
}

export interface PaymentGateway {
  /** Begins a payment that the customer accepts or declines on the gateway's page. An event tells the outcome. */
  begin(
    request: PaymentRequest & { readonly returnUrl: string },
  ): Promise<GatewayPayment & { readonly url: string }>;
  /** Charges a method that the gateway keeps, at once. @throws PaymentDeclined */
  charge(request: PaymentRequest & { readonly method: string }): Promise<GatewayPayment>;
  /** Gives the money back, or ends a payment that is pending. Once or several times is the same. */
  refund(paymentId: string): Promise<void>;
  /** Payments of an order, for what was begun and not heard of again. */
  paymentsOf(order: string): Promise<readonly GatewayPayment[]>;
  /** Payments that were begun since a time, of all orders, also of those that the store has not kept. */
  paymentsSince(time: Date): Promise<readonly GatewayPayment[]>;
  /** Begins the entry of a card on the gateway's page. The store never sees its number. */
  beginSetup(request: { readonly returnUrl: string }): Promise<{ readonly id: string; readonly url: string }>;
  /** The method that a setup has led to, undefined before its end. */
  methodOf(setupId: string): Promise<PaymentMethod | undefined>;
  /**
   * The event in a request of the gateway; `ignored` for one of a type that the store has no use for.
   * @returns undefined if its signature is not the gateway's, or is too old
   */
  eventOf(body: string, headers: Headers): GatewayEvent | "ignored" | undefined;
}

/** The bank says no: nothing was charged. */
export class PaymentDeclined extends Error {
  override readonly name = "PaymentDeclined";
  readonly code = "payment_declined";
}

/** The gateway does not answer, or not in time: a charge may have been made, and the same key tells. */
export class GatewayUnavailable extends Error {
  override readonly name = "GatewayUnavailable";
  readonly code = "gateway_unavailable";
}

/** An event that the gateway posts to the store, signed. */
export interface GatewayEvent {
  readonly id: string;
  readonly type: "payment.succeeded" | "payment.declined" | "payment.refunded";
  readonly payment: GatewayPayment;
}
