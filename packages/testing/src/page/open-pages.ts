/** Pages that tests have opened: each is closed by itself after its test, or after the file if it was opened around tests. */
import { findRunner, type RunnerHooks } from "../runner/find-runner.ts";

/** A page that can be closed. */
interface Closable {
  /** Opened while no test ran: in `beforeAll`, or at the top of a file. */
  isShared?: boolean;
  close(): Promise<void>;
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

function closeByItself(runner: RunnerHooks | undefined): void {
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
