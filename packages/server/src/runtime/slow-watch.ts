/** Notices messages that take too long: one timer for many of them looks at the one that runs when its time has come. */
import type { ViewReports } from "./view-reports.ts";

export class SlowWatch {
  readonly #after: number;
  readonly #reports: ViewReports;
  #label: string | undefined;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param after milliseconds; 0 for never */
  constructor(after: number, reports: ViewReports) {
    this.#after = after;
    this.#reports = reports;
  }

  /** A message takes time. */
  begin(label: string): void {
    this.#label = label;
    this.#since = performance.now();
    if (this.#after > 0) this.#timer ??= this.#startTimer(this.#after);
  }

  /** The message is over. */
  done(): void {
    this.#label = undefined;
  }

  /** The view is over. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #startTimer(milliseconds: number): NodeJS.Timeout {
    const look = () => {
      this.#timer = undefined;
      if (this.#label === undefined) return;
      const time = performance.now() - this.#since;
      if (time >= this.#after) this.#reports.warnSlow(this.#label, time);
      else this.#timer = this.#startTimer(this.#after - time);
    };
    return setTimeout(look, Math.ceil(milliseconds)).unref();
  }
}
