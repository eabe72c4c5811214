// The table of docs/store/tests.md names tests that exist.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./packed-project.ts";

const text = await readFile(join(root, "docs/store/tests.md"), "utf8");
const rows = [...text.matchAll(/^\| (?!pattern)[^|]+ \| `([\w./-]+)` \| ([^|]+) \| [^|]+ \|$/gm)];

test("every row of the table has a test, a file and a reason", () => {
  const lines = text.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| pattern"));
  expect(rows.map(([row]) => row)).toEqual(lines);
  expect(rows.length).toBeGreaterThan(40);
});

test.each(rows.map(([, file = "", name = ""]) => ({ file, name })))(
  "$file has “$name”",
  async ({ file, name }) => {
    const source = await readFile(join(root, "examples/store/test", file), "utf8");
    expect(source).toMatch(
      new RegExp(`\\btest(\\.each\\([^)]*\\))?\\(\\s*"${name.replace(/[.*+?^$()|[\]\\]/g, "\\$&")}"`),
    );
  },
);
