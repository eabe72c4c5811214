/** Numbers, dates and times as fields of a form hold them, and the steps between them. */

const DAY = 86_400_000;

/** A number that the standard calls valid, in digits and a power of ten: exact, as in browsers. */
function readDecimal(text: string): readonly [digits: bigint, exponent: number] | undefined {
  const match = /^(-?)(\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  const [, sign, whole = "", fraction = "", exponent = "0"] = match ?? [];
  if (!match || !(whole || fraction) || Math.abs(Number(exponent)) > 400) return undefined;
  return [BigInt(`${sign}${whole}${fraction}`.replace(/^-$/, "-0")), Number(exponent) - fraction.length];
}

const readDate = (text: string): number | undefined => {
  const [, year = "", month = "", day = ""] = /^(\d{4,6})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (!(Number(year) > 0)) return undefined;
  const date = new Date(0).setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  // A 31st of April would become a day of May.
  return new Date(date).getUTCMonth() === Number(month) - 1 ? date : undefined;
};

const readMonth = (text: string): number | undefined => {
  const [, year = "", month = ""] = /^(\d{4,})-(\d\d)$/.exec(text) ?? [];
  const isThere = Number(year) > 0 && Number(month) >= 1 && Number(month) <= 12;
  return isThere ? (Number(year) - 1970) * 12 + Number(month) - 1 : undefined;
};

/** The Monday of a week, as ISO 8601 counts them. */
const mondayOf = (year: number, week: number) => {
  const fourth = Date.UTC(year, 0, 4);
  const weekday = (new Date(fourth).getUTCDay() + 6) % 7;
  return fourth + ((week - 1) * 7 - weekday) * DAY;
};

const readWeek = (text: string): number | undefined => {
  const [, year = "", week = ""] = /^(\d{4,})-W(\d\d)$/.exec(text) ?? [];
  if (!(Number(year) > 0) || Number(week) < 1) return undefined;
  const monday = mondayOf(Number(year), Number(week));
  return monday < mondayOf(Number(year) + 1, 1) ? monday : undefined;
};

const readTime = (text: string): number | undefined => {
  const match = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3}))?)?$/.exec(text);
  if (!match) return undefined;
  const [, hours, minutes, seconds = "0", fraction = ""] = match;
  const minute = Number(hours) * 60 + Number(minutes);
  return (minute * 60 + Number(seconds)) * 1000 + Number(fraction.padEnd(3, "0"));
};

const readDateTime = (text: string): number | undefined => {
  const [date = "", time = ""] = text.split(/[T ]/);
  const [day, at] = [readDate(date), readTime(time)];
  return day === undefined || at === undefined ? undefined : day + at;
};

interface Quantity {
  readonly read: (text: string) => number | undefined;
  /** The default step, and the size of a `step` of one. */
  readonly step: number;
  readonly scale: number;
  /** Base from which steps are counted. */
  readonly base: number;
}

const quantities: Readonly<Record<string, Quantity>> = {
  date: { read: readDate, step: 1, scale: DAY, base: 0 },
  month: { read: readMonth, step: 1, scale: 1, base: 0 },
  // The first week of 1970 began on a Monday.
  week: { read: readWeek, step: 1, scale: 7 * DAY, base: -3 * DAY },
  time: { read: readTime, step: 60, scale: 1000, base: 0 },
  "datetime-local": { read: readDateTime, step: 60, scale: 1000, base: 0 },
};

/** The value of a field of a type as a number; undefined if it holds none. */
export const readNumber = (type: string, text: string): number | undefined =>
  quantities[type]
    ? quantities[type].read(text)
    : readDecimal(text) && Number.isFinite(Number(text))
      ? Number(text)
      : undefined;

/** Decimals by their common power of ten. */
function align(decimals: readonly (readonly [bigint, number])[]): bigint[] {
  const least = Math.min(...decimals.map(([, exponent]) => exponent));
  return decimals.map(([digits, exponent]) => digits * 10n ** BigInt(exponent - least));
}

/** If a value is none that can be reached by the field's steps. */
export function hasStepMismatch(
  type: string,
  value: string,
  step: string,
  min: string,
  initial: string,
): boolean {
  if (step.trim().toLowerCase() === "any") return false;
  const isStep = readDecimal(step) !== undefined && Number(step) > 0;
  const quantity = quantities[type];
  if (!quantity) {
    const all = [value, readDecimal(min) ? min : readDecimal(initial) ? initial : "0", isStep ? step : "1"];
    const [number = 0n, base = 0n, by = 1n] = align(all.flatMap((text) => [readDecimal(text) ?? [0n, 0]]));
    return (number - base) % by !== 0n;
  }
  const { read, base, scale } = quantity;
  // Dates have no part of a day.
  const by = isStep ? Number(step) : quantity.step;
  const whole = scale === 1000 ? Math.round(by * scale) : Math.max(1, Math.round(by)) * scale;
  const from = read(min) ?? read(initial) ?? base;
  return whole > 0 && ((read(value) ?? 0) - from) % whole !== 0;
}
