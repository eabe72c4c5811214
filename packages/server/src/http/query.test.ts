import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { parse } from "qs";
import { describe, expect, it } from "vitest";
import { decodeFields, decodeQuery, FieldsError, MAX_FIELDS, MAX_QUERY } from "./query.ts";

it.each([
  ["", {}],
  ["a=1&b=2", { a: "1", b: "2" }],
  ["a+b=c%20d", { "a b": "c d" }],
  ["user[name]=A&user[tags][]=x&user[tags][]=y", { user: { name: "A", tags: ["x", "y"] } }],
  ["user%5Bname%5D=A", { user: { name: "A" } }],
  ["people[0][name]=A&people[1][name]=B", { people: [{ name: "A" }, { name: "B" }] }],
  ["people[1]=B&people[0]=A&people[]=C", { people: ["A", "B", "C"] }],
  ["people[2][name]=B&people[1][name]=A", { people: { 1: { name: "A" }, 2: { name: "B" } } }],
  ["people[][name]=A&people[][age]=3", { people: [{ name: "A", age: "3" }] }],
  ["rows[0][tags][1]=x&rows[_rows]=a:0", { rows: { 0: { tags: { 1: "x" } }, _rows: "a:0" } }],
  ["a[00]=x&a[-1]=y&a[99999999999999999999]=z", { a: { "00": "x", "-1": "y", "99999999999999999999": "z" } }],
  ["agree=false&agree=true", { agree: "true" }],
  ["a=1&a[b]=2", { a: { b: "2" } }],
  ["a[b]=2&a=1", { a: "1" }],
  ["a[]=1", { a: ["1"] }],
  ["a[][]=1&a[][]=2", { a: ["1", "2"] }],
  ["a[b[c]]=1", { a: { "b[c]": "1" } }],
  ["a[b=1&c]=2&[d]=3&e[f]g=4", { a: { "[b": "1" }, "c]": "2", d: "3", e: { f: "4" } }],
  ["=1&&a&b=c=d", { a: "", b: "c=d" }],
  ["%E0%A4%A=x&b=%", { "%E0%A4%A": "x", b: "%" }],
])("reads %j", (text, fields) => {
  expect(decodeFields(text)).toEqual(fields);
});

it("reads ordinary fields as qs does", () => {
  const word = fc.constantFrom("a", "b", "c", "é", "1x");
  const name = fc
    .tuple(word, fc.array(word, { maxLength: 3 }), fc.boolean())
    .map(([first, rest, isList]) => first + rest.map((key) => `[${key}]`).join("") + (isList ? "[]" : ""));
  const path = (name: string) => name.replace("[]", "");
  const distinct = (pairs: [string, string][]) =>
    // No field is a group or a list as well.
    pairs.every(([one]) => pairs.every(([other]) => one === other || !path(other).startsWith(path(one))));
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.string()), { maxLength: 8 }).filter(distinct), (pairs) => {
      const text = new URLSearchParams(pairs).toString();
      expect(decodeFields(text)).toEqual(parse(text, { depth: 8, arrayLimit: 1000, duplicates: "last" }));
    }),
  );
});

describe("names that every object has", () => {
  const names = Object.getOwnPropertyNames(Object.prototype).filter((name) => name !== "__proto__");

  it.each(names)("delivers a field named %s, on an object without a prototype", (name) => {
    const fields = decodeFields(`${name}=1&a[${name}][b]=2&c=3`);
    expect(Object.entries(fields)).toEqual([
      [name, "1"],
      ["a", { [name]: { b: "2" } }],
      ["c", "3"],
    ]);
    expect([fields, fields.a].map((each) => Object.getPrototypeOf(each))).toEqual([null, null]);
  });

  it("leaves objects without such names ordinary", () => {
    expect(Object.getPrototypeOf(decodeFields("a[b]=1").a)).toBe(Object.prototype);
  });

  it.each(["__proto__=1", "__proto__[x]=1", "a[__proto__]=1", "a[%5F_proto__][x]=1", "[__proto__]=1"])(
    "refuses %s",
    (text) => {
      expect(() => decodeFields(text)).toThrow(
        new FieldsError('the name "__proto__", which is refused everywhere'),
      );
    },
  );
});

describe("bounds", () => {
  const many = (count: number, name: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => `${name(at)}=x`).join("&");

  it.each([
    ["1,001 fields", many(1001, (at) => `f${at}`), "more than 1000 fields"],
    ["128 KiB of &", "&".repeat(131_072), "more than 1000 fields"],
    ["nine brackets", `a${"[b]".repeat(9)}=1`, "a name with more than 8 brackets"],
    ["9 brackets, encoded", `a${"%5Bb%5D".repeat(9)}=1`, "a name with more than 8 brackets"],
    ["128 KiB of [", "[".repeat(131_072), "a name of more than 1000 characters"],
    ["128 KiB of ]", "]".repeat(131_072), "a name of more than 1000 characters"],
    [
      "names that share a long prefix",
      many(10, (at) => `${"a".repeat(6000)}${at}`),
      "a name of more than 1000 characters",
    ],
    [
      "objects of their own for each field",
      many(1000, (at) => `k${at}${"[999]".repeat(8)}`),
      "names that nest more than 3000 groups",
    ],
    [
      "lists of their own for each field",
      many(1000, (at) => `k${at}${"[0]".repeat(8)}`),
      "names that nest more than 3000 groups",
    ],
  ])("refuses %s", (_, text, message) => {
    expect(() => decodeFields(text)).toThrow(new FieldsError(message));
  });

  it("takes as many fields as there may be, in rows too", () => {
    expect(Object.keys(decodeFields(many(MAX_FIELDS, (at) => `f${at}`)))).toHaveLength(MAX_FIELDS);
    expect(decodeFields(many(MAX_FIELDS, (at) => `rows[${at}][tags][]`)).rows).toHaveLength(MAX_FIELDS);
    expect(decodeFields(`a=${"=[]%".repeat(30_000)}`).a).toHaveLength(120_000);
    expect(decodeFields(`a${"[b]".repeat(8)}=1`)).toHaveProperty("a.b.b.b.b.b.b.b.b", "1");
  });

  it("makes of a large index a key, and nothing between", () => {
    const fields = decodeFields(many(250, (at) => `k${at}${"[999]".repeat(8)}`));
    expect(fields.k0).toHaveProperty("999.999.999.999.999.999.999.999", "x");
    expect(JSON.stringify(fields)).not.toContain("null");
  });

  it.each([300, 999])("keeps no room for indexes between: %d", (index) => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const text = many(370, (at) => `k${at}${`[${index}]`.repeat(8)}`);
    decodeFields(text);
    collect();
    const before = process.memoryUsage().heapUsed;
    const kept = [1, 2, 3].map(() => decodeFields(text));
    collect();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(8_000_000);
    expect(kept[0]).toEqual(kept[2]);
  });

  it("refuses a query string that is longer than it may be", () => {
    expect(decodeQuery(`a=${"x".repeat(MAX_QUERY - 2)}`).a).toHaveLength(MAX_QUERY - 2);
    expect(() => decodeQuery(`a=${"x".repeat(MAX_QUERY)}`)).toThrow(
      new FieldsError("more than 65536 characters"),
    );
  });
});

it("stays within its depth, and touches no prototype, whatever comes", () => {
  const name = fc.array(
    fc.constantFrom(
      "a",
      "[b]",
      "[]",
      "[0]",
      "[9999]",
      "[__proto__]",
      "__proto__",
      "[constructor]",
      "valueOf",
      "[",
      "]",
      ".",
    ),
    {
      maxLength: 30,
    },
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.string()), { maxLength: 20 }), (pairs) => {
      const text = pairs.map(([name, value]) => `${name.join("")}=${encodeURIComponent(value)}`).join("&");
      const read = () => {
        try {
          return decodeFields(text);
        } catch (error) {
          expect(error).toBeInstanceOf(FieldsError);
          return {};
        }
      };
      const depth = (value: unknown): number =>
        typeof value === "object" && value ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0;
      expect(depth(read())).toBeLessThan(12);
      expect(({} as { a?: unknown }).a).toBeUndefined();
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
  );
});
