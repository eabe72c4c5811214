import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseEvicted, type ViewOwner } from "./view-owner.ts";

const owner = (address: string, visitor: string): ViewOwner => ({
  address,
  visitor,
  name: undefined,
  epoch: 0,
});
const items = fc.array(
  fc
    .tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom("1", "2", "3"))
    .map(([address, visitor]) => ({ owner: owner(address, address + visitor) })),
  { minLength: 1, maxLength: 60 },
);
type Item = { readonly owner: ViewOwner };

function groups<T extends Item>(all: readonly T[], key: (owner: ViewOwner) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const item of all) found.set(key(item.owner), [...(found.get(key(item.owner)) ?? []), item]);
  return found;
}
const ofAddress = ({ address }: ViewOwner) => address;
const ofVisitor = ({ visitor }: ViewOwner) => visitor;
const largest = (all: readonly Item[], key: (owner: ViewOwner) => string) =>
  Math.max(0, ...[...groups(all, key).values()].map(({ length }) => length));

test("the largest groups of waiting views give up the most, addresses first and then visitors, and the newest views stay", () => {
  fc.assert(
    fc.property(items, fc.nat(), (all, some) => {
      const count = 1 + (some % all.length);
      const gone = new Set(chooseEvicted(all, count));
      expect(gone.size).toBe(count);
      const left = all.filter((item) => !gone.has(item));
      // A group that has lost a view keeps about as many as the largest one that is left.
      const most = largest(left, ofAddress);
      for (const ofOne of groups(all, ofAddress).values()) {
        const kept = ofOne.filter((item) => !gone.has(item));
        if (kept.length < ofOne.length) expect(kept.length).toBeGreaterThanOrEqual(most - 1);
        const mostOfVisitor = largest(kept, ofVisitor);
        for (const own of groups(ofOne, ofVisitor).values()) {
          const keptOwn = own.filter((item) => !gone.has(item));
          if (keptOwn.length < own.length) expect(keptOwn.length).toBeGreaterThanOrEqual(mostOfVisitor - 1);
          expect(keptOwn).toEqual(keptOwn.length ? own.slice(-keptOwn.length) : []);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test("without addresses and visitors the oldest go", () => {
  const all = [1, 2, 3, 4].map((number) => ({ number, owner: undefined }));
  expect(
    chooseEvicted(all, 2)
      .map(({ number }) => number)
      .sort(),
  ).toEqual([1, 2]);
});
