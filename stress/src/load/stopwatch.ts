/** Times of events from the page to its answer, over all shoppers. */
import type { ServerFrame } from "@overwire/server/wire";

export interface Times {
  readonly count: number;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  readonly longest: number;
}

/** Events and live patches, by their frames. */
const ASKING = new Set(["e", "f", "n"]);

export class Stopwatch {
  readonly #taken: number[] = [];

  /** Watches one socket. */
  line(): { sent(data: unknown): void; received(data: string): void } {
    const since = new Map<string, number>();
    return {
      sent: (data) => {
        if (typeof data !== "string") return;
        const [kind, view, ref] = JSON.parse(data) as readonly unknown[];
        if (ASKING.has(String(kind))) since.set(`${view} ${ref}`, performance.now());
      },
      received: (data) => {
        const [kind, view, , ref] = JSON.parse(data) as ServerFrame;
        const key = `${view} ${ref}`;
        const start = kind === "p" ? since.get(key) : undefined;
        if (start === undefined) return;
        since.delete(key);
        this.#taken.push(performance.now() - start);
      },
    };
  }

  times(): Times {
    const sorted = this.#taken.toSorted((a, b) => a - b);
    const at = (share: number) => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0);
    return { count: sorted.length, median: at(0.5), p95: at(0.95), p99: at(0.99), longest: at(1) };
  }
}
