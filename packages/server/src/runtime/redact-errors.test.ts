import { afterEach, expect, test, vi } from "vitest";
import { redactEndMessage, redactRefusal } from "./redact-errors.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

const refusal = {
  code: "invalid_payload",
  message: "Invoice.pay: amount must be a number",
  issues: [{ message: "amount must be a number", path: ["amount"] }],
} as const;

test("a refusal tells all details in development, and only its code in production", () => {
  expect(redactRefusal(refusal)).toEqual(refusal);
  expect(redactEndMessage("refused", "/a is not a page of /b/:id")).toBe("/a is not a page of /b/:id");
  vi.stubEnv("NODE_ENV", "production");
  expect(redactRefusal(refusal)).toEqual({
    code: "invalid_payload",
    message: "The event's payload is not valid.",
  });
  expect(redactEndMessage("refused", "/a is not a page of /b/:id")).toBe("The app refused the join.");
  expect(redactEndMessage("closed", "The server stops.")).toBe("The server stops.");
});
