import { testWindow } from "@overwire/test-support/test-window";
import { expect, test } from "vitest";
import { arrange, leader } from "./children.ts";
import type { Claims } from "./claims.ts";
import { untracked } from "./untracked.ts";

const { document } = testWindow();

/** An element whose children are given as letters; a capital letter is a key. */
function list(letters: string): Element {
  const el = document.createElement("ul");
  for (const letter of letters)
    el.append(Object.assign(document.createElement("li"), { textContent: letter }));
  return el;
}

/** Claims by letters: a node with a key goes on as that of the same key. */
function claimsOn(from: Element): Claims {
  const isKeyed = (node: Node) => /[A-Z]/.test(node.textContent ?? "");
  const claimed = new Set<Node>();
  return {
    isKeyed,
    claimed,
    strange: new Set(),
    claim(node) {
      const own = [...from.children].find((each) => isKeyed(node) && each.textContent === node.textContent);
      if (own) claimed.add(own);
      return own;
    },
    pair() {},
  };
}

/** Brings a list into another order. */
function arranged(before: string, after: string) {
  const [from, to] = [list(before), list(after)];
  const displaced = new Set<Node>();
  const spots = new Map<Node, Node | null>();
  const going: string[] = [];
  const isDone = arrange(from, to, claimsOn(from), displaced, spots, (own, node) => {
    going.push(`${own.textContent}${node.textContent}`);
  });
  return {
    isDone,
    going,
    order: from.textContent,
    lost: [...displaced].map((node) => node.textContent).join(""),
    added: [...spots].map(([node, next]) => `${node.textContent}<${next?.textContent ?? ""}`),
  };
}

test("children in their order are walked side by side", () => {
  expect(arranged("aBc", "xBz")).toEqual({
    isDone: true,
    going: ["ax", "BB", "cz"],
    order: "aBc",
    lost: "",
    added: [],
  });
});

test("children with keys go to their places, and those behind them go on by position", () => {
  const { order, going, lost } = arranged("AxB", "BAz");
  expect([order, lost]).toEqual(["BAx", ""]);
  expect(going.toSorted()).toEqual(["AA", "BB", "xz"]);
});

test("one without a counterpart goes, and a new one has its place before the next that goes on", () => {
  expect(arranged("ABC", "ACD")).toMatchObject({ isDone: false, lost: "B", added: ["D<"] });
  expect(arranged("AC", "ABC")).toMatchObject({ isDone: false, lost: "", added: ["B<C"] });
});

test("a node goes before those in front of its place that are not the view's, as they would move with that", () => {
  const el = list("abc");
  const [a, b, c] = [...el.children] as [Element, Element, Element];
  untracked.add(b);
  expect(leader(el, c, new Set())).toBe(b);
  expect(leader(el, c, new Set([a]))).toBe(a);
  expect(leader(el, null, new Set([c]))).toBe(b);
  expect(leader(el, a, new Set())).toBe(a);
});
