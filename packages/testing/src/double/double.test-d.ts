/** Types: what an author of doubles is told before anything runs. Checked by `npm run types`, never run. */
import { expectTypeOf } from "vitest";
import { control, type Double, double } from "../index.ts";

interface Order {
  readonly id: string;
}

interface PaymentGateway {
  charge(order: Order): Promise<{ id: string }>;
  refund(id: string, amount?: number): boolean;
  cancel?(id: string): void;
  readonly currency: string;
}

const gateway = double<PaymentGateway>("PaymentGateway");
export const handed: PaymentGateway = gateway;
expectTypeOf(gateway).toEqualTypeOf<Double<PaymentGateway>>();

gateway
  .expect("charge", async (order) => {
    expectTypeOf(order).toEqualTypeOf<Order>();
    return { id: order.id };
  })
  .expect("refund", (id, amount) => id === "" && amount === 1, { times: 2 })
  .expect("refund", { times: 0 })
  .stub("cancel", (id) => {
    expectTypeOf(id).toEqualTypeOf<string>();
  })
  .stub("charge", async () => {
    const charge = await gateway.passThrough("charge");
    expectTypeOf(charge).toEqualTypeOf<{ id: string }>();
    return charge;
  });
gateway.stub("refund", () => gateway.passThrough());
gateway.stub("charge", async () => gateway.passThrough());
gateway.expect("charge", gateway.passThrough);
gateway.stub("charge", () => {
  throw new Error("declined");
});
gateway.fallback({ charge: async () => ({ id: "x" }), refund: () => true, currency: "EUR" });
expectTypeOf(gateway.calls("charge")).toEqualTypeOf<[order: Order][]>();
expectTypeOf(gateway.calls("refund")).toEqualTypeOf<[id: string, amount?: number | undefined][]>();

// @ts-expect-error no such name
gateway.expect("chrage", async () => ({ id: "x" }));
// @ts-expect-error no function
gateway.stub("currency", () => "EUR");
// @ts-expect-error another argument
gateway.stub("refund", (id: number) => id > 0);
// @ts-expect-error another result
gateway.stub("charge", async () => ({ id: 7 }));
// @ts-expect-error no promise
gateway.stub("charge", () => ({ id: "x" }));
// @ts-expect-error a function is needed for more calls than none
gateway.expect("refund", { times: 1 });
// @ts-expect-error times is a number
gateway.expect("refund", () => true, { times: "1" });
// @ts-expect-error a part of the contract is missing
gateway.fallback({ refund: () => true });
// @ts-expect-error no such name
gateway.calls("refunds");
// @ts-expect-error the contract's own types hold for calls
gateway.refund(7);

const rate = double<(x: number) => Promise<string>>("rate");
export const called: Promise<string> = rate(1);
rate.expect(async (x) => x.toFixed(), { times: 2 }).stub(async () => "1");
rate.stub(() => rate.passThrough());
rate.fallback(async (x) => `${x}`);
expectTypeOf(rate.calls()).toEqualTypeOf<[x: number][]>();
// @ts-expect-error another argument
rate.expect(async (x: string) => x);
// @ts-expect-error another result
rate.stub(async () => 1);

class Mailer {
  readonly #sent: string[] = [];
  send(to: string): number {
    return this.#sent.push(to);
  }
}
const mailer = double<Mailer>("Mailer");
export const instance: Mailer = mailer;
mailer.fallback({ send: () => 1 }).stub("send", (to) => to.length);
mailer.fallback(new Mailer());

interface Clashing {
  expect(x: number): string;
  calls: number;
}
const clashing = double<Clashing>("Clashing");
expectTypeOf(clashing.expect(1)).toEqualTypeOf<string>();
expectTypeOf(clashing.calls).toEqualTypeOf<number>();
control(clashing).expect("expect", (x) => x.toFixed());
// @ts-expect-error the contract's expect takes a number
clashing.expect("expect", () => "");

interface Generic {
  first<T>(list: readonly T[]): T | undefined;
  parse(text: string): string;
  parse(text: string, isNumber: true): number;
}
const generic = double<Generic>("Generic");
generic.stub("first", (list) => list[0]);
generic.stub("parse", ((text: string, isNumber?: true) =>
  isNumber ? Number(text) : text) as Generic["parse"]);
expectTypeOf(generic.first([1])).toEqualTypeOf<number | undefined>();
// @ts-expect-error data is no contract
double<string>("text");
