/** Questions of the quiz, from a file. */
import { z } from "zod";
import { readSource } from "../shared/assets.ts";

const Question = z.object({
  text: z.string(),
  choices: z.array(z.string()).length(4),
  /** Index of the right choice. */
  right: z.number().int().min(0).max(3),
});

export type Question = z.infer<typeof Question>;

export const questions: readonly Question[] = z
  .array(Question)
  .min(1)
  .parse(JSON.parse(readSource("quiz/questions.json")));

/** @returns indexes of so many questions, in random order */
export function drawQuestions(count: number): readonly number[] {
  const indexes = questions.map((_, index) => index);
  for (let last = indexes.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [indexes[last], indexes[other]] = [indexes[other] as number, indexes[last] as number];
  }
  return indexes.slice(0, count);
}
