/** The client's tree refuses a difference that does not fit it: the view is joined again then. */
import { expect, test } from "vitest";
import { Tree } from "./client-tree.ts";
import type { Full, TreeDiff } from "./rendered.ts";

const text: Full = "text";
const template: Full = [2, "text"];
const list: Full = { i: ["text"] };
const stream: Full = { s: 1, m: [{ i: [["a", "text"]] }] };

function treeOf(slot: Full): Tree {
  const tree = new Tree();
  tree.learn({ 1: ["<p>", "</p>"], 2: ["<b>", "</b>"] });
  tree.load([1, slot]);
  return tree;
}

test.each<[string, Full, TreeDiff]>([
  ["changes inside a text", text, { 0: { 0: "new" } }],
  ["changes of a list's items inside a text", text, { 0: { u: { 0: "new" } } }],
  ["changes of a list's items inside a template", template, { 0: { u: { 0: "new" } } }],
  ["changes of a stream inside a template", template, { 0: { m: [] } }],
  ["changes of a stream inside a list", list, { 0: { m: [] } }],
  ["changes of slots inside a list", list, { 0: { 0: "new" } }],
  ["changes of slots inside a stream", stream, { 0: { 0: "new" } }],
  ["a slot that is not there", text, { 1: "new" }],
  ["an item that is not there", list, { 0: { u: { 1: "new" } } }],
  ["a template that has not come", text, [3]],
])("%s", (_name, slot, diff) => {
  expect(() => treeOf(slot).merge(diff)).toThrow(/^(no value|no such change|unknown template)/);
});

test("a live component that is not there", () => {
  expect(() => treeOf(text).merge(0, { 1: { 0: "new" } })).toThrow("no component 1 to change");
});
