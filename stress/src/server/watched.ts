/** Parts that the attacked views and channels share: the count of those that run, and the reading of payloads. */
import { LiveView } from "@overwire/server";

/** Begins the message of each error that the app throws on purpose. */
export const EXPECTED = "expected:";

/** The views and channels that run. */
export const running = new Set<object>();

/** A view that is counted for as long as it runs. */
export abstract class Watched<Path extends string = string> extends LiveView<Path> {
  override mount(): void | Promise<void> {
    running.add(this);
  }
  override terminate(): void {
    running.delete(this);
  }
}

/** Reads a value as text, as an author would, whatever comes. */
export const text = (value: unknown): string =>
  typeof value === "string"
    ? value.replace(/\p{Surrogate}/gu, "?").slice(0, 1000)
    : JSON.stringify(value ?? null).slice(0, 20);

export const sizeOf = (value: unknown): number =>
  Math.max(0, Math.min((typeof value === "number" && Math.floor(value)) || 0, 20_000));

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
