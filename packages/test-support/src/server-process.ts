/** A program that serves, in a process of its own: its output, its end. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, vi } from "vitest";

/** A database that is made first takes seconds, on a busy machine many. In milliseconds. */
const LONGEST_START = 60_000;

export interface ServerProcess {
  readonly process: ChildProcess;
  /** Resolves when it has ended and has said all, with those to whom it gave its output. */
  readonly closed: Promise<[code: number | null, signal: string | null]>;
  /** All that it has said so far, to both outputs. */
  output(): string;
  /** Waits until it has said something. */
  says(text: string | RegExp): Promise<RegExpMatchArray>;
}

/**
 * Called once in a file. What a test leaves behind is killed.
 * @returns a function that starts a program
 */
export function serverProcesses(): (file: string, environment?: NodeJS.ProcessEnv) => ServerProcess {
  let started: ChildProcess[] = [];
  afterEach(() => {
    for (const child of started) child.kill("SIGKILL");
    started = [];
  });
  return (file, environment) => {
    const env = { ...process.env, ...environment };
    const child = spawn(process.execPath, [file], { env, stdio: ["ignore", "pipe", "pipe"] });
    started.push(child);
    let output = "";
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (output += text));
    return {
      process: child,
      closed: once(child, "close") as ServerProcess["closed"],
      output: () => output,
      says: (text) =>
        vi.waitFor(
          () => {
            expect(output).toMatch(text);
            return output.match(text) as RegExpMatchArray;
          },
          { timeout: LONGEST_START, interval: 20 },
        ),
    };
  };
}
