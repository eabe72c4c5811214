/** A shorter clock for a page: the client's beats and delays pass in a fraction of their time. */

/** Delays shrink to a twentieth; those of many seconds, such as the heartbeat's 30, much more, and stay the longest. */
export const shorten = (ms: number): number => Math.min(ms / 20, 100 + ms / 600);

/** The client's heartbeat on such a clock, in milliseconds: a line is found dead within two of them. */
export const BEAT = shorten(30_000);

interface Timers {
  setTimeout(run: (...args: never[]) => void, ms?: number, ...args: never[]): unknown;
  setInterval(run: (...args: never[]) => void, ms?: number, ...args: never[]): unknown;
}

export function shortenClock(window: Timers): void {
  for (const name of ["setTimeout", "setInterval"] as const) {
    const own = window[name].bind(window);
    window[name] = (run, ms = 0, ...args) => own(run, shorten(ms), ...args);
  }
}
