/** Child processes, each on a core of its own if the machine allows it, and none left behind. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Answer, Call, Calls } from "./calls.ts";

/** The core: servers have one, load generators the other. */
export type Core = 0 | 1;

/** Longest that one call may take, in milliseconds. */
const PATIENCE = 120_000;

let pinning: boolean | undefined;

/** Tells if processes can be held to a core: `taskset` is there, and so are two cores. */
export function canPin(): boolean {
  pinning ??= spawnSync("taskset", ["-c", "0,1", "taskset", "-c", "1", "true"]).status === 0;
  return pinning;
}

/** A process that answers to `C`. */
export class Child<C extends Calls> {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #calls = 0;

  /**
   * @param entry the built file to run, relative to this one
   * @param flags node's own
   * @param mode of the process: servers are measured as they are deployed, and so are their peers
   */
  constructor(
    entry: string,
    core: Core,
    flags: readonly string[] = [],
    mode: "production" | "development" = "production",
  ) {
    const command = [
      process.execPath,
      "--enable-source-maps",
      ...flags,
      fileURLToPath(new URL(entry, import.meta.url)),
    ];
    const [file = "", ...args] = canPin() ? ["taskset", "-c", String(core), ...command] : command;
    this.#process = spawn(file, args, {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      serialization: "advanced",
      env: { ...process.env, NODE_ENV: mode },
    });
    this.#process.on("message", (answer: Answer) => this.#waiting.get(answer.id)?.(answer));
    this.#process.on("exit", (code, signal) => this.#fail(`${entry} ended (${signal ?? code})`));
    this.#process.on("error", (error) => this.#fail(`${entry} does not start: ${error.message}`));
  }

  /** @throws Error of the other process, or if it does not answer */
  async ask<Name extends keyof C & string>(
    name: Name,
    ...args: Parameters<C[Name]>
  ): Promise<Awaited<ReturnType<C[Name]>>> {
    const id = ++this.#calls;
    let late: NodeJS.Timeout | undefined;
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
      late = setTimeout(() => resolve({ id, error: `no answer to ${name} in ${PATIENCE} ms` }), PATIENCE);
      if (!this.#process.connected) resolve({ id, error: `the process that should ${name} is gone` });
      else this.#process.send({ id, name, args } satisfies Call);
    });
    clearTimeout(late);
    this.#waiting.delete(id);
    if ("error" in answer) throw new Error(answer.error);
    return answer.value as Awaited<ReturnType<C[Name]>>;
  }

  /** Ends it, and waits until it has. */
  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exit = once(this.#process, "exit");
    // Asked by closing the channel, so that a profile is written; made to if it does not listen.
    const late = setTimeout(() => this.#process.kill("SIGKILL"), 5000);
    if (this.#process.connected) this.#process.disconnect();
    await exit;
    clearTimeout(late);
  }

  #fail(error: string): void {
    for (const [id, resolve] of this.#waiting) resolve({ id, error });
  }
}
