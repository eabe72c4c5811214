/** A journal of a thousand days, made up from its number so that every visit finds the same one. */

export const COUNT = 1000;

export interface Entry {
  readonly id: number;
  /** As `2024-03-09`. */
  readonly day: string;
  readonly title: string;
  readonly text: string;
}

const weather = [
  "Fog",
  "First frost",
  "A warm wind",
  "Rain all day",
  "Clear sky",
  "Thunder at night",
  "Snow",
];
const sights = [
  "a heron at the weir",
  "the mill wheel turning",
  "two foxes on the dyke",
  "a boat without oars",
  "smoke over the hills",
];
const endings = [
  "I stayed longer than I meant to.",
  "The lamp went out at ten.",
  "Nobody else was about.",
  "The path is dry again.",
  "Tomorrow the other bank.",
];

const LAST = Date.UTC(2026, 9, 31);
const DAY = 24 * 60 * 60 * 1000;

const pick = (from: readonly string[], number: number) => from[number % from.length] as string;

/** The newest one has number 0. */
export function entry(id: number): Entry {
  const day = new Date(LAST - id * DAY).toISOString().slice(0, 10);
  const sight = pick(sights, id * 3 + 1);
  return {
    id,
    day,
    title: `${pick(weather, id * 5)}, and ${sight}`,
    text: `Walked the river from the bridge to the lock. What I will keep of it is ${sight}. ${pick(endings, id * 7)}`,
  };
}

/** Entries from a number to before another. */
export const entries = (first: number, end: number): Entry[] =>
  Array.from({ length: end - first }, (_, index) => entry(first + index));
