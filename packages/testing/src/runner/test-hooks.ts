/** Hooks by which each test of a known runner has a context of its own, and is checked at its end. */
import { AsyncResource } from "node:async_hooks";
import { aroundTests, beginTest, endTest, ownTest, type RunningTest, runIn } from "./current-test.ts";
import { findRunner, type RunnerHooks } from "./find-runner.ts";

const warn = (error: unknown) => {
  console.warn(`${error}\nThis fails the test if Vitest has { setupFiles: ["@overwire/testing/vitest"] }.`);
};
const fail = (error: unknown) => {
  throw error;
};
let report = warn;

/**
 * Runs a test with its own part of every double, which is verified at its end: for runners that are neither Vitest nor
 * `node:test`.
 * @throws DoubleError
 * @example test("charges", () => withDoubles(async () => { … }));
 */
export const withDoubles = <T>(run: () => T | Promise<T>): Promise<T> => runTest(run, fail);

async function runTest<T>(run: () => T | Promise<T>, failed: (error: unknown) => void): Promise<T> {
  const test = beginTest();
  let isDone = false;
  try {
    const result = await runIn(test, run);
    isDone = true;
    return result;
  } finally {
    // The test's own error is not hidden by another.
    end(test, isDone ? failed : () => {});
  }
}

function end(test: RunningTest, failed: (error: unknown) => void): void {
  try {
    endTest(test);
  } catch (error) {
    failed(error);
  }
}

function useVitest({ aroundEach, afterAll }: RunnerHooks): void {
  // Setup files and test files may both bring it.
  aroundEach?.((run) => (ownTest() !== aroundTests ? run() : runTest(run, (error) => report(error))));
  afterAll?.(() => end(aroundTests, (error) => report(error)));
}

/** `node:test` has no hook around a test. */
function useNode({ beforeEach, afterEach, after }: RunnerHooks): void {
  const tests = new WeakMap<object, RunningTest>();
  beforeEach((context) => void tests.set(context, beginTest()));
  afterEach((context) => {
    const test = tests.get(context);
    if (test) end(test, fail);
  });
  after?.(() => end(aroundTests, fail));
  // By this the runner calls a test and its hooks: all of them with the test's context, which is known since `beforeEach`.
  const { runInAsyncScope } = AsyncResource.prototype;
  AsyncResource.prototype.runInAsyncScope = function (run, context, ...args) {
    const test = tests.get(Object(context));
    if (!test) return Reflect.apply(runInAsyncScope, this, [run, context, ...args]);
    const inTest = () => {
      const around = ownTest();
      if (around !== aroundTests && !around.chain.includes(test)) test.outer = around;
      return runIn(test, () => Reflect.apply(run as () => unknown, context, args));
    };
    return Reflect.apply(runInAsyncScope, this, [inTest]);
  };
}

/** Makes tests of Vitest fail, and not only warn, whose checks do. Called once for each file. */
export function failInVitest(): void {
  report = fail;
  const runner = findRunner();
  if (!runner?.aroundEach)
    throw new Error("@overwire/testing/vitest is a setup file for Vitest 4.1 or newer.");
  useVitest(runner);
}

const runner = findRunner();
if (runner?.aroundEach) useVitest(runner);
else if (runner && !runner.afterAll) useNode(runner);
