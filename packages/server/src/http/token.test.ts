import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { resolveSecret } from "./secret.ts";
import { Signer, signToken, verifyToken } from "./token.ts";

const secret = "s".repeat(32);

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

describe("signToken", () => {
  it("gives back what was signed, for any JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        const token = signToken(secret, "test", data, 60);
        expect(token).toMatch(/^[\w-]+\.[\w-]+$/);
        expect(verifyToken(secret, "test", token)).toEqual({
          ok: true,
          data: JSON.parse(JSON.stringify(data)),
        });
      }),
    );
  });

  it("is worth nothing for another purpose or secret", () => {
    const token = signToken(secret, "reset", { user: 1 }, 60);
    expect(verifyToken(secret, "confirm", token)).toEqual({ ok: false, error: "forged" });
    expect(verifyToken("t".repeat(32), "reset", token)).toEqual({ ok: false, error: "forged" });
  });

  it("expires after maxAge seconds", () => {
    vi.useFakeTimers();
    const token = signToken(secret, "test", 1, 10);
    vi.advanceTimersByTime(9_999);
    expect(verifyToken(secret, "test", token)).toEqual({ ok: true, data: 1 });
    vi.advanceTimersByTime(1);
    expect(verifyToken(secret, "test", token)).toEqual({ ok: false, error: "expired" });
  });

  it.each([0, -1, Number.NaN])("refuses a maxAge of %s", (maxAge) => {
    expect(() => signToken(secret, "test", 1, maxAge)).toThrow(RangeError);
  });

  it("refuses a short secret and says how to make one", () => {
    expect(() => signToken("short", "test", 1, 1)).toThrow(
      /at least 32 characters, this one has 5.*openssl rand/,
    );
  });
});

describe("verifyToken", () => {
  it("never throws, and takes no changed token", () => {
    const token = signToken(secret, "test", { user: 1 }, 60);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.string({ minLength: 1, maxLength: 3 }), (at, other) => {
        const changed = token.slice(0, at) + other + token.slice(at + 1);
        fc.pre(changed !== token);
        expect(verifyToken(secret, "test", changed).ok).toBe(false);
      }),
    );
  });

  it("has one spelling: the last character's bits that say nothing are not free", () => {
    const token = signToken(secret, "test", { user: 1 }, 60);
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const spellings = [...alphabet].map((last) => token.slice(0, -1) + last);
    expect(spellings.filter((each) => verifyToken(secret, "test", each).ok)).toEqual([token]);
  });

  it.each(["", ".", "a.b", "a.b.c", "💥", `${"a".repeat(10)}.${"b".repeat(44)}`])(
    "calls %j malformed",
    (token) => {
      expect(verifyToken(secret, "test", token)).toEqual({ ok: false, error: "malformed" });
    },
  );

  it.each([undefined, null])("calls %s missing", (token) => {
    expect(verifyToken(secret, "test", token)).toEqual({ ok: false, error: "missing" });
  });

  it.each([0, -1])("calls every token expired with a maxAge of %s", (maxAge) => {
    const token = signToken(secret, "test", 1, 60);
    expect(verifyToken(secret, "test", token, { maxAge })).toEqual({ ok: false, error: "expired" });
  });

  it("counts fractions of a second", () => {
    vi.useFakeTimers();
    const token = signToken(secret, "test", 1, 60);
    vi.advanceTimersByTime(99);
    expect(verifyToken(secret, "test", token, { maxAge: 0.1 }).ok).toBe(true);
    vi.advanceTimersByTime(51);
    expect(verifyToken(secret, "test", token, { maxAge: 0.1 })).toEqual({ ok: false, error: "expired" });
  });

  it("counts the age from signedAt, with the verifier's maxAge and the token's own", () => {
    vi.useFakeTimers();
    const day = 24 * 60 * 60;
    const signedAt = new Date(Date.now() - day * 1000);
    const token = signToken(secret, "test", 1, Infinity, { signedAt });
    expect(verifyToken(secret, "test", token, { maxAge: day + 1 })).toEqual({ ok: true, data: 1 });
    expect(verifyToken(secret, "test", token, { maxAge: day - 1 })).toEqual({ ok: false, error: "expired" });
    expect(verifyToken(secret, "test", token, { maxAge: Infinity })).toEqual({ ok: true, data: 1 });
    const short = signToken(secret, "test", 1, day - 1, { signedAt: signedAt.getTime() });
    expect(verifyToken(secret, "test", short, { maxAge: Infinity })).toEqual({ ok: false, error: "expired" });
  });

  it("has no age for a token that does not say when it was signed", () => {
    const token = new Signer(secret, "test").sign(1, 60);
    expect(verifyToken(secret, "test", token)).toEqual({ ok: true, data: 1 });
    expect(verifyToken(secret, "test", token, { maxAge: 60 })).toEqual({ ok: false, error: "expired" });
  });

  it("refuses times that are none", () => {
    const token = signToken(secret, "test", 1, 60);
    expect(() => verifyToken(secret, "test", token, { maxAge: Number.NaN })).toThrow(RangeError);
    expect(() => signToken(secret, "test", 1, 60, { signedAt: new Date("soon") })).toThrow(RangeError);
  });

  it("calls what is no string malformed", () => {
    expect(verifyToken(secret, "test", 7 as unknown as string)).toEqual({ ok: false, error: "malformed" });
  });
});

describe("Signer", () => {
  it("binds a token to something that is not in it", () => {
    const signer = new Signer(secret, "page");
    const token = signer.sign("data", 60, "visitor");
    expect(token).not.toContain("visitor");
    expect(signer.verify(token, "visitor")).toEqual({ ok: true, data: "data" });
    expect(signer.verify(token, "other")).toEqual({ ok: false, error: "forged" });
    expect(signer.verify(token)).toEqual({ ok: false, error: "forged" });
  });
});

describe("resolveSecret", () => {
  it("throws in production if there is none", () => {
    vi.stubEnv("NODE_ENV", "production");
    expect(() => resolveSecret(undefined, () => {})).toThrow(/needs a secret in production.*SECRET_KEY_BASE/);
  });

  it("makes one up elsewhere, and says so once", () => {
    const warn = vi.fn();
    expect(resolveSecret("", warn)).not.toBe(resolveSecret(undefined, warn));
    expect(warn).toHaveBeenCalledTimes(2);
    expect(warn.mock.calls[0]?.[0]).toContain("until the server restarts");
  });

  it("takes a good one and refuses a short one", () => {
    const warn = vi.fn();
    expect(resolveSecret(secret, warn)).toBe(secret);
    expect(() => resolveSecret("short", warn)).toThrow(/at least 32/);
    expect(warn).not.toHaveBeenCalled();
  });
});
