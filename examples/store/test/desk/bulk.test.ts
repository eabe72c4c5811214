/** Words for moderators about an order that is as it was. */
import { RepoError } from "@overwire/testing/drizzle";
import { expect, onTestFinished, test, vi } from "vitest";
import type { User } from "../../src/database/schema.ts";
import { actOn } from "../../src/desk/bulk.ts";
import { NotAllowed, OrderNotFound, WrongStatus } from "../../src/orders/errors.ts";
import { GatewayUnavailable } from "../../src/payments/gateway.ts";

const failing = async (error: unknown) => {
  const refuse = () => Promise.reject(error);
  return actOn({ ship: refuse, cancel: refuse, refund: refuse }, {} as User, "ship", 1);
};

test.each([
  new WrongStatus("cancelled", "shipped"),
  new OrderNotFound(),
  new NotAllowed("Only admins give money back."),
  new GatewayUnavailable("The payment gateway does not answer."),
])("%s is for moderators", async (refusal) => {
  expect(await failing(refusal)).toBe(refusal.message);
});

test.each([
  Object.assign(new Error('column "secret" of relation "users" does not exist'), { code: "42703" }),
  Object.assign(new Error("certificate of 10.0.0.7 has expired"), { code: "CERT_HAS_EXPIRED" }),
  new RepoError("not_unique", "users was refused: Key (email)=(ada@example.com) already exists."),
  "a text that was thrown",
])("%s is for the log alone", async (error) => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => log.mockRestore());
  expect(await failing(error)).toBe("Something went wrong.");
  expect(log).toHaveBeenCalledExactlyOnceWith(error);
});
