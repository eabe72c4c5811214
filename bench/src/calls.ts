/** Asking another process to do something: typed calls over the IPC channel, for both of its ends. */

/** Functions of a process. Arguments and results must survive a structured clone. */
export type Calls = { readonly [name: string]: (...args: never[]) => unknown };

/** Message to {@link answer}. */
export interface Call {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

/** Message from {@link answer}. */
export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string };

/** Answers the parent's calls until it is gone; a process never outlives who started it. */
export function answer(calls: Calls): void {
  const reply = (message: Answer) => process.connected && process.send?.(message);
  process.on("message", async ({ id, name, args }: Call) => {
    try {
      const call = calls[name] as (...args: readonly unknown[]) => unknown;
      reply({ id, value: await call(...args) });
    } catch (error) {
      reply({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.on("disconnect", () => process.exit(0));
}
