/** Refused messages of one connection: reports the first few of a minute, counts the others, and says when it is enough. */
import type { Report } from "../runtime/services.ts";

const MINUTE = 60_000;
/** Reports in a minute. */
const REPORTED = 5;
/** Refusals in a minute after which the connection is closed. */
export const MOST_REFUSALS = 300;

export class RefusalLimit {
  readonly #report: (report: Report) => void;
  #since = 0;
  #count = 0;

  constructor(report: (report: Report) => void) {
    this.#report = report;
  }

  /** @returns false if the connection is to be closed */
  add(report: Report): boolean {
    const now = Date.now();
    if (now - this.#since >= MINUTE) {
      this.end();
      this.#since = now;
    }
    if (++this.#count <= REPORTED) this.#report(report);
    return this.#count < MOST_REFUSALS;
  }

  /** Reports the number of those that were only counted. */
  end(): void {
    const omitted = this.#count - REPORTED;
    this.#count = 0;
    if (omitted <= 0) return;
    const message = `${omitted} more messages of a connection were refused within a minute`;
    this.#report({ kind: "refused", message });
  }
}
