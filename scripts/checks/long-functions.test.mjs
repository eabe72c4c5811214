import { expect, test } from "vitest";
import { longFunctions } from "./long-functions.mjs";

const body = (lines) => "  x();\n".repeat(lines - 2);

test.each([
  ["a declaration", `function f(): void {\n${body(4)}}`, "f"],
  ["an exported async one", `export async function f(): Promise<void> {\n${body(4)}}`, "f"],
  ["an arrow function", `const f = (a: string) => {\n${body(4)}};`, "f"],
  ["an arrow function without a block", "const f = () =>\n  x(\n    y,\n  );", "f"],
  ["a method of an object", `const o = { f() {\n${body(4)}} };`, "f"],
  ["a method of a class", `class C { f() {\n${body(4)}} }`, "f"],
  ["a constructor", `class C { constructor() {\n${body(4)}} }`, "constructor"],
  ["one without a name", `x(function () {\n${body(4)}});`, "a function"],
  ["one that is exported without a name", `export default function () {\n${body(4)}}`, "a function"],
])("finds %s", (_, text, name) => {
  expect(longFunctions("a.ts", `\n${text}`, 3)).toEqual([{ name, line: 2, lines: 4 }]);
  expect(longFunctions("a.ts", `\n${text}`, 4)).toEqual([]);
});

test("counts a function with those inside it, and names each", () => {
  const text = `function outer() {\n  const inner = () => {\n${body(4)}  };\n}`;
  expect(longFunctions("a.ts", text, 3).map(({ name, lines }) => [name, lines])).toEqual([
    ["outer", 6],
    ["inner", 4],
  ]);
});

test("lets classes and types be as long as their files", () => {
  const text = `class C {\n${"  a() {}\n".repeat(9)}}\ninterface I {\n${"  a(): void;\n".repeat(9)}}`;
  expect(longFunctions("a.ts", text, 3)).toEqual([]);
});

test("says of a file that it cannot be read", () => {
  expect(() => longFunctions("a.ts", "function (", 3)).toThrow(/^a\.ts: /);
});
