import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../app.ts";
import { readSecrets, resolveSecret, weaknessOf } from "./secret.ts";
import { Signer, signToken, verifyToken } from "./token.ts";

const old = "o".repeat(32);
const fresh = "n".repeat(32);

afterEach(() => {
  vi.unstubAllEnvs();
});

const weak = [
  "x".repeat(32),
  "x".repeat(100),
  "abababababababababababababababab",
  "00000000000000000000000000000001",
  "0123456789".repeat(4),
  "0123456789abcdefghijklmnopqrstuvwxyz",
  "zyxwvutsrqponmlkjihgfedcba987654321",
  "changemechangemechangemechangeme",
  "change-me-please-change-me-please-now",
  "please_change_this_secret_in_production",
  "your-secret-key-goes-here-32-characters",
  "this-is-my-super-secret-password-2026",
  "secret-secret-secret-secret-secret-",
];

it.each(weak)("says of %j why it can be guessed", (secret) => {
  expect(weaknessOf(secret)).toMatch(/^(is|repeats) /);
});

it("finds nothing wrong with random ones, in whatever form", () => {
  for (let count = 0; count < 500; count++) {
    const bytes = randomBytes(48);
    expect(weaknessOf(bytes.toString("base64"))).toBeUndefined();
    expect(weaknessOf(bytes.toString("hex"))).toBeUndefined();
    expect(weaknessOf(bytes.toString("hex").slice(0, 32))).toBeUndefined();
    expect(weaknessOf(`example-app-${bytes.toString("hex")}`)).toBeUndefined();
  }
});

describe("in production", () => {
  it.each(weak)("%j is refused, with a way to make a better one", (secret) => {
    vi.stubEnv("NODE_ENV", "production");
    const refusal = /can be guessed.*openssl rand/;
    expect(() => createApp({ secret })).toThrow(refusal);
    expect(() => createApp({ secret: [randomBytes(48).toString("base64"), secret] })).toThrow(refusal);
    expect(() => signToken(secret, "production", 1, 1)).toThrow(refusal);
  });
});

it("a guessable one is accepted in development, with a warning for each", () => {
  vi.stubEnv("NODE_ENV", "development");
  const warnings: string[] = [];
  resolveSecret([fresh, randomBytes(48).toString("base64")], (message) => warnings.push(message));
  expect(warnings).toEqual([expect.stringMatching(/in production the app will not start/)]);
});

describe("a list of secrets", () => {
  it("signs with the first and verifies with all", () => {
    const token = signToken(old, "test", 1, 60);
    expect(verifyToken([fresh, old], "test", token)).toEqual({ ok: true, data: 1 });
    expect(verifyToken([fresh], "test", token)).toEqual({ ok: false, error: "forged" });
    const next = signToken([fresh, old], "test", 2, 60);
    expect(verifyToken(fresh, "test", next)).toEqual({ ok: true, data: 2 });
    expect(verifyToken(old, "test", next)).toEqual({ ok: false, error: "forged" });
  });

  it("keeps what a token is bound to", () => {
    const token = new Signer(old, "page").sign("data", 60, "visitor");
    const signer = new Signer([fresh, old], "page");
    expect(signer.verify(token, "visitor")).toEqual({ ok: true, data: "data" });
    expect(signer.verify(token, "other")).toEqual({ ok: false, error: "forged" });
  });

  it("has at least one, and each is checked", () => {
    expect(() => signToken([], "test", 1, 60)).toThrow(/list of secrets is empty/);
    expect(() => createApp({ secret: [fresh, "short"] })).toThrow(/at least 32 characters, this one has 5/);
  });
});

it("skips entries of a list that are not set, as a variable that is gone", () => {
  const secret = "kT7rQ2xZp9LmWv4NcJ8sYh3BdFg6XaRe1UoKtMiP";
  expect(readSecrets([undefined, secret, ""])).toEqual([secret]);
  expect(() => readSecrets([undefined, ""])).toThrow("The list of secrets is empty");
  const warn = vi.fn();
  expect(resolveSecret([undefined], warn)).toHaveLength(64);
  expect(warn).toHaveBeenCalledOnce();
});
