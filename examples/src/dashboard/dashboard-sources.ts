/** Sources of the dashboard's figures: four, each slow in its own way; one is down at its first request. */
import { setTimeout } from "node:timers/promises";

export const periods = ["week", "month", "year"] as const;
export type Period = (typeof periods)[number];

export interface Source {
  readonly id: string;
  readonly title: string;
  readonly unit?: Intl.NumberFormatOptions;
  /** Duration of an answer, in milliseconds. */
  readonly delay: number;
  /** Makes a failure visible: its first answer to a user is one. */
  readonly failsFirst?: boolean;
  /** Value of an average day, before the days differ. */
  readonly usual: number;
}

export const sources: readonly Source[] = [
  {
    id: "revenue",
    title: "Revenue",
    unit: { style: "currency", currency: "EUR", maximumFractionDigits: 0 },
    delay: 1400,
    usual: 4200,
  },
  { id: "visitors", title: "Visitors", delay: 500, usual: 1800 },
  { id: "orders", title: "Orders", delay: 900, usual: 64 },
  { id: "returns", title: "Returns", delay: 2000, failsFirst: true, usual: 5 },
];

export interface Figures {
  readonly period: Period;
  readonly total: number;
  /** Against the period before: 0.1 is a tenth more. */
  readonly change: number;
  /** One for each day, or of a year for each month. */
  readonly points: readonly number[];
  readonly at: Date;
}

/** The way to the sources. Tests put their own in its place. */
export const network = {
  travel: (source: Source, signal: AbortSignal): Promise<void> =>
    setTimeout(source.delay, undefined, { signal }),
};

const shapes: Readonly<Record<Period, { count: number; days: number }>> = {
  week: { count: 7, days: 1 },
  month: { count: 30, days: 1 },
  year: { count: 12, days: 30 },
};

/** Made up, and the same each time. */
const measure = ({ usual }: Source, days: number, at: number) =>
  Math.round(usual * days * (1 + 0.3 * Math.sin(at * 1.7 + usual) + 0.15 * Math.sin(at * 0.6 + days)));

const sum = (points: readonly number[]) => points.reduce((total, point) => total + point, 0);

/**
 * Takes its time.
 * @param attempt number of this user's requests for it, this one included
 * @throws Error if the source is down, or the signal's reason if it aborts
 */
export async function askSource(
  source: Source,
  period: Period,
  { signal, attempt }: { readonly signal: AbortSignal; readonly attempt: number },
): Promise<Figures> {
  await network.travel(source, signal);
  if (source.failsFirst && attempt === 1) throw new Error(`${source.title} cannot be reached.`);
  const { count, days } = shapes[period];
  const points = Array.from({ length: count }, (_, at) => measure(source, days, at));
  const before = Array.from({ length: count }, (_, at) => measure(source, days, at - count));
  return { period, points, total: sum(points), change: sum(points) / sum(before) - 1, at: new Date() };
}
