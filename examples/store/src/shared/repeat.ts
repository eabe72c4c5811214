/** Work that no request begins, again and again. */

/**
 * Does the work now and after each interval. A round that takes longer is not joined by a second one.
 * @returns a function that ends it; it resolves when work under way is done
 */
export function repeat(
  work: () => Promise<unknown>,
  every: number,
  report: (error: unknown) => void = console.error,
): () => Promise<void> {
  let running: Promise<void> | undefined;
  const run = () => {
    running ??= work()
      .then(() => {}, report)
      .finally(() => {
        running = undefined;
      });
  };
  const timer = setInterval(run, every);
  timer.unref();
  run();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
