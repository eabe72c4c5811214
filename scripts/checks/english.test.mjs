import { expect, test } from "vitest";
import { habitsIn, proseOf, proseOfGuide } from "./english.mjs";

const kinds = (prose) => [...habitsIn(prose)].map(({ kind, line }) => `${line} ${kind}`);

test("finds openings without a noun in comments, tags and names of tests, and not within sentences", () => {
  const source = `/** What a client says of files. */
const a = 1; // Whether it is set.
/**
 * Reads a file. What it holds is kept
 * whatever comes.
 * @returns what was read
 */
// A comment of two lines that goes on
// what it began
test("which of them come", () => {});
test.each([1])("how %s comes", () => {});
const what = "What now?";
// What now?`;
  expect(kinds(proseOf(source))).toEqual([
    "1 headless",
    "2 headless",
    "6 headless",
    "10 headless",
    "11 headless",
  ]);
});

test("finds where for a condition, and not for a place", () => {
  const source = `// Where nothing is set, it ends.
// It ends where nothing is set.
// It says where to go on, on the line where the loop ends.
// Named \`where\` or "where".
/** @throws Error where there is none */`;
  expect(kinds(proseOf(source))).toEqual(["1 headless", "2 where", "5 headless"]);
});

test("finds vague words for the user, in guides too, but not in their code", () => {
  const guide = "# What a person sees\n\nA person types.\n\n```ts\n// Nobody, a person\n```\n`person`";
  expect(kinds(proseOfGuide(guide))).toEqual(["1 headless", "1 user", "3 user"]);
});

test("finds openings without a noun in each sentence, item and cell of a guide, and not within a sentence", () => {
  const guide = `A list is kept
where it is. What comes is
shown. **Which of them?** Asked.

- What stays
  what it is
| how | it *is*: What else |
|---|---|
| a | what it does |`;
  expect(kinds(proseOfGuide(guide))).toEqual([
    "1 where",
    "2 headless",
    "5 headless",
    "7 headless",
    "7 headless",
    "9 headless",
  ]);
});
