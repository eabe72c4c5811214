/** Times from what a user does to its answer. */
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

export interface Timed {
  /** The time at which it began, as `Date.now()` has it. */
  readonly at: number;
  /** In milliseconds. */
  readonly took: number;
}

export class Stopwatch {
  /** In the order of the answers. */
  readonly taken: Timed[] = [];

  /** @returns a function that takes the time until now, once */
  start(): () => void {
    const [at, since] = [Date.now(), performance.now()];
    let isStopped = false;
    return () => {
      if (!isStopped) this.taken.push({ at, took: performance.now() - since });
      isStopped = true;
    };
  }

  /** Watches the frames of one socket. Events whose answers are lost with it are not timed. */
  line(): { sent(data: unknown): void; received(data: string): void } {
    const waiting = new Map<string, () => void>();
    return {
      sent: (data) => {
        if (typeof data !== "string") return;
        const [kind, view, ref] = JSON.parse(data) as readonly unknown[];
        if (ASKING.has(String(kind))) waiting.set(`${view} ${ref}`, this.start());
      },
      received: (data) => {
        const [kind, view, , ref] = JSON.parse(data) as ServerFrame;
        if (kind !== "p") return;
        const key = `${view} ${ref}`;
        waiting.get(key)?.();
        waiting.delete(key);
      },
    };
  }
}

export function timesOf(taken: readonly Timed[]): Times {
  const sorted = taken.map(({ took }) => took).sort((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0);
  return { count: sorted.length, median: at(0.5), p95: at(0.95), p99: at(0.99), longest: at(1) };
}
