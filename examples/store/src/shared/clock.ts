/** Time, so that tests can set it. */
export type Clock = () => Date;

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
