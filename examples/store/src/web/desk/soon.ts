/** Live pages whose figures change often. */
import type { LiveView } from "@overwire/server";

const PAUSE = 250;

/**
 * A function that runs the work a moment later, in the view's turn, and once for all calls until then.
 * @param pause until then, in milliseconds
 */
export function soon(view: LiveView, run: () => void | Promise<void>, pause = PAUSE): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    view.setTimeout(() => {
      isDue = false;
      return run();
    }, pause);
  };
}
