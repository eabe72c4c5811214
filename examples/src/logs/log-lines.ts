/** A log of a million lines, made up from their numbers: nothing is stored, and every visit finds the same ones. */

/** Lines are numbered from 1 to this. */
export const COUNT = 1_000_000;

export const levels = ["debug", "info", "warning", "error"] as const;
export type Level = (typeof levels)[number];

export interface Line {
  readonly number: number;
  readonly at: Date;
  readonly level: Level;
  readonly text: string;
}

const texts: Readonly<Record<Level, readonly string[]>> = {
  debug: ["cache miss for album %", "pool has % idle connections", "session % touched", "query took % ms"],
  info: [
    "GET /albums/% 200",
    "GET /tracks/% 304",
    "POST /likes 201 for photo %",
    "socket % joined",
    "job % done",
  ],
  warning: ["query took % ms, more than it should", "retrying job %", "% requests are waiting"],
  error: ["job % failed: connection reset by peer", "POST /orders/% 500", "no space for upload %"],
};

const START = Date.UTC(2026, 9, 1);
/** Milliseconds from a line to the next. */
const STEP = 850;

/** Numbers that are near each other are not so any more. */
function scatter(number: number): number {
  const mixed = Math.imul(number ^ (number >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 12)) >>> 0;
}

function levelOf(number: number): Level {
  const percent = scatter(number) % 100;
  if (percent < 2) return "error";
  if (percent < 9) return "warning";
  return percent < 35 ? "debug" : "info";
}

export function line(number: number): Line {
  const level = levelOf(number);
  const chance = scatter(number + COUNT);
  const text = texts[level][chance % texts[level].length] as string;
  return {
    number,
    at: new Date(START + number * STEP + (chance % STEP)),
    level,
    text: text.replace("%", String((chance >>> 8) % 1000)),
  };
}

/** Up to so many lines from a number on, of one level or of all. */
export function linesFrom(number: number, most: number, level?: Level): Line[] {
  const found: Line[] = [];
  for (; number <= COUNT && found.length < most; number++)
    if (!level || levelOf(number) === level) found.push(line(number));
  return found;
}

/** Up to so many lines that come before a number, in the order of the log. */
export function linesBefore(number: number, most: number, level?: Level): Line[] {
  const found: Line[] = [];
  while (--number >= 1 && found.length < most)
    if (!level || levelOf(number) === level) found.push(line(number));
  return found.reverse();
}
