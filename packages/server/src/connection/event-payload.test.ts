import { EVENT, type Json } from "@overwire/client/wire";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { FieldsError } from "../http/query.ts";
import { unusedOf, usedInput } from "../view/forms/used-input.ts";
import { decodeForm, decodePayload } from "./event-payload.ts";

it("nests fields and splits the target's name", () => {
  expect(decodeForm("user[first_name]=A&user[age]=3", { _target: "user[first_name]" })).toEqual({
    user: { first_name: "A", age: "3" },
    _target: ["user", "first_name"],
  });
});

it.each([
  ["title", ["title"]],
  ["user[tags][]", ["user", "tags"]],
  ["a[0][b]", ["a", "0", "b"]],
  ["order_item[addons][][name]", ["order_item", "addons", "name"]],
  ["undefined", ["undefined"]],
  ["", []],
])("splits %j", (name, path) => {
  expect(decodeForm("", { _target: name })._target).toEqual(path);
});

it("puts phx-value-* below the fields", () => {
  expect(decodeForm("id=field", { id: "value", row: "7" })).toEqual({ id: "field", row: "7" });
});

it("keeps _target from being a field", () => {
  expect(decodeForm("_target=field", { _target: "title" })._target).toEqual(["title"]);
});

describe("names that every object has", () => {
  it("are delivered in the payload of an event, however deep, on objects without a prototype", () => {
    const sent = { constructor: "a", rows: [{ toString: 1 }, { plain: 2 }] } as unknown as Json;
    const payload = decodePayload([EVENT, 1, 1, "save", sent]) as { rows: object[] };
    expect(Object.entries(payload)).toEqual([
      ["constructor", "a"],
      ["rows", payload.rows],
    ]);
    expect([payload, ...payload.rows].map((each) => Object.getPrototypeOf(each))).toEqual([
      null,
      null,
      Object.prototype,
    ]);
  });

  it("are delivered, as fields and beside them, on an object without a prototype", () => {
    const payload = decodeForm("toString=x", { constructor: { deep: 1 }, toString: "below" });
    expect(Object.entries(payload)).toEqual([
      ["toString", "x"],
      ["constructor", { deep: 1 }],
    ]);
    expect(Object.getPrototypeOf(payload)).toBe(null);
    expect(Object.getPrototypeOf(decodeForm("", { valueOf: 1 }))).toBe(null);
    expect(Object.getPrototypeOf(decodeForm("a=1", { b: 1 }))).toBe(Object.prototype);
    expect(usedInput(payload, "toString")).toBe(true);
  });

  it.each([
    ["zod", z.object({ toString: z.string(), a: z.object({ valueOf: z.string() }) })],
    ["zod, strict", z.strictObject({ toString: z.string(), a: z.record(z.string(), z.string()) })],
    ["valibot", v.object({ toString: v.string(), a: v.object({ valueOf: v.string() }) })],
    ["arktype", type({ toString: "string", a: { valueOf: "string" } })],
  ])("schemas of %s take them", (_, schema) => {
    const payload = decodeForm("toString=x&a[valueOf]=y", {});
    const result = schema["~standard"].validate(payload) as { readonly value?: object };
    expect(JSON.parse(JSON.stringify(result.value))).toEqual({ toString: "x", a: { valueOf: "y" } });
  });

  it("refuses __proto__", () => {
    const error = new FieldsError('the name "__proto__", which is refused everywhere');
    expect(() => decodeForm("__proto__[polluted]=1", {})).toThrow(error);
    expect(() => decodeForm("", JSON.parse('{"__proto__": {"polluted": true}}'))).toThrow(error);
  });
});

describe("bounds", () => {
  const nested = (depth: number): Json => (depth === 0 ? "x" : [nested(depth - 1)]);

  it("does not walk the data beside the fields", () => {
    let reads = 0;
    const meta = {
      get deep() {
        reads++;
        return new Proxy([], { ownKeys: () => expect.fail("walked") }) as unknown as Json;
      },
    };
    decodeForm("a=1&_unused_a=", meta);
    expect(reads).toBe(1);
  });

  it("takes a thousand values beside its fields, and no more", () => {
    const meta = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`m${at}`, at]));
    expect(Object.keys(decodeForm("", meta(1000)))).toHaveLength(1000);
    expect(() => decodeForm("", meta(1001))).toThrow(
      new FieldsError("more than 1000 values beside its fields"),
    );
  });

  it("refuses a _target that cannot be a field's name", () => {
    expect(() => decodeForm("", { _target: "a[b]".repeat(300) })).toThrow(
      new FieldsError("a _target of more than 1000 characters"),
    );
  });

  it("bounds the names that usedInput walks in data as in fields", () => {
    const payload = decodeForm("_unused_user[name]=&a=1", { data: { a: nested(5000) } });
    expect(usedInput(payload, "data")).toBe(true);
  });
});

it("keeps the marks of unused fields out of the payload, and knows them", () => {
  const payload = decodeForm(
    "_unused_a=&a=foo&user[_unused_email]=&user[email]=&_unused_tags[]=&tags[]=x&b=1",
    {
      _target: "b",
    },
  );
  expect(payload).toEqual({ a: "foo", user: { email: "" }, tags: ["x"], b: "1", _target: ["b"] });
  expect([...(unusedOf(payload) ?? [])]).toEqual(["a", "user[email]", "tags"]);
  expect(["a", "user[email]", "tags[]", "b"].filter((name) => usedInput(payload, name))).toEqual(["b"]);
});

it("knows that it is a form's, also if every field is used", () => {
  expect(unusedOf(decodeForm("a=1", {}))?.size).toBe(0);
});

it("keeps rows by their keys", () => {
  expect(decodeForm("rows[1][_unused_t]=&rows[1][t]=a&rows[_rows]=x:1", {})).toEqual({
    rows: { 1: { t: "a" }, _rows: "x:1" },
  });
});
