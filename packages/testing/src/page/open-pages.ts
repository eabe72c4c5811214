/** Pages that tests have opened: each is closed by itself after its test, or after the file if it was opened around tests. */

/** A page that can be closed. */
interface Closable {
  /** Opened while no test ran: in `beforeAll`, or at the top of a file. */
  isShared?: boolean;
  close(): Promise<void>;
}

/** Hooks of test runners, by the names that all of them use. */
interface Runner {
  beforeEach(hook: () => void): unknown;
  afterEach(hook: () => Promise<void>): unknown;
  afterAll?(hook: () => Promise<void>): unknown;
  /** `node:test` has no `afterAll`. */
  after?(hook: () => Promise<void>): unknown;
}

const pages = new Set<Closable>();
/** Tests that run now; several if they run beside each other. */
let running = 0;

/**
 * Closes all pages that are open. Not needed in Vitest, `node:test` and runners with a global `afterEach` such as Jest:
 * there each page is closed after the test that opened it.
 * @example afterEach(closeAll);
 */
export async function closeAll(): Promise<void> {
  await close(() => true);
}

async function close(isMeant: (page: Closable) => boolean): Promise<void> {
  await Promise.all([...pages].filter(isMeant).map((page) => page.close()));
}

/** @returns a function that forgets the page once it is closed */
export function noteOpened(page: Closable, isShared: boolean): () => void {
  page.isShared = isShared;
  pages.add(page);
  return () => void pages.delete(page);
}

/** Tells if no test runs, as in `beforeAll`. */
export const isAroundTests = (): boolean => running === 0;

/** The runner that this file is imported by. */
function findRunner(): Runner | undefined {
  // Vitest without globals has its functions here, for tests inside of sources.
  const { __vitest_index__: vitest } = globalThis as { __vitest_index__?: Runner };
  if (vitest) return vitest;
  const global = globalThis as Partial<Runner>;
  if (global.beforeEach && global.afterEach) return global as Runner;
  // Loading it where no test does would make any process print a report of tests.
  const { moduleLoadList = [] } = process as { moduleLoadList?: readonly string[] };
  const isNodes =
    process.env["NODE_TEST_CONTEXT"] !== undefined ||
    moduleLoadList.includes("NativeModule internal/test_runner/harness");
  return isNodes ? process.getBuiltinModule("node:test") : undefined;
}

function closeByItself(runner: Runner | undefined): void {
  if (!runner) return;
  runner.beforeEach(() => {
    running++;
  });
  runner.afterEach(async () => {
    // Tests that run beside each other keep their pages until the last of them is over.
    if (--running === 0) await close(({ isShared }) => !isShared);
  });
  (runner.afterAll ?? runner.after)?.(closeAll);
}

closeByItself(findRunner());
