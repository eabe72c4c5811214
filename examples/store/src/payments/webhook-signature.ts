/** The signature of the gateway's events: `Gateway-Signature: t=1764446400,v1=…`, over the time and the body as it was sent. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { MINUTE } from "../shared/clock.ts";

export const SIGNATURE_HEADER = "gateway-signature";
/** Between the time of the signature and now: clocks differ, and older requests may be someone else's copies. */
const TOLERANCE = 5 * MINUTE;

const digest = (secret: string, seconds: string, body: string): Buffer =>
  createHmac("sha256", secret).update(`${seconds}.${body}`).digest();

/** @param secrets several while the secret is changed: each signs */
export function signWebhook(secrets: string | readonly string[], body: string, now: Date): string {
  const seconds = String(Math.floor(now.getTime() / 1000));
  const signatures = [secrets].flat().map((secret) => `v1=${digest(secret, seconds, body).toString("hex")}`);
  return [`t=${seconds}`, ...signatures].join(",");
}

/** Tells if one of the header's signatures is that of the secret, and is not older than five minutes. */
export function isSignedWebhook(secret: string, body: string, header: string | null, now: Date): boolean {
  const parts = (header ?? "").split(",", 20).map((part) => part.trim().split("=", 2));
  const seconds = parts.find(([name]) => name === "t")?.[1] ?? "";
  if (!/^\d{1,12}$/.test(seconds)) return false;
  if (Math.abs(now.getTime() - Number(seconds) * 1000) > TOLERANCE) return false;
  const expected = digest(secret, seconds, body);
  return parts.some(([name, value = ""]) => {
    const given = Buffer.from(value, "hex");
    return name === "v1" && given.length === expected.length && timingSafeEqual(given, expected);
  });
}
