/** Reading a template's marked statics: the steps of writing them, and the element of each slot. */
import { MARK_CLOSE, MARK_OPEN } from "./constants.ts";
import type { Statics } from "./rendered.ts";

/**
 * A step of writing a template: text, a slot (its number), or a mark. Mark `k` opens at `-1 - 2k`, after
 * which attributes may be added to its start tag, and closes at `-2 - 2k`.
 */
export type Step = string | number;

/** An element that the client can patch on its own. */
export interface Mark {
  readonly tag: string;
  /** The mark around it, -1 if there is none. */
  readonly parent: number;
  /** Positions in the steps of `<tag` and of the mark's end. */
  readonly first: number;
  last: number;
}

/** A template as the client keeps it. */
export interface ReadTemplate {
  readonly steps: readonly Step[];
  readonly marks: readonly Mark[];
  /** For each slot the innermost mark around it, -1 if there is none. */
  readonly holders: readonly number[];
  /** For each slot whether it is all that its element contains. */
  readonly alone: readonly boolean[];
  /** The first mark is the template's only root. */
  readonly single: boolean;
}

export const openStep = (mark: number): number => -1 - 2 * mark;
const closeStep = (mark: number): number => -2 - 2 * mark;

export function readStatics(statics: Statics): ReadTemplate {
  const steps: Step[] = [];
  const marks: Mark[] = [];
  const holders: number[] = [];
  const open: number[] = [];
  const write = (text: string) => {
    if (text) steps.push(text);
  };
  statics.forEach((text, index) => {
    if (index) {
      holders.push(open.at(-1) ?? -1);
      steps.push(index - 1);
    }
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      if (text[at] === MARK_OPEN) {
        const start = text.lastIndexOf("<", at);
        write(text.slice(from, start));
        marks.push({
          tag: text.slice(start + 1, at),
          parent: open.at(-1) ?? -1,
          first: steps.length,
          last: 0,
        });
        open.push(marks.length - 1);
        steps.push(text.slice(start, at), openStep(marks.length - 1));
        from = at + 1;
      } else if (text[at] === MARK_CLOSE) {
        write(text.slice(from, at));
        const mark = open.pop() ?? 0;
        (marks[mark] as Mark).last = steps.length;
        steps.push(closeStep(mark));
        from = at + 1;
      }
    }
    write(text.slice(from));
  });
  return {
    steps,
    marks,
    holders,
    alone: holders.map((holder, slot) => isAlone(steps, slot, marks[holder]?.tag)),
    single: marks[0]?.first === 0 && marks[0].last === steps.length - 1,
  };
}

function isAlone(steps: readonly Step[], slot: number, tag: string | undefined): boolean {
  const at = steps.indexOf(slot);
  const before = steps[at - 1];
  return typeof before === "string" && /^[^<]*>$/.test(before) && steps[at + 1] === `</${tag}>`;
}
