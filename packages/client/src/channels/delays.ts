/** Delays before a client connects again, or joins again. */

/** End of a connection, as the server or the network gave it. */
export interface LineEnd {
  readonly code: number;
  readonly reason: string;
}

/** Delays before connecting again, in milliseconds; the last one from then on. */
const DELAYS = [10, 50, 100, 150, 200, 250, 500, 1000, 2000, 5000];
/** Tries that a server counts for which stops or has too many clients, and those of one that refuses this client. */
const BUSY = 7;
const REFUSED = DELAYS.length;

/** Many clients lose their server at once and should not all come back at once. */
export const jittered = (delays: readonly number[], tries: number): number =>
  (delays[Math.min(tries, delays.length) - 1] as number) * (0.5 + Math.random());

export const defaultReconnectAfter = (tries: number): number => jittered(DELAYS, tries);

/** Number of the next try after an end. */
export function nextTry(tries: number, end: LineEnd | undefined): number {
  const code = `${end?.code}`;
  if (/^10(01|12|13)$/.test(code)) return Math.max(tries + 1, BUSY);
  return (/^(100[23789]|4\d{3})$/.test(code) ? REFUSED : tries) + 1;
}
