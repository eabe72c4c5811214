/** The async context in which a view or channel was opened: the testing kit keeps it, so that all it does is of one test. */

const KEPT = Symbol.for("overwire.context");
/** Set by the testing kit: @returns a function that runs things in the context of now. */
type Keep = () => ((run: () => void) => void) | undefined;

/** @returns the same function, or for a test one that runs in the context of now whenever it is called */
export function inContext<A extends unknown[]>(run: (...args: A) => void): (...args: A) => void {
  const context = (globalThis as { readonly [KEPT]?: Keep })[KEPT]?.();
  return context ? (...args) => context(() => run(...args)) : run;
}
