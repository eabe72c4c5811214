import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type Shape, shapeOfSchema, shapeOfValue } from "./shape.ts";

/** A shape in short: `{ name: "text", tags: ["text"], rows: [{ … }] }`; `?` may be missing, `~` may be null. */
function short(shape: Shape | undefined, depth = 4): unknown {
  if (!shape || depth === 0) return "…";
  const { kind, keys, others, item } = shape;
  if (kind === "list" || kind === "array") return [short(item?.(), depth)];
  if (kind !== "group") return kind;
  const entries = [...(keys?.() ?? [])].map(([key, each]) => [
    key + (each.optional ? "?" : "") + (each.nullable ? "~" : ""),
    short(each, depth - 1),
  ]);
  return Object.fromEntries([...entries, ...(others ? [["*", short(others(), depth - 1)]] : [])]);
}

describe("JSON Schema, as zod gives it", () => {
  const of = (schema: z.ZodType) => short(shapeOfSchema(schema));

  test("says what fields are", () => {
    const schema = z.object({
      name: z.string().min(2),
      age: z.coerce.number(),
      on: z.boolean(),
      agreed: z.literal(true),
      size: z.enum(["s", "m"]),
      at: z.date(),
      file: z.custom<object>(() => true),
      length: z.string().transform((text) => text.length),
      stringly: z.stringbool(),
    });
    expect(of(schema)).toEqual({
      name: "text",
      age: "number",
      on: "boolean",
      agreed: "boolean",
      size: "text",
      at: "any",
      file: "any",
      length: "text",
      stringly: "text",
    });
  });

  test("says what is nested, may be missing, may be null", () => {
    const schema = z.object({
      a: z.object({ b: z.string().optional() }).optional(),
      list: z.array(z.object({ c: z.number().nullable() })),
      tags: z.array(z.string()).nullish(),
      defaulted: z.string().default("x"),
    });
    expect(of(schema)).toEqual({
      "a?": { "b?": "text" },
      list: [{ "c~": "number" }],
      "tags?~": ["text"],
      "defaulted?": "text",
    });
  });

  test("joins what it may be one of", () => {
    const kinds = z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("a"), x: z.string(), same: z.number() }),
      z.object({ kind: z.literal("b"), y: z.array(z.string()), same: z.number() }),
    ]);
    expect(of(z.object({ it: kinds, one: z.union([z.string(), z.number()]) }))).toEqual({
      it: { kind: "text", "x?": "text", "y?": ["text"], same: "number" },
      one: "any",
    });
    expect(of(z.object({ it: z.object({ a: z.string() }).and(z.object({ b: z.number() })) }))).toEqual({
      it: { a: "text", b: "number" },
    });
  });

  test("says where keys are the page's", () => {
    expect(of(z.object({ scores: z.record(z.string(), z.number()) }))).toEqual({ scores: { "*": "number" } });
    expect(of(z.looseObject({ a: z.string() }))).toEqual({ a: "text" });
  });

  test("may hold itself", () => {
    const person = z.object({
      name: z.string(),
      get children() {
        return z.array(person);
      },
    });
    expect(short(shapeOfSchema(person), 3)).toEqual({
      name: "text",
      children: [{ name: "text", children: [{ name: "…", children: "…" }] }],
    });
  });

  test("is none if there is no object", () => {
    expect(shapeOfSchema(z.string())).toBeUndefined();
  });
});

test("arktype says it in the same way", () => {
  const schema = type({
    name: "string >= 2",
    "age?": "string.numeric.parse",
    size: "'s' | 'm'",
    address: { city: "string" },
    tags: "string[]",
    rows: type({ n: "number" }).array(),
    at: "Date",
  });
  expect(short(shapeOfSchema(schema))).toEqual({
    name: "text",
    "age?": "text",
    size: "text",
    address: { city: "text" },
    tags: ["text"],
    rows: [{ n: "number" }],
    at: "any",
  });
});

test("valibot says it by what its schemas are made of", () => {
  const schema = v.pipe(
    v.object({
      name: v.pipe(v.string(), v.minLength(2)),
      age: v.optional(v.number()),
      none: v.nullable(v.boolean()),
      sure: v.nonOptional(v.optional(v.string())),
      size: v.picklist(["s", "m"]),
      one: v.literal(1),
      address: v.object({ city: v.string() }),
      rows: v.array(v.object({ n: v.number() })),
      scores: v.record(v.string(), v.number()),
      it: v.variant("kind", [
        v.object({ kind: v.literal("a"), x: v.string() }),
        v.object({ kind: v.literal("b"), y: v.array(v.string()) }),
      ]),
      both: v.intersect([v.object({ a: v.string() }), v.object({ b: v.string() })]),
      later: v.lazy(() => v.object({ z: v.string() })),
      at: v.date(),
    }),
    v.check(() => true),
  );
  expect(short(shapeOfSchema(schema))).toEqual({
    name: "text",
    "age?": "number",
    "none~": "boolean",
    sure: "text",
    size: "text",
    one: "number",
    address: { city: "text" },
    rows: [{ n: "number" }],
    scores: { "*": "number" },
    it: { kind: "text", "x?": "text", "y?": ["text"] },
    both: { a: "text", b: "text" },
    later: { z: "text" },
    at: "any",
  });
});

test("values say it where a schema does not", () => {
  expect(
    short(
      shapeOfValue({
        name: "",
        n: 1,
        on: false,
        at: new Date(),
        nothing: undefined,
        tags: ["a"],
        none: [],
        address: { city: "" },
        rows: [{ a: "" }, { b: 1 }],
      }),
    ),
  ).toEqual({
    name: "text",
    n: "number",
    on: "boolean",
    at: "any",
    nothing: "unknown",
    tags: ["text"],
    none: "unknown",
    address: { city: "text" },
    rows: [{ "a?": "text", "b?": "number" }],
  });
});

test("a key may have a name that every object has, but not __proto__", () => {
  const schema = {
    "~standard": {
      version: 1 as const,
      vendor: "own",
      validate: (value: unknown) => ({ value }),
      jsonSchema: {
        input: () =>
          JSON.parse(
            '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{},"ok":{"type":"string"}}}',
          ),
      },
    },
  };
  expect(short(shapeOfSchema(schema))).toEqual({ "constructor?": "any", "ok?": "text" });
});
