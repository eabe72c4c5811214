/** The end of something with several parts: each part ends, even if an earlier one fails to. */
/** @param failed gets the error of a step; must not throw */
export function disposeAll(steps: Iterable<() => unknown>, failed: (error: unknown) => void): void {
  for (const step of steps) {
    try {
      const done = step();
      if (done instanceof Promise) done.catch(failed);
    } catch (error) {
      failed(error);
    }
  }
}
