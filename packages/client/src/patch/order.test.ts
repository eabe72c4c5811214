import { testWindow } from "@overwire/test-support/test-window";
import fc from "fast-check";
import { expect, test } from "vitest";
import { put, staying } from "./order.ts";

const { document } = testWindow();

/** Length of a longest run of growing numbers, found by trying all. */
const longest = (numbers: readonly number[], after = -1): number =>
  numbers.reduce(
    (most, number, at) =>
      number > after ? Math.max(most, 1 + longest(numbers.slice(at + 1), number)) : most,
    0,
  );

const orders = fc
  .integer({ min: 0, max: 8 })
  .chain((size) => fc.shuffledSubarray([...Array(size).keys()], { minLength: 0, maxLength: size }));

test("as many as can be stay, and those that stay are in order", () => {
  fc.assert(
    fc.property(orders, fc.array(fc.nat(8), { maxLength: 3 }), (order, news) => {
      const all = [...order];
      // New nodes have had no position.
      for (const at of news) all.splice(at, 0, -1);
      const kept = [...staying(all, -1)].sort((a, b) => a - b).map((at) => all[at] as number);
      expect(kept).toEqual([...kept].sort((a, b) => a - b));
      expect(kept).not.toContain(-1);
      expect(kept.length).toBe(longest(all.filter((number) => number >= 0)));
    }),
  );
});

test("the one with the focus stays, with as many of the others as can", () => {
  fc.assert(
    fc.property(
      orders.filter((order) => order.length > 0),
      fc.nat(7),
      (order, pick) => {
        const fixed = pick % order.length;
        const own = order[fixed] as number;
        const kept = staying(order, fixed);
        expect(kept.has(fixed)).toBe(true);
        const before = longest(order.slice(0, fixed).filter((number) => number < own));
        const behind = longest(
          order.slice(fixed + 1).filter((number) => number > own),
          own,
        );
        expect(kept.size).toBe(before + 1 + behind);
      },
    ),
  );
});

test("a browser that can move nodes is asked to, but not for one that comes into the page", () => {
  document.body.innerHTML = "<ul><li>a</li><li>b</li></ul>";
  const list = document.querySelector("ul") as Element;
  const [a, b] = [...list.children] as [Element, Element];
  const moved: Node[] = [];
  Object.setPrototypeOf(
    list,
    Object.assign(Object.create(Object.getPrototypeOf(list) as object) as object, {
      moveBefore(this: Element, node: Node, before: Node | null) {
        moved.push(node);
        this.insertBefore(node, before);
      },
    }),
  );
  put(list, b, a);
  put(list, document.createElement("li"), null);
  expect([list.textContent, list.children.length]).toEqual(["ba", 3]);
  expect(moved).toEqual([b]);
});
