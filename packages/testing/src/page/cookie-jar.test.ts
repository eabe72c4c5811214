/** Cookies as a browser keeps and sends them. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { CookieJar } from "./cookie-jar.ts";

const at = (path: string, origin = "http://localhost") => new URL(path, origin);

/** The `cookie` header at a URL, after cookies that were set at another. */
function sent(to: URL, lines: readonly string[], from = to): string {
  const jar = new CookieJar();
  for (const line of lines) jar.set(line, from);
  return jar.header(to);
}

afterEach(() => {
  vi.useRealTimers();
});

test("a cookie goes back until another takes its place or it is deleted", () => {
  const jar = new CookieJar();
  for (const line of ["a=1", "b = 2 ; Path=/", "c=", "d=x=y; HttpOnly"]) jar.set(line, at("/"));
  expect(jar.header(at("/"))).toBe("a=1; b=2; c=; d=x=y");
  jar.set("a=3", at("/"));
  expect(jar.header(at("/"))).toBe("a=3; b=2; c=; d=x=y");
  jar.set("b=; Max-Age=0", at("/"));
  jar.set("c=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", at("/"));
  jar.set("d=9; max-age=-1; expires=Thu, 01 Jan 2099 00:00:00 GMT", at("/"));
  jar.set("never=; max-age=0", at("/"));
  expect(jar.header(at("/"))).toBe("a=3");
  jar.delete("a", at("/"));
  expect(jar.header(at("/"))).toBe("");
  expect(jar.get("a", at("/"))).toBeUndefined();
});

test("a copy is not reached by later changes", () => {
  const jar = new CookieJar();
  jar.set("a=1", at("/"));
  const before = jar.copy();
  jar.set("a=2", at("/"));
  jar.clear();
  expect(before.get("a", at("/"))).toBe("1");
});

describe("the time of a cookie", () => {
  test.each([
    ["Max-Age=60", "a=1", ""],
    ["Expires=Thu, 01 Jan 2026 00:01:00 GMT", "a=1", ""],
    ["max-age=60; expires=Thu, 01 Jan 1970 00:00:00 GMT", "a=1", ""],
    ["max-age=soon", "a=1", "a=1"],
    ["expires=soon", "a=1", "a=1"],
    ["", "a=1", "a=1"],
  ])("%s", (attributes, before, after) => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
    const jar = new CookieJar();
    jar.set(`a=1; ${attributes}`, at("/"));
    vi.setSystemTime(Date.UTC(2026, 0, 1, 0, 0, 59));
    expect(jar.header(at("/"))).toBe(before);
    vi.setSystemTime(Date.UTC(2026, 0, 1, 0, 1, 0));
    expect(jar.header(at("/"))).toBe(after);
  });
});

describe("the path of a cookie", () => {
  test.each([
    ["a=1; Path=/admin", "/", ""],
    ["a=1; Path=/admin", "/admin", "a=1"],
    ["a=1; Path=/admin", "/admin/users", "a=1"],
    ["a=1; Path=/admin", "/administrator", ""],
    ["a=1; Path=/admin/", "/admin", ""],
    ["a=1; Path=relative", "/posts/2", "a=1"],
    ["a=1", "/posts/2", "a=1"],
    ["a=1", "/other", ""],
  ])("%s, sent to %s", (line, path, expected) => {
    expect(sent(at(path), [line], at("/posts/1"))).toBe(expected);
  });

  test("tells cookies of one name apart, and the longer one comes first", () => {
    const jar = new CookieJar();
    for (const line of ["a=root; Path=/", "a=admin; Path=/admin"]) jar.set(line, at("/"));
    expect(jar.header(at("/admin"))).toBe("a=admin; a=root");
    expect(jar.get("a", at("/admin"))).toBe("admin");
    jar.set("a=; Path=/admin; Max-Age=0", at("/"));
    expect(jar.header(at("/admin"))).toBe("a=root");
  });
});

describe("the host of a cookie", () => {
  test.each([
    ["a=1", "https://shop.example", "https://api.shop.example", ""],
    ["a=1; Domain=shop.example", "https://shop.example", "https://api.shop.example", "a=1"],
    ["a=1; Domain=.shop.example", "https://api.shop.example", "https://shop.example", "a=1"],
    ["a=1; Domain=other.example", "https://shop.example", "https://other.example", ""],
    ["a=1; Domain=example", "https://shop.example", "https://shop.example", ""],
    ["a=1; Domain=localhost", "http://localhost", "http://localhost", "a=1"],
    ["a=1; Domain=hop.example", "https://shop.example", "https://shop.example", ""],
  ])("%s of %s, sent to %s", (line, from, to, expected) => {
    expect(sent(at("/", to), [line], at("/", from))).toBe(expected);
  });
});

describe("a cookie that a browser does not keep", () => {
  test.each([
    ["a=1; Secure", "http://shop.example", "it is Secure, and the request did not come by https"],
    ["a=1; SameSite=None", "https://shop.example", "SameSite=None needs Secure"],
    ["__Secure-a=1", "https://shop.example", "the prefix of its name needs Secure"],
    ["__Host-a=1; Secure", "https://shop.example", "the prefix __Host- needs Path=/ and no Domain"],
    [
      "__Host-a=1; Secure; Path=/; Domain=shop.example",
      "https://shop.example",
      "the prefix __Host- needs Path=/ and no Domain",
    ],
    ["just text", "http://localhost", "it has no name"],
    ["a=\u0001", "http://localhost", "it has control characters"],
    [`a=${"x".repeat(4096)}`, "http://localhost", "its name and value have more than 4096 bytes"],
    [
      "a=1; Domain=other.example",
      "https://shop.example",
      "its domain is other.example, and the request went to shop.example",
    ],
  ])("%s at %s", (line, origin, reason) => {
    const jar = new CookieJar();
    expect(jar.set(line, at("/posts/", origin))).toBe(reason);
    expect(jar.header(at("/posts/", origin))).toBe("");
  });

  test("is one that would hide a Secure one", () => {
    const jar = new CookieJar();
    jar.set("a=1; Secure; Path=/", at("/", "https://shop.example"));
    expect(jar.set("a=2; Path=/", at("/", "http://shop.example"))).toBe("a Secure one of its name is kept");
    expect(jar.header(at("/", "http://shop.example"))).toBe("");
    expect(jar.header(at("/", "https://shop.example"))).toBe("a=1");
  });
});

test("this computer counts as secure", () => {
  expect(sent(at("/"), ["__Host-a=1; Secure; Path=/"])).toBe("__Host-a=1");
});

test("scripts see and set no cookie of the server alone", () => {
  const jar = new CookieJar();
  jar.set("session=1; HttpOnly", at("/"));
  jar.set("theme=dark", at("/"));
  expect(jar.header(at("/"), true)).toBe("theme=dark");
  expect(jar.set("session=2", at("/"), true)).toBe("scripts have no access to it");
  expect(jar.set("theme=light", at("/"), true)).toBeUndefined();
  expect(jar.header(at("/"))).toBe("session=1; theme=light");
});
