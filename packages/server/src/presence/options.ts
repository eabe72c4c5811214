/** Times of presence, as an app sets them. */

/** Options of `createApp({ presence })`. */
export interface PresenceTimes {
  /** Time for which a lost connection counts as there, in milliseconds. Default 5,000; 0 leaves at once. */
  readonly graceTime?: number | undefined;
  /** Time between the beats by which nodes hear that the others live, in milliseconds. Default 1,500. */
  readonly heartbeat?: number | undefined;
  /** Time after which a node that is not heard counts as gone, in milliseconds: at least three beats. Default 10,000. */
  readonly silence?: number | undefined;
}

export type ResolvedTimes = Readonly<Record<keyof PresenceTimes, number>>;

const defaults: ResolvedTimes = { graceTime: 5000, heartbeat: 1500, silence: 10_000 };
/** Beats in a row that may be late or lost before a node counts as gone. */
const FEWEST_BEATS = 3;

const invalid = (message: string) => Object.assign(new RangeError(message), { code: "invalid_option" });

/** @throws RangeError for a time that is none, or too little silence */
export function resolveTimes(given: PresenceTimes = {}): ResolvedTimes {
  const times = { ...defaults };
  for (const name of Object.keys(defaults) as (keyof PresenceTimes)[]) {
    const value: unknown = given[name];
    if (value === undefined) continue;
    const least = name === "graceTime" ? 0 : 1;
    if (typeof value !== "number" || !(value >= least && value <= 2 ** 31 - 1))
      throw invalid(`presence.${name} is a time in milliseconds, but it is ${String(value)}.`);
    times[name] = value;
  }
  const { heartbeat, silence } = times;
  if (silence < FEWEST_BEATS * heartbeat)
    throw invalid(
      `presence.silence has to be at least ${FEWEST_BEATS} times presence.heartbeat, so that a late beat is no end of a node, but it is ${silence} with a heartbeat of ${heartbeat}.`,
    );
  return times;
}
