import { expect, test } from "vitest";
import { folderTables, openingOf } from "./map.mjs";

test("takes the first sentence of the comment that opens a file", () => {
  expect(openingOf("/** Reads `a.ts` and writes it. More follows. */\nimport x;")).toBe(
    "Reads `a.ts` and writes it",
  );
  expect(openingOf("/**\n * One sentence of\n * two lines. Another.\n */")).toBe("One sentence of two lines");
  expect(openingOf("// A line of a script.\n// Another.\n")).toBe("A line of a script");
  expect(openingOf("import x;\n/** Later. */")).toBe("");
});

test("makes a table of each folder", () => {
  const files = [
    { path: "one/a.ts", text: "/** First | second. */" },
    { path: "one/b.ts", text: "/** Third. */" },
    { path: "one/two/c.ts", text: "/** Fourth. */" },
  ];
  expect(folderTables(files)).toEqual([
    "### `one`\n\n| file | contents |\n|---|---|\n| `a.ts` | First \\| second |\n| `b.ts` | Third |\n",
    "### `one/two`\n\n| file | contents |\n|---|---|\n| `c.ts` | Fourth |\n",
  ]);
});
