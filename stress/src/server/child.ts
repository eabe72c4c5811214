/** The attacked server as a process of its own: its end or silence can be observed. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AppSettings } from "./app.ts";
import type { Health } from "./health.ts";

/** Milliseconds in which a healthy process answers, however busy the machine is. */
const PATIENCE = 30_000;

/** A question to the process. */
export interface Question {
  readonly id: number;
  /** `lap`: health, after which the measurements begin anew. */
  readonly ask: "port" | "health" | "lap";
}

export interface ChildOptions extends AppSettings {
  /** Largest heap, in megabytes. */
  readonly heap?: number;
}

/** File that a process is started from: the built one, even if this one runs from source. */
const entry = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../../dist/server/main.js" : "./main.js", import.meta.url),
);

export class StressServer {
  readonly port: number;
  readonly origin: string;
  /** Printed text. */
  output = "";
  /** Exit of the process, once it has ended. */
  ended: string | undefined;
  readonly #process: ChildProcess;
  readonly #temp: string;
  readonly #answers = new Map<number, (answer: unknown) => void>();
  #questions = 0;

  private constructor(process: ChildProcess, temp: string) {
    this.#process = process;
    this.#temp = temp;
    this.port = 0;
    this.origin = "";
    process.stdout?.on("data", (data) => this.#print(data));
    process.stderr?.on("data", (data) => this.#print(data));
    process.on("message", ({ id, value }: { id: number; value: unknown }) => this.#answers.get(id)?.(value));
    // A failure to send shows as a missing answer.
    process.on("error", () => {});
    process.on("exit", (code, signal) => {
      this.ended = `the server's process has ended (${signal ?? code})`;
    });
  }

  static async start({ heap = 512, ...settings }: ChildOptions = {}): Promise<StressServer> {
    if (!existsSync(entry)) throw new Error(`${entry} is not there. Build first: npm run build.`);
    const temp = mkdtempSync(join(tmpdir(), "overwire-stress-"));
    const child = fork(entry, [JSON.stringify(settings)], {
      execArgv: ["--expose-gc", "--enable-source-maps", `--max-old-space-size=${heap}`],
      env: { ...process.env, TMPDIR: temp, NODE_ENV: "production" },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const server = new StressServer(child, temp);
    const port = await server.#ask<number>("port");
    return Object.assign(server, { port, origin: `http://127.0.0.1:${port}` });
  }

  /** @throws Error if it has ended, or does not answer */
  health(): Promise<Health> {
    return this.#ask<Health>("health");
  }

  /** The same, and from then on a new lap is measured. */
  lap(): Promise<Health> {
    return this.#ask<Health>("lap");
  }

  /** Files of uploads that are on the disk. */
  get temporaryFiles(): string[] {
    return readdirSync(this.#temp, { recursive: true, withFileTypes: true })
      .filter((found) => found.isFile())
      .map(({ name }) => name);
  }

  /** Ends it at once. */
  async end(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exit = once(this.#process, "exit");
      this.#process.kill("SIGKILL");
      await exit;
    }
    rmSync(this.#temp, { recursive: true, force: true });
  }

  #print(data: unknown): void {
    this.output += String(data);
  }

  async #ask<T>(ask: Question["ask"]): Promise<T> {
    const id = ++this.#questions;
    let late: NodeJS.Timeout | undefined;
    const onExit = () => this.#answers.get(id)?.(undefined);
    this.#process.once("exit", onExit);
    const answer = await new Promise<unknown>((resolve) => {
      this.#answers.set(id, resolve);
      late = setTimeout(() => resolve(undefined), PATIENCE);
      if (this.#process.connected) this.#process.send({ id, ask } satisfies Question);
      else resolve(undefined);
    });
    clearTimeout(late);
    this.#process.off("exit", onExit);
    this.#answers.delete(id);
    if (answer === undefined) {
      // The exit may be known a moment after the channel is gone.
      if (!this.ended && !this.#process.connected) await once(this.#process, "exit");
      const end = this.ended ?? `the server does not answer within ${PATIENCE} ms`;
      throw new Error(`${end}. It printed: ${this.output.slice(-2000) || "nothing"}`);
    }
    return answer as T;
  }
}
