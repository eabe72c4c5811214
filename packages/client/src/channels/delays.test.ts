import { expect, test } from "vitest";
import { nextTry } from "./delays.ts";

const end = (code: number) => ({ code, reason: "" });

test("tries count up after a loss of the network", () => {
  expect([nextTry(0, undefined), nextTry(3, end(1006)), nextTry(30, undefined)]).toEqual([1, 4, 31]);
});

test("a server that stops or is full is left alone for a while", () => {
  for (const code of [1001, 1012, 1013])
    expect([nextTry(0, end(code)), nextTry(6, end(code)), nextTry(7, end(code))]).toEqual([7, 7, 8]);
});

test("a server that refuses the client is tried with the longest delay", () => {
  for (const code of [1002, 1003, 1007, 1008, 1009, 4000, 4403])
    expect([nextTry(0, end(code)), nextTry(40, end(code))]).toEqual([11, 11]);
});
