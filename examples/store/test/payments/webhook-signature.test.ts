import { expect, test } from "vitest";
import { isSignedWebhook, signWebhook } from "../../src/payments/webhook-signature.ts";

const SECRET = "a secret of the gateway";
const now = new Date("2026-03-01T12:00:00Z");
const after = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const header = signWebhook(SECRET, "{}", now);

test("an event is signed over its time and its body", () => {
  expect(header).toMatch(/^t=1772366400,v1=[0-9a-f]{64}$/);
  expect(isSignedWebhook(SECRET, "{}", header, now)).toBe(true);
  expect(isSignedWebhook(SECRET, "{ }", header, now)).toBe(false);
  expect(isSignedWebhook("another secret", "{}", header, now)).toBe(false);
  expect(isSignedWebhook(SECRET, "{}", header.replace("t=1772366400", "t=1772366401"), now)).toBe(false);
});

test("a signature counts for five minutes before and after its time", () => {
  for (const seconds of [-300, 300]) expect(isSignedWebhook(SECRET, "{}", header, after(seconds))).toBe(true);
  for (const seconds of [-301, 301])
    expect(isSignedWebhook(SECRET, "{}", header, after(seconds))).toBe(false);
});

test("while the secret is changed, both sign", () => {
  const both = signWebhook(["the next secret", SECRET], "{}", now);
  for (const secret of [SECRET, "the next secret"])
    expect(isSignedWebhook(secret, "{}", both, now)).toBe(true);
  expect(isSignedWebhook("a third secret", "{}", both, now)).toBe(false);
});

test.each([
  null,
  "",
  "v1=",
  "t=,v1=",
  "t=1772366400",
  "t=1772366400,v1=",
  "t=1772366400,v1=zz",
  `t=1772366400,v2=${"0".repeat(64)}`,
  `t=1e9,v1=${"0".repeat(64)}`,
  `${"v1=00,".repeat(50)}${header}`,
])("a header that is no signature is refused: %s", (given) => {
  expect(isSignedWebhook(SECRET, "{}", given, now)).toBe(false);
});
