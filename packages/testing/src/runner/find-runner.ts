/** The test runner that a file is imported by. */

/** Hooks of test runners, by the names that all of them use. */
export interface RunnerHooks {
  beforeEach(hook: (context: object) => void): unknown;
  afterEach(hook: (context: object) => void | Promise<void>): unknown;
  afterAll?(hook: () => void | Promise<void>): unknown;
  /** `node:test` has no `afterAll`. */
  after?(hook: () => void | Promise<void>): unknown;
  /** Vitest's. */
  aroundEach?(hook: (runTest: () => Promise<void>) => Promise<void>): unknown;
}

export function findRunner(): RunnerHooks | undefined {
  // Vitest without globals has its functions here, for tests inside of sources.
  const { __vitest_index__: vitest } = globalThis as { __vitest_index__?: RunnerHooks };
  if (vitest) return vitest;
  const global = globalThis as Partial<RunnerHooks>;
  if (global.beforeEach && global.afterEach) return global as RunnerHooks;
  // Loading it where no test does would make any process print a report of tests.
  const { moduleLoadList = [] } = process as { moduleLoadList?: readonly string[] };
  const isNodes =
    process.env["NODE_TEST_CONTEXT"] !== undefined ||
    moduleLoadList.includes("NativeModule internal/test_runner/harness");
  return isNodes ? process.getBuiltinModule("node:test") : undefined;
}
