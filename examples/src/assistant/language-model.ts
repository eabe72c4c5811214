/** A language model for want of one: what it says is fixed, but it comes token by token, and stops when it is told to. */
import { setTimeout } from "node:timers/promises";

/** Speed of its speech. Tests put their own in its place. */
export const pace = {
  token: (signal: AbortSignal): Promise<void> => setTimeout(60, undefined, { signal }),
};

/** Its topics. */
const answers = [
  {
    question: "How does an answer get here?",
    about: /get here|stream|token|feed/i,
    text: `On the server a view hands an async generator to a feed. Each token that the generator yields travels to this page by itself and is appended here; nothing that has come before is sent, or rendered, again.

The server does not keep what it has sent either. A long answer costs no more memory than a short one.`,
  },
  {
    question: "What happens when I stop you?",
    about: /stop|abort|cancel/i,
    text: `The feed aborts the signal that it gave to the generator, so whatever the generator waits for ends at once. A real model would be told to stop computing, which is what you pay for.

What I have said until then stays on the page. The same happens when you close it: nobody goes on talking to an empty room. Press Stop now, if you like to see it.`,
  },
  {
    question: "What if you break down?",
    about: /break|fail|down|error/i,
    text: "The generator throws, the feed keeps the error, and the page says that something went wrong. The view itself lives on, as you will see in a",
    breaks: true,
  },
] as const;

export const suggestions = answers.map(({ question }) => question);

const other = `I am a small program with three fixed answers, and this is not one of their questions. What I can show you is how an answer comes: word by word, while the page stays free for everything else.`;

/**
 * Answers a question.
 * @returns the answer in tokens, which make up its text when they are put together
 * @throws Error if the model breaks down, or the signal's reason if it aborts
 */
export async function* answerTo(
  question: string,
  { signal }: { readonly signal: AbortSignal },
): AsyncGenerator<string, void, undefined> {
  const found = answers.find(({ about }) => about.test(question));
  for (const token of (found?.text ?? other).match(/\s*\S+/g) ?? []) {
    await pace.token(signal);
    yield token;
  }
  if (found && "breaks" in found) throw new Error("The model broke down.");
}
