/** Background work on demand: started under a key, its result delivered under it. */
import { abortError } from "../events/concurrency.ts";
import { type AsyncLoader, type AsyncOutcome, type TaskHost, TaskRun, toError } from "./task-run.ts";

/** The running tasks of a view or component. */
export interface Tasks {
  /**
   * Runs a task. An earlier one under the same key is aborted, and its result dropped.
   * @param key any value that has a JSON; keys are the same if their JSON is
   * @throws TypeError for a key that has none
   */
  start(key: unknown, loader: AsyncLoader<unknown>): void;
  /** Ends the task that runs under the key, if one does; that is what is delivered. @param reason default an `AbortError` */
  cancel(key: unknown, reason?: unknown): void;
}

/** @param deliver gets the outcome of a task, in the view's turn */
export function createTasks(
  host: TaskHost,
  deliver: (key: unknown, outcome: AsyncOutcome<unknown>) => unknown,
): Tasks {
  const running = new Map<string, TaskRun<unknown>>();
  const run = (id: string, key: unknown, load: AsyncLoader<unknown>) => {
    const task: TaskRun<unknown> = new TaskRun(
      host,
      () => `handleAsync ${id}`,
      load,
      (outcome) => {
        running.delete(id);
        return deliver(key, outcome);
      },
    );
    running.set(id, task);
  };
  return {
    start(key, loader) {
      const id = idOf(key);
      running.get(id)?.stop(abortError(`Another task was started under the key ${id}.`));
      run(id, key, loader);
    },
    cancel(key, reason) {
      const id = idOf(key);
      const task = running.get(id);
      if (!task) return;
      const error = reason === undefined ? abortError(`The task ${id} was cancelled.`) : toError(reason);
      task.stop(error);
      // A task started now under the same key takes the place of this one too.
      run(id, key, () => Promise.reject(error));
    },
  };
}

function idOf(key: unknown): string {
  let id: string | undefined;
  try {
    id = JSON.stringify(key);
  } catch {}
  if (id !== undefined) return id;
  throw new TypeError(
    `A task's key must have a JSON, so that it can be told from others: a string, or { user: 7 }; but it is ${String(key)}.`,
  );
}
