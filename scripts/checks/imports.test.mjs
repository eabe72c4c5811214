import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { checkPackage, importsOf } from "./imports.mjs";

const created = [];
afterEach(() => {
  for (const root of created.splice(0)) rmSync(root, { recursive: true });
});

function problems(files) {
  const root = mkdtempSync(join(tmpdir(), "overwire-imports-"));
  created.push(root);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, "src", file)), { recursive: true });
    writeFileSync(join(root, "src", file), text);
  }
  return checkPackage(root, { src: "src", folders: ["low", "high"], roots: ["first.ts", "last.ts"] });
}

test("finds every form of import, with its line", () => {
  const text = `// import "./comment.ts";
import a from "./a.ts";
import type { B } from "./b.ts";
import {
  c,
} from "./c.ts";
export * from "./d.ts";
import "./e.ts";
const f = await import("./f.ts");
export const from = "./not.ts";`;
  expect(importsOf(text)).toEqual([
    { specifier: "./a.ts", line: 2 },
    { specifier: "./b.ts", line: 3 },
    { specifier: "./c.ts", line: 4 },
    { specifier: "./d.ts", line: 7 },
    { specifier: "./e.ts", line: 8 },
    { specifier: "./f.ts", line: 9 },
  ]);
});

test("lets a file import from its own folder and those above it", () => {
  expect(
    problems({
      "low/a.ts": "",
      "low/b.ts": `import "./a.ts";`,
      "high/c.ts": `import type { A } from "../low/a.ts";`,
      "first.ts": `export * from "./high/c.ts";`,
      "last.ts": `export * from "./first.ts";`,
    }),
  ).toEqual([]);
});

test("refuses an import that points the other way, type imports too", () => {
  expect(problems({ "low/a.ts": `\nimport type { C } from "../high/c.ts";`, "high/c.ts": "" })).toEqual([
    `src/low/a.ts:2 imports "../high/c.ts", which is below it in the order`,
  ]);
  expect(problems({ "first.ts": `import "./last.ts";`, "last.ts": "" })).toEqual([
    `src/first.ts:1 imports "./last.ts", which is below it in the order`,
  ]);
});

test("refuses a circle within one folder", () => {
  expect(problems({ "low/a.ts": `import "./b.ts";`, "low/b.ts": `import "./a.ts";` })).toEqual([
    `src/low/b.ts:1 imports "./a.ts", which closes a circle: low/a.ts → low/b.ts → low/a.ts`,
  ]);
});

test("refuses a folder it does not know, and a test imported by a source", () => {
  expect(problems({ "other/a.ts": "" })).toEqual(["src/other/a.ts:1 has no place in the import order"]);
  expect(problems({ "low/a.ts": `import "./b.test.ts";`, "low/b.test.ts": "" })).toEqual([
    `src/low/a.ts:1 imports "./b.test.ts", which is a test`,
  ]);
});

test("lets a test import from any folder of its package, but neither another test nor the source of another package", () => {
  expect(
    problems({
      "low/a.test.ts": `import "../high/c.ts";\nimport "./b.test.ts";\nimport "../../other/src/d.ts";`,
      "low/b.test.ts": "",
      "high/c.ts": "",
    }),
  ).toEqual([
    `src/low/a.test.ts:2 imports "./b.test.ts", which is a test`,
    `src/low/a.test.ts:3 imports "../../other/src/d.ts", which is outside of the package's src`,
  ]);
});
