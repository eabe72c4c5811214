import { expect, it } from "vitest";
import { readCookie, writeCookie } from "./cookies.ts";

it.each([
  ["a=1", "1"],
  ["b=2; a=1", "1"],
  ["b=2;a=1;c=3", "1"],
  ["aa=2; a=1", "1"],
  ["xa=2", undefined],
  ["b=a=1", undefined],
  ["a", undefined],
  ["a=", ""],
  ["a=x=y; a=2", "x=y"],
  ["", undefined],
  [";;; a=1 ;", "1"],
])("finds a in %j", (header, value) => {
  expect(readCookie(header, "a")).toBe(value);
});

it("takes a missing header", () => {
  expect(readCookie(undefined, "a")).toBeUndefined();
});

it("writes cookies that scripts and other sites cannot use", () => {
  expect(writeCookie("a", "1", false)).toBe("a=1; Path=/; HttpOnly; SameSite=Lax");
  expect(writeCookie("a", "1", true, 60.5)).toBe("a=1; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure");
});
