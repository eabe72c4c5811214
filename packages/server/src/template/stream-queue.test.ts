/** The queue of a stream: as short as possible without a difference to the page. */
import { applyChange, type Keyed } from "@overwire/client/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Insertion, type QueuedItem, StreamQueue } from "./stream-queue.ts";

const append = (limit = 0): Insertion => ({ at: -1, limit, updateOnly: false });
const prepend = (limit = 0): Insertion => ({ at: 0, limit, updateOnly: false });
const entries = (...ids: string[]): QueuedItem[] => ids.map((id) => [id, id]);

/** A source whose client has these items. */
function known(...ids: string[]): StreamQueue {
  const source = new StreamQueue();
  source.insert(entries(...ids), append());
  source.take();
  source.known = true;
  return source;
}

test("insertions at one end with one set of options are one block, at the front the newer before the older", () => {
  const source = known();
  source.insert(entries("a"), append());
  source.insert(entries("b", "c"), append());
  source.insert(entries("d"), prepend());
  source.insert(entries("e"), prepend());
  source.insert(entries("a"), append());
  expect(source.take()).toEqual([{ i: entries("a", "b", "c") }, { i: entries("e", "d"), a: 0 }]);
  expect(source.take()).toEqual([]);
});

test("deletions come first, and take back what waits", () => {
  const source = known("a");
  source.insert(entries("b", "c"), append());
  source.delete("b");
  source.delete("a");
  expect(source.take()).toEqual([{ d: ["b", "a"] }, { i: entries("c") }]);
});

test("a client that has nothing, or is to lose what it has, is told what there is in the end", () => {
  const source = new StreamQueue();
  source.insert(entries("a", "b", "c"), append());
  source.delete("b");
  source.insert(entries("d"), { at: 1, limit: 2, updateOnly: false });
  expect(source.take()).toEqual([{ i: entries("a", "d") }]);
  source.known = true;
  source.insert(entries("x"), append());
  source.reset();
  source.insert(entries("a", "b"), prepend());
  source.insert(entries("c"), { at: -1, limit: 0, updateOnly: true });
  expect(source.take()).toEqual([{ r: 1 }, { i: entries("a", "b") }]);
});

describe("an item that a limit will drop does not wait", () => {
  const size = (source: StreamQueue) =>
    source.pending.reduce(
      (sum, each) => sum + (typeof each === "object" && "entries" in each ? each.entries.length : 1),
      0,
    );
  const cases: readonly (readonly [
    title: string,
    source: () => StreamQueue,
    insertion: Insertion,
    most: number,
  ])[] = [
    ["appended, the last ones stay", () => known("a", "b"), append(-10), 12],
    ["put in front, the first ones stay", () => known("a", "b"), prepend(10), 12],
    ["appended to nothing, the first ones stay", () => new StreamQueue(), append(10), 10],
    ["put in front of nothing, the last ones stay", () => new StreamQueue(), prepend(-10), 10],
  ];
  test.each(cases)("%s", (_, make, insertion, most) => {
    const source = make();
    for (let number = 0; number < 1000; number++) {
      source.insert(entries(`n${number}`), insertion);
      expect(size(source)).toBeLessThanOrEqual(most);
    }
  });

  test("in a stream that is not shown, whatever is done to it", () => {
    const source = new StreamQueue();
    for (let number = 0; number < 5000; number++) {
      source.insert(entries(`n${number}`), append(-10));
      source.delete(`n${number - 3}`);
      source.insert(entries(`m${number}`), { at: 3, limit: 10, updateOnly: false });
      expect(source.pending.length).toBeLessThan(1100);
    }
    expect(source.all()).toHaveLength(10);
  });
});

type Call =
  | { readonly ids: readonly string[]; readonly insertion: Insertion }
  | { readonly gone: string }
  | "reset";

const id = fc.constantFrom(..."abcdef");
const call: fc.Arbitrary<Call> = fc.oneof(
  fc.record({
    ids: fc.uniqueArray(id, { maxLength: 3 }),
    insertion: fc.record({
      at: fc.constantFrom(-1, 0, 1, 4),
      limit: fc.constant(0),
      updateOnly: fc.boolean(),
    }),
  }),
  fc.record({ gone: id }),
  fc.constant("reset" as const),
);

test("whatever is called, the client is told what makes the same of its items as one call after the other", () => {
  fc.assert(
    fc.property(fc.uniqueArray(id), fc.array(call, { maxLength: 12 }), (first, calls) => {
      const client = (): Keyed<string> => ({
        keys: [...first],
        there: new Map(first.map((id) => [id, `${id} old`])),
      });
      const make = (item: unknown) => String(item);
      const together = client();
      const apart = client();
      const source = known(...first);
      for (const [number, each] of calls.entries()) {
        const single = new StreamQueue();
        single.known = true;
        for (const target of [source, single]) {
          if (each === "reset") target.reset();
          else if ("gone" in each) target.delete(each.gone);
          else
            target.insert(
              each.ids.map((id) => [id, `${id} ${number}`]),
              each.insertion,
            );
        }
        for (const change of single.take()) applyChange(apart, change, make, new Map());
      }
      for (const change of source.take()) applyChange(together, change, make, new Map());
      expect(together).toEqual(apart);
    }),
    { numRuns: Number(process.env["FC_RUNS"] ?? 2000) },
  );
});
