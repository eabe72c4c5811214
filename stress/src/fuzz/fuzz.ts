/** Batch after batch of attacks, and a look at the server after each. */
import { StressServer } from "../server/child.ts";
import type { Health } from "../server/health.ts";
import { Attacker } from "./attacker.ts";
import { makeBatch } from "./batch.ts";
import type { Step } from "./steps.ts";
import type { Tally } from "./tally.ts";
import { WITNESS_VIEWS, Witnesses } from "./witnesses.ts";

export interface FuzzOptions {
  readonly seed: number;
  /** About how many frames to send. */
  readonly frames: number;
  /** The batch to begin with. */
  readonly from?: number;
  /** Frames of a batch. */
  readonly batch?: number;
  readonly log?: (line: string) => void;
}

export interface FuzzResult {
  readonly batches: number;
  readonly frames: number;
  readonly tally: Tally;
  /** The longest time for which the server served no other client, in milliseconds of CPU. */
  readonly longest: number;
  /** Most bytes that were kept after a batch. */
  readonly heap: number;
}

/** A batch after which something was wrong. */
export class FuzzError extends Error {
  readonly seed: number;
  readonly batch: number;
  readonly steps: readonly Step[];

  constructor(seed: number, batch: number, steps: readonly Step[], cause: unknown) {
    const message = cause instanceof Error ? cause.message : String(cause);
    super(`seed ${seed}, batch ${batch}: ${message}`, { cause });
    this.name = "FuzzError";
    this.seed = seed;
    this.batch = batch;
    this.steps = steps;
  }
}

/** Milliseconds of CPU that one message may take, with a wide margin. */
const LONGEST = 1000;
/** Bytes that may be kept: views that wait for their client among them. */
const HEAP = 200_000_000;
const RSS = 900_000_000;

export const FRAMES_PER_BATCH = 400;

/** Short limits, so that views that are never given up show. */
const limits = { waitingTime: 1000, resumeTime: 1000 };

/** @throws FuzzError with the batch that stopped, slowed or broke the server */
export async function fuzz({
  seed,
  frames,
  from = 0,
  batch = FRAMES_PER_BATCH,
  log,
}: FuzzOptions): Promise<FuzzResult> {
  const tally: Tally = new Map();
  const target = await Target.start();
  let [sent, number, longest, heap] = [0, from, 0, 0];
  try {
    for (; sent < frames; number++) {
      const steps = makeBatch(seed, number, batch);
      try {
        const { health, sent: more } = await target.attack(steps, tally);
        sent += more;
        longest = Math.max(longest, health.longest);
        heap = Math.max(heap, health.heap);
      } catch (error) {
        throw new FuzzError(seed, number, steps, error);
      }
      if ((number - from) % 20 === 19) {
        log?.(
          `${sent} frames in ${number - from + 1} batches, longest ${longest.toFixed(0)} ms, heap ${(heap / 1e6).toFixed(0)} MB`,
        );
      }
    }
    try {
      await target.empty();
    } catch (error) {
      throw new FuzzError(seed, number, [], error);
    }
    return { batches: number - from, frames: sent, tally, longest, heap };
  } finally {
    await target.end();
  }
}

/** A server under attack, with its witnesses. */
export class Target {
  readonly #server: StressServer;
  readonly #witnesses: Witnesses;

  private constructor(server: StressServer, witnesses: Witnesses) {
    this.#server = server;
    this.#witnesses = witnesses;
  }

  static async start(): Promise<Target> {
    const server = await StressServer.start({ limits });
    return new Target(server, await Witnesses.open(server.origin));
  }

  /** @throws Error that says what is wrong afterwards */
  async attack(steps: readonly Step[], tally: Tally): Promise<{ health: Health; sent: number }> {
    const attacker = new Attacker(this.#server.origin, tally);
    try {
      await attacker.run(steps);
      await this.#witnesses.check();
      const health = await this.#server.lap();
      check(health);
      return { health, sent: attacker.sent };
    } catch (error) {
      // The exit or silence of the process says more than a witness that waits.
      await this.#server.health();
      throw error;
    } finally {
      attacker.end();
    }
  }

  /** @throws Error if anything is left of clients that are gone */
  async empty(): Promise<void> {
    const until = Date.now() + 30_000;
    for (;;) {
      const { views } = await this.#server.health();
      const files = this.#server.temporaryFiles;
      if (views <= WITNESS_VIEWS && files.length === 0) break;
      if (Date.now() > until)
        throw new Error(`left behind: ${views - WITNESS_VIEWS} views and channels, files ${files}`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    await this.#witnesses.check();
  }

  async end(): Promise<void> {
    await this.#witnesses.close();
    await this.#server.end();
  }
}

function check({ accidents, polluted, longest, heap, peak }: Health): void {
  if (polluted.length > 0) throw new Error(`all objects have ${polluted}`);
  if (accidents.length > 0) throw new Error(`nobody asked for ${accidents.join("\n")}`);
  if (longest > LONGEST) throw new Error(`the server stood still for ${longest.toFixed(0)} ms of CPU`);
  if (heap > HEAP) throw new Error(`${(heap / 1e6).toFixed(0)} MB are kept`);
  if (peak > RSS) throw new Error(`the process had ${(peak / 1e6).toFixed(0)} MB`);
}
