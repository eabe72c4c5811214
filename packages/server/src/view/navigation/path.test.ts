import fc from "fast-check";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { decodeFields } from "../../http/query.ts";
import { path, type Query } from "./path.ts";

describe("path", () => {
  it("fills in names, and leaves out optional ones", () => {
    expect(path("/posts/:id/:tab?", { id: 1, tab: "x" })).toBe("/posts/1/x");
    expect(path("/posts/:id/:tab?", { id: 7n })).toBe("/posts/7");
    expect(path("/:tab?", { tab: undefined })).toBe("/");
    expect(path("/")).toBe("/");
    expect(path("/posts/")).toBe("/posts/");
  });

  it("encodes values", () => {
    expect(path("/posts/:id", { id: "a b/c?d#é" })).toBe("/posts/a%20b%2Fc%3Fd%23%C3%A9");
  });

  it("takes a query, nested by brackets, without what is null or undefined", () => {
    expect(path("/posts/:id", { id: 1 }, { q: "a b" })).toBe("/posts/1?q=a%20b");
    const query = { page: 2, open: true, no: undefined, none: null, tags: ["a", "&"], by: { name: "x=y" } };
    expect(path("/posts", {}, query)).toBe("/posts?page=2&open=true&tags[]=a&tags[]=%26&by[name]=x%3Dy");
    expect(path("/posts", {}, { rows: [{ a: 1 }, { a: 2 }] })).toBe("/posts?rows[0][a]=1&rows[1][a]=2");
    expect(path("/posts", {}, {})).toBe("/posts");
  });

  it("is read back by the router and by a view's params", async () => {
    const app = new Hono().get("/posts/:id/:tab?", (c) => c.json(c.req.param()));
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 1, unit: "grapheme" }).filter((id) => !/^\.\.?$/.test(id)),
        async (id) => {
          const response = await app.request(path("/posts/:id/:tab?", { id }));
          expect(await response.json()).toEqual({ id });
        },
      ),
    );
    const query: Query = { a: { b: ["x", "y"], "c d": "&[" }, "e=": "" };
    expect(decodeFields(path("/", {}, query).slice(2))).toEqual(query);
  });

  it("keeps slashes if the pattern allows them", () => {
    expect(path("/files/*", { "*": "a b/c.txt" })).toBe("/files/a%20b/c.txt");
    expect(path("/files/*")).toBe("/files");
    expect(path("/files/:name{.+}/raw", { name: "a/b" })).toBe("/files/a/b/raw");
  });

  it("checks a value by its name's pattern", () => {
    expect(path("/in/:year{[0-9]{4}}/x", { year: 2024 })).toBe("/in/2024/x");
    expect(() => path("/in/:year{[0-9]{4}}/x", { year: "24" })).toThrow(
      'path("/in/:year{[0-9]{4}}/x") cannot have "24" for :year.',
    );
  });

  it.each(["", ".", ".."])("refuses %j, which would lead elsewhere", (id) => {
    expect(() => path("/posts/:id", { id })).toThrow(TypeError);
    expect(() => path("/files/:name{.*}", { name: `a/${id || "."}` })).toThrow(TypeError);
  });

  it("refuses what only JavaScript lets through: nothing, and names that are not in it", () => {
    const untyped = path as (pattern: string, params?: object) => string;
    expect(() => untyped("/posts/:id", {})).toThrow("cannot have undefined for :id");
    expect(() => untyped("/posts/:id", { id: null })).toThrow("cannot have null for :id");
    expect(() => untyped("/posts", { q: 1 })).toThrow(/has no :q. .* third argument/);
    expect(() => untyped("/files/*", { "*": "/etc/passwd" })).toThrow(TypeError);
  });
});
