import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { COPY, makeCopy, membersOf } from "./copy-morphdom.mjs";

const copy = readFileSync(COPY, "utf8");

test("the client's copy of morphdom is what is made of the installed package", () => {
  expect(copy).toBe(makeCopy());
});

test("nothing in it asks a node right away", () => {
  expect(membersOf("node.children; node[name]; options.children; key.nodeName")).toEqual([
    "node.children",
    "node[name]",
    "key.nodeName",
  ]);
  expect(membersOf(copy)).toEqual([]);
});
