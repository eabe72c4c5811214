/** Traffic of a site that does not exist: the same second always has the same number. */

export interface Point {
  /** Seconds since 1970. */
  readonly at: number;
  readonly requests: number;
}

/** Points that are shown. */
export const HISTORY = 60;

export function measure(at: number): Point {
  const noise = Math.sin(at * 12.9898) * 43758.5453;
  const wave = 120 + 60 * Math.sin(at / 9) + 30 * Math.sin(at / 4);
  return { at, requests: Math.round(wave + 25 * (noise - Math.floor(noise))) };
}
