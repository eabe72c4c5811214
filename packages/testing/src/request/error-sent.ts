/** The assertion that the app answers with an error: what ConnTest calls `assert_error_sent`. */
import { type Sent, sentAnswers } from "../page/browser-session.ts";
import { describeAnswer, RequestError, ResponseError } from "./request-errors.ts";
import type { TestResponse } from "./test-response.ts";
import { Visitor } from "./visitor.ts";

/**
 * Asserts that a request ends with an error: one that a handler or view throws, a missing route, or a refusal of the app. Its
 * answer is returned as a user gets it, rendered; without this function the error of a handler rejects the request.
 * @param status of the answer
 * @param fn makes the request, of a visitor or by `live()`
 * @throws ResponseError if no error was sent, or one with another status
 * @example
 * const res = await assertErrorSent(404, () => visitor.get("/posts/0"));
 * expect(res.html(404)).toContain("There is no such post.");
 */
export async function assertErrorSent(status: number, fn: () => unknown): Promise<TestResponse> {
  const answers: Sent[] = [];
  try {
    await sentAnswers.run(
      (sent) => answers.push(sent),
      async () => fn(),
    );
  } catch (error) {
    // `live()` has no page to return, so it rejects; the answer is known all the same.
    if (!(error instanceof RequestError) || answers.length === 0) throw error;
  }
  const found = answers.findLast(({ answer }) => answer.thrown && answer.response.status === status);
  if (found) return Visitor.responseOf(found);
  const last = answers.at(-1)?.answer;
  const expected = `assertErrorSent(${status}) expects an error that answers ${status}`;
  if (!last)
    throw new ResponseError(`${expected}, but its function made no request of a visitor.`, undefined);
  const { thrown, response } = last;
  const but = thrown ? "another error was sent" : "there was no error: a handler made the answer by itself";
  throw new ResponseError(
    `${expected}, but ${but}.\n${describeAnswer(last)}`,
    response.status,
    thrown ? { cause: thrown } : {},
  );
}
