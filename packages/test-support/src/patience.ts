// Waits of tests end when what they wait for has come: on a machine that has much to do a second, Vitest's own limit, is short.
import { vi } from "vitest";

/** Longest wait, in milliseconds: less than a test may take, so that a failure says what was awaited. */
export const PATIENCE = 20_000;

const { waitFor, waitUntil } = vi;
const patient = (options: number | { timeout?: number; interval?: number } = {}) =>
  typeof options === "number" ? options : { timeout: PATIENCE, ...options };

vi.waitFor = (callback, options) => waitFor(callback, patient(options));
vi.waitUntil = (callback, options) => waitUntil(callback, patient(options));
