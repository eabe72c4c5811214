/** The part that each running test has of a double, and its verification. */
import { relative } from "node:path";
import { inspect } from "node:util";
import { checkAtEnd, type RunningTest } from "../runner/current-test.ts";
import type { AnyFunction } from "./contract.ts";

interface Expectation {
  readonly name: PropertyKey;
  readonly run: AnyFunction | undefined;
  readonly times: number;
  /** Of its place in the test. */
  readonly stack: string;
  came: number;
}

export class Part {
  expectations: Expectation[] = [];
  readonly stubs = new Map<PropertyKey, AnyFunction>();
  calls: { readonly name: PropertyKey; readonly args: readonly unknown[] }[] = [];
  unexpected: Error[] = [];
  fallback: unknown;

  /** @returns failures, each once. @param double its name */
  takeFailures(double: string): Pick<Error, "message" | "stack">[] {
    const calls = this.calls.map(({ name, args }) => showCall(name, args)).join(", ") || "none";
    const missing = this.expectations.filter(({ came, times }) => came < times);
    this.expectations = this.expectations.filter((each) => !missing.includes(each));
    const failures = missing.map((each) => {
      return { message: `${double}: ${showExpected(each)}. Calls: ${calls}.`, stack: each.stack };
    });
    return [...this.unexpected.splice(0), ...failures];
  }
}

/** An unexpected call; or all failures of a test, with the stack of the first. */
export class DoubleError extends Error {
  override readonly name = "DoubleError";
  readonly code = "double_failed";
}

/** Verifies one double, or at the end of a test all. @throws DoubleError */
export function verify(test: RunningTest, of?: object): void {
  const parts = [...test.parts].filter(([double, part]) => part instanceof Part && (!of || of === double));
  const failures = parts.flatMap(([{ name }, part]) => (part as Part).takeFailures(name));
  if (!of) for (const [, part] of parts) Object.assign(part as Part, { expectations: [], calls: [] });
  const [first] = failures;
  if (!first) return;
  const error = new DoubleError(failures.map(({ message }) => message).join("\n"));
  const { stack = "" } = first;
  error.stack = `${error}${stack.slice(stack.indexOf("\n    at "))}`;
  throw error;
}

checkAtEnd((test) => verify(test));

export const showCall = (name: PropertyKey, args: readonly unknown[]): string =>
  `${String(name)}(${args.map((arg) => inspect(arg, { depth: 4, maxStringLength: 200 })).join(", ")})`;

const showTimes = (count: number) => ["never", "once", "twice"][count] ?? `${count} times`;

export function showExpected({ name, times, came, stack }: Expectation): string {
  const [place = ""] = /\/[^()\n]+:\d+(?=:\d+)/.exec(stack.replace("file://", "")) ?? [];
  return `${String(name)} is expected ${showTimes(times)} (at ${relative("", place)}) and came ${showTimes(came)}`;
}
