import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";

// Past Vite, which would tell of each of TypeScript's source maps that its sources are missing.
const { wrongNames } = createRequire(import.meta.url)("./names.mjs");

const created = [];
afterEach(() => {
  for (const root of created.splice(0)) rmSync(root, { recursive: true });
});

function problems(files) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "overwire-names-")));
  created.push(root);
  writeFileSync(
    join(root, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { lib: ["ES2023"], types: [], module: "esnext" } }),
  );
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), `${text}\nexport {};\n`);
  }
  return wrongNames(root, join(root, "tsconfig.json"), (path) => path.slice(root.length + 1).split("/")[0]);
}

test("refuses an exported type or class twice in a package", () => {
  expect(
    problems({
      "one/a.ts": "export interface Entry {}\nexport class Row {}",
      "one/b.ts": "\nexport type Entry = string;\nclass Row {}",
      "two/c.ts": "export class Entry {}",
    }),
  ).toEqual(["one/b.ts:2 exports Entry, as one/a.ts:1 does"]);
});

test("lets a type and a value of one file share a name", () => {
  expect(problems({ "one/a.ts": "export type Hook = string;\nexport const Hook = 1;" })).toEqual([]);
});

test("refuses what hides a global: types, variables, parameters, parts of an object, imports", () => {
  expect(
    problems({
      "one/a.ts": `export class Screen {}
type Node = string;
const f = (process: Node) => process;
const { process } = { process: 1 };
const { at: process2, of: Location } = { at: 1, of: 2 };
import { a as Storage } from "./b.ts";
export interface Kept { process: number }
f.process;`,
      "one/b.ts": "export const a = 1;",
    }),
  ).toEqual([
    "one/a.ts:1 hides the global Screen",
    "one/a.ts:2 hides the global Node",
    "one/a.ts:3 hides the global process",
    "one/a.ts:4 hides the global process",
    "one/a.ts:5 hides the global Location",
    "one/a.ts:6 hides the global Storage",
  ]);
});

test("refuses exported functions whose names say too little", () => {
  expect(
    problems({
      "one/a.ts": `export function settle() {}
export const tell = () => 1;
export const told = new Map();
export function takeStream() {}
function place() {}`,
    }),
  ).toEqual([
    "one/a.ts:1 exports a function that is called only settle",
    "one/a.ts:2 exports a function that is called only tell",
  ]);
});
