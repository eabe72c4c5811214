/** Answering one named query of a repo in a test. */
import type { Double } from "../double/contract.ts";
import { double } from "../double/double.ts";
import type { QueryArgs, QueryName, QueryResult, Repo } from "./contract.ts";

/**
 * Answers one query of a repo by its name, in the test that calls it.
 * @param repo answers all else; it may be a double itself
 * @param answer gets the arguments of the query; an error that it throws is the query's
 * @returns a double to hand to the code that is tested
 * @example const repo = stubQuery(memory(), "salesByDay", () => [{ day: "2026-03-30", turnover: 25_000_000 }]);
 */
export function stubQuery<S, Q, N extends QueryName<Q>>(
  repo: Repo<S, Q>,
  name: N,
  answer: (...args: QueryArgs<Q, N>) => QueryResult<Q, N> | Promise<QueryResult<Q, N>>,
): Double<Repo<S, Q>> {
  const stubbed = double<Repo<S, Q>>("Repo");
  const query = async (asked: string, ...args: unknown[]): Promise<unknown> =>
    // Under the stubbed name the arguments are those of its query.
    asked === name
      ? answer(...(args as QueryArgs<Q, N>))
      : repo.query(asked as N, ...(args as QueryArgs<Q, N>));
  stubbed.fallback(repo);
  stubbed.stub("query", query as Repo<S, Q>["query"]);
  return stubbed;
}
