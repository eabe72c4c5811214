import { expect, test } from "vitest";
import { codesOf, documentedCodes } from "./error-codes.mjs";

test("finds codes in each shape that the sources write", () => {
  const source = `
    export type EndCode =
      | "stale"
      | "taken";
    return { code: "crashed", message };
    get code(): "invalid_one" { return "invalid_one"; }
    this.#fail("timeout", message);
    refuse("name", name, "a text");
    return refuse("too_large", message);
    const code = external ? "external_failure" : "client_failure";
    export class TooManyRequests extends HttpError {}
    export const CLOSE_LOST = 4001;`;
  expect([...codesOf(source)].sort()).toEqual([
    "4001",
    "client_failure",
    "crashed",
    "external_failure",
    "invalid_one",
    "stale",
    "taken",
    "timeout",
    "too_large",
    "too_many_requests",
  ]);
});

test("reads the codes of a page from the beginnings of its rows", () => {
  expect([...documentedCodes("| `stale` | `no` |\n| `1001` | x |\nA `word`.\n| code | x |")]).toEqual([
    "stale",
    "1001",
  ]);
});
