/** Services of which one call fails, to end work at every point that it has. */

export type Failure =
  /** The call does nothing. */
  | "refused"
  /** The call is done, and its answer lost. */
  | "unanswered"
  /** The process ends before the call: none after it is made either. */
  | "killed before"
  /** The process ends when the call is done. */
  | "killed after";
export const FAILURES: readonly Failure[] = ["refused", "unanswered", "killed before", "killed after"];

export class Failed extends Error {
  override readonly name = "Failed";
}

/** Counts calls of the services that it wraps, and lets the call of a number fail. */
export class FailAt {
  calls = 0;
  readonly #at: number;
  readonly #failure: Failure;

  constructor(at = Number.POSITIVE_INFINITY, failure: Failure = "refused") {
    this.#at = at;
    this.#failure = failure;
  }

  wrap<T extends object>(service: T): T {
    return new Proxy(service, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => {
          if (name !== "transaction") return this.#call(() => value.apply(target, args));
          // The end of a transaction is a call too: what it keeps, or is refused, is decided there.
          const [run] = args as [() => unknown];
          const whole = async () => {
            const result = await run();
            await this.#call(async () => {});
            return result;
          };
          return this.#call(() => value.call(target, whole));
        };
      },
    });
  }

  async #call(run: () => unknown): Promise<unknown> {
    const number = ++this.calls;
    const isKilled = this.#failure.startsWith("killed");
    const fails = number === this.#at || (isKilled && number > this.#at);
    const isDone = !fails || (number === this.#at && /unanswered|after/.test(this.#failure));
    const result = isDone ? await run() : undefined;
    if (fails || (isKilled && this.calls > this.#at)) throw new Failed(`Call ${number} has failed.`);
    return result;
  }
}
