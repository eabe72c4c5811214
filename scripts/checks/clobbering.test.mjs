import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";

// Past Vite, which would tell of each of TypeScript's source maps that its sources are missing.
const { directMembers } = createRequire(import.meta.url)("./clobbering.mjs");

const created = [];
afterEach(() => {
  for (const root of created.splice(0)) rmSync(root, { recursive: true });
});

/** @returns for each problem its line's number and the name that is asked for */
function problems(text) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "overwire-clobbering-")));
  created.push(root);
  const lib = ["ES2023", "DOM", "DOM.Iterable"];
  writeFileSync(
    join(root, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { lib, types: [], strict: true, module: "esnext" } }),
  );
  writeFileSync(join(root, "page.ts"), `${text}\nexport {};\n`);
  return directMembers(root, join(root, "tsconfig.json"), (path) => path.endsWith("page.ts")).map((problem) =>
    problem.replace(/^.*?:(\d+) .* for (\S+), .*$/, "$1 $2"),
  );
}

test("refuses what is asked of elements, forms, documents, nodes and targets", () => {
  expect(
    problems(`declare const el: Element, form: HTMLFormElement, own: HTMLElement | null, node: Node, event: Event;
el.children;
form.elements.length;
own?.closest("p");
node.parentNode;
document.body;
event.target?.addEventListener("click", () => {});
el.id = "one";
el["className"];
const { localName, id: name } = el;
const read = ({ nodeType }: Node) => nodeType;
const one = <El extends Element>(of: El) => of.isConnected;
declare const either: HTMLInputElement | HTMLFormElement;
either.name;`),
  ).toEqual([
    "2 children",
    "3 elements",
    "4 closest",
    "5 parentNode",
    "6 body",
    "7 addEventListener",
    "8 id",
    "9 className",
    "10 localName",
    "10 id",
    "11 nodeType",
    "12 isConnected",
    "14 name",
  ]);
});

test("lets be asked what nothing stands in front of", () => {
  expect(
    problems(`declare const el: HTMLInputElement, text: Text, file: Partial<File>, own: { name: string; children: 1 };
el.form;
el.value = "one";
el.closest("p");
text.data;
file.name;
own.name;
own.children;
window.name;
window.document;
const { size, name } = file;
location.href;
const { type } = new Event("one");`),
  ).toEqual([]);
});
