import fc from "fast-check";
import { expect, test } from "vitest";
import { replacePart } from "./text.ts";

/** A text node that tells what was done to it. */
class Text {
  data: string;
  readonly calls: [offset: number, count: number, data: string][] = [];
  constructor(text: string) {
    this.data = text;
  }
  replaceData(offset: number, count: number, data: string): void {
    this.calls.push([offset, count, data]);
    this.data = this.data.slice(0, offset) + data + this.data.slice(offset + count);
  }
}

function set(from: string, to: string): Text {
  const text = new Text(from);
  replacePart(text as unknown as CharacterData, to);
  return text;
}

test("a text becomes another one by its difference alone", () => {
  expect(set("one", "one two").calls).toEqual([[3, 0, " two"]]);
  expect(set("one two three", "one three").calls).toEqual([[5, 4, ""]]);
  expect(set("aa", "aaa").calls).toEqual([[2, 0, "a"]]);
  expect(set("a😀b", "a😁b").calls).toEqual([[1, 2, "😁"]]);
});

const isWhole = (text: string) => !/\p{Surrogate}/u.test(text);

test("whatever it was, and no character is cut in two", () => {
  const texts = fc.string({ unit: fc.constantFrom("a", "b", "😀", "😁", "🐀"), maxLength: 6 });
  fc.assert(
    fc.property(texts, texts, (from, to) => {
      const { data: shown, calls } = set(from, to);
      expect(shown).toBe(to);
      for (const [offset, count, data] of calls) {
        expect(isWhole(data)).toBe(true);
        expect(isWhole(from.slice(0, offset))).toBe(true);
        expect(isWhole(from.slice(offset + count))).toBe(true);
      }
    }),
  );
});
