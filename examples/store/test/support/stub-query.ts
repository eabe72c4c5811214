/** A repo of which a test answers one query by its name, and all else comes from another repo. */
import { double } from "@overwire/testing";
import type { Queries, StoreRepo } from "../../src/database/schema.ts";

export function stubQuery<N extends keyof Queries>(
  kept: StoreRepo,
  name: N,
  answer: () => ReturnType<Queries[N]> | Promise<ReturnType<Queries[N]>>,
) {
  const repo = double<StoreRepo>("StoreRepo");
  repo.fallback(kept);
  repo.stub("query", (asked, ...args) =>
    // The types of `query` do not know that an answer belongs to this name.
    asked === (name as string) ? (Promise.resolve(answer()) as never) : kept.query(asked, ...args),
  );
  return repo;
}
