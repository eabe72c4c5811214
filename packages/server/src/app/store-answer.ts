/** Stores of sessions may never answer: changes of sessions wait for them no longer than for their pages. */
import { TICKET_TIME, viewEnded } from "../http/session-tickets.ts";
import { SessionError } from "../view/session-error.ts";

/** End of the time for a change that begins now. */
export const changeEnds = (): number => performance.now() + TICKET_TIME;

/**
 * Waits for a store.
 * @param until a time of {@link changeEnds}
 * @param signal of the end of the view that waits
 * @throws SessionError if the store has not answered until then; else as it does
 */
export function storeAnswer<T>(work: Promise<T>, until: number, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () =>
      reject(
        new SessionError("no_answer", `The store of sessions did not answer within ${TICKET_TIME / 1000} s.`),
      );
    const gone = () => reject(viewEnded());
    const timer = setTimeout(late, until - performance.now());
    timer.unref?.();
    signal?.addEventListener("abort", gone, { once: true });
    if (signal?.aborted) gone();
    const over = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", gone);
    };
    work.finally(over).then(resolve, reject);
  });
}
