/** Messages that come of messages, without anything from outside, and the share of the event loop that they may take. */

/** Messages in a row, each caused by the one before, after which a view feeds itself. */
export const LONGEST_CHAIN = 10_000;

/** Milliseconds after which other work gets its turn. */
const SHARE = 10;

// Tests may replace the global one, and then nothing would go on.
const nextTurn = setImmediate;

/** Number of the message that is caused now: one more than that of the one that runs, 0 if none does. */
let link = 0;
let turn = 0;
let isArmed = false;
let begun = 0;

/** @returns the number of a message that is caused now */
export const currentLink = (): number => link;

/** Code that runs until it is restored with the result causes messages of this number. */
export function enterLink(next: number): number {
  const outer = link;
  link = next;
  return outer;
}

/** Runs something that causes messages of this number. */
export function withLink(next: number, run: () => void): void {
  const outer = enterLink(next);
  try {
    run();
  } finally {
    link = outer;
  }
}

/** Number of the event loop's turn: the same one as long as nothing from outside can have come. */
export function currentTurn(): number {
  if (!isArmed) {
    isArmed = true;
    begun = performance.now();
    nextTurn(() => {
      isArmed = false;
      turn++;
    });
  }
  return turn;
}

/** Tells if messages have run for so long that the event loop needs a turn. */
export function isOverdue(): boolean {
  currentTurn();
  return performance.now() - begun > SHARE;
}

/** Goes on when the event loop has had its turn. */
export function yieldTurn(run: () => void): void {
  currentTurn();
  nextTurn(run);
}
