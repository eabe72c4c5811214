import { expect, it } from "vitest";
import { dropPrefixed, readCookie, writeCookie } from "./cookies.ts";

it.each([
  ["a=1", "1"],
  ["b=2; a=1", "1"],
  ["b=2;a=1;c=3", "1"],
  ["aa=2; a=1", "1"],
  ["xa=2", undefined],
  ["b=a=1", undefined],
  ["a", undefined],
  ["a=", ""],
  ["a=x=y", "x=y"],
  ["a=1; b=2; a=1", "1"],
  ["a=1; a=2", undefined],
  ["a=; a=2", undefined],
  ["__Host-a=3", "3"],
  ["a=1; __Host-a=3; a=2", "3"],
  ["", undefined],
  [";;; a=1 ;", "1"],
])("finds a in %j", (header, value) => {
  expect(readCookie(header, "a")).toBe(value);
});

it("takes a missing header", () => {
  expect(readCookie(undefined, "a")).toBeUndefined();
});

it("writes cookies that scripts and other sites cannot use", () => {
  expect(writeCookie("a", "1", { secure: false })).toBe("a=1; Path=/; HttpOnly; SameSite=Lax");
  expect(writeCookie("a", "1", { secure: true, maxAge: 60.5 })).toBe(
    "__Host-a=1; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure",
  );
  expect(writeCookie("a", "1", { secure: true, maxAge: 60, shared: true })).toBe(
    "a=1; Path=/; Max-Age=60; SameSite=Lax; Secure",
  );
});

it("leaves a prefix that the author chose, which browsers take over https only", () => {
  expect(writeCookie("__Secure-a", "1", { secure: false })).toBe(
    "__Secure-a=1; Path=/; HttpOnly; SameSite=Lax; Secure",
  );
  expect(readCookie("__Secure-a=1", "__Secure-a", true)).toBe("1");
});

it.each(["a=1", "a=1; a=2", "b=2"])(
  "takes no cookie over https that a sibling domain may have set: %j",
  (header) => {
    expect(readCookie(header, "a", true)).toBeUndefined();
    expect(readCookie(`${header}; __Host-a=3`, "a", true)).toBe("3");
  },
);

it("drops a prefixed cookie that would hide the one without prefix", () => {
  expect(dropPrefixed("a=1; __Host-a=2", "a")).toMatch(/^__Host-a=; Path=\/; Max-Age=0;.* Secure$/);
  expect(dropPrefixed("a=1", "a")).toBeUndefined();
});
