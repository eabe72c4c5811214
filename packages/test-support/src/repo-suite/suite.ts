/** The contract of a repo, as tests: the same for a store in memory and for a database. */
import { describe } from "vitest";
import { testConditions } from "./conditions.ts";
import { testAssociations, testConstraints } from "./references.ts";
import { testQueries, testRows } from "./rows.ts";
import { type TestedRepo, useRepo } from "./tested.ts";
import { testTransactions } from "./transactions.ts";

/** @param make returns a repo without rows, before each test */
export function testRepo(make: () => TestedRepo | Promise<TestedRepo>): void {
  useRepo(make);
  describe("rows", testRows);
  describe("conditions", testConditions);
  describe("constraints", testConstraints);
  describe("associations", testAssociations);
  describe("transactions", testTransactions);
  describe("queries by name", testQueries);
}
