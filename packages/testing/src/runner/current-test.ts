/** Tests that run, found by the async context of the code that runs. */
import { AsyncLocalStorage } from "node:async_hooks";

/** A test; a subtest, whose `outer` is the test around it; or the time around all tests. */
export class RunningTest {
  outer: RunningTest | undefined;
  isOver = false;
  /** Things of the test's own, such as its part of a double, by their owners. */
  readonly parts = new Map<{ readonly name: string }, unknown>();

  constructor(outer?: RunningTest) {
    this.outer = outer;
  }

  /** This one and those around it. */
  get chain(): RunningTest[] {
    return [this, ...(this.outer?.chain ?? [])];
  }
}

const storage = new AsyncLocalStorage<RunningTest>();
const running = new Set<RunningTest>();
const checks: ((test: RunningTest) => void)[] = [];

/** The time around all tests. */
export const aroundTests = new RunningTest();

/** The test in whose context the code runs. */
export const ownTest = (): RunningTest => storage.getStore() ?? aroundTests;

/** The same; but code that no test began, such as a server's, belongs to the only test that runs. */
export const likelyTest = (): RunningTest =>
  storage.getStore() ?? (running.size === 1 ? [...running][0] : undefined) ?? aroundTests;

/** Runs something in the context of a test. */
export const runIn = <T>(test: RunningTest, run: () => T): T => storage.run(test, run);

export function beginTest(): RunningTest {
  const test = new RunningTest(aroundTests);
  running.add(test);
  return test;
}

/** Has something checked at the end of each test: what it throws fails the test. */
export const checkAtEnd = (check: (test: RunningTest) => void): void => void checks.push(check);

/**
 * Verifies all doubles of the running test, for runners that are neither Vitest nor `node:test`, and forgets its
 * expectations and calls.
 * @throws DoubleError
 * @example afterEach(verifyAll);
 */
export function verifyAll(): void {
  checkTest(ownTest());
}

function checkTest(test: RunningTest): void {
  for (const check of checks) check(test);
}

/** @throws the error of a check */
export function endTest(test: RunningTest): void {
  running.delete(test);
  try {
    checkTest(test);
  } finally {
    test.isOver = test !== aroundTests;
  }
}

// The server asks it for each view and channel that is opened, which then runs in the context of the test that did that.
Object.defineProperty(globalThis, Symbol.for("overwire.context"), {
  configurable: true,
  value: () => {
    const test = storage.getStore();
    return test && (<T>(run: () => T): T => runIn(test, run));
  },
});
