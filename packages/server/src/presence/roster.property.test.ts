/** A roster against a list that is sorted anew each time. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { AnyDiff } from "../view/presence.ts";
import { compareArrival, createRecord, type PresenceRecord } from "./record.ts";
import { Roster } from "./roster.ts";

const steps = fc.array(
  fc.record({
    what: fc.constantFrom("join", "join", "update", "leave", "flush"),
    key: fc.constantFrom("a", "b", "c", "__proto__"),
    at: fc.nat(5),
    node: fc.constantFrom("n1", "n2"),
    pick: fc.nat(20),
  }),
  { maxLength: 60 },
);

function naive(records: readonly PresenceRecord[]) {
  const byKey = new Map<string, PresenceRecord[]>();
  for (const record of [...records].sort(compareArrival))
    byKey.set(record.key, [...(byKey.get(record.key) ?? []), record]);
  return Array.from(byKey, ([key, own]) => ({ key, metas: own.map(({ meta }) => meta) }));
}

test("its list is sorted by arrival, changes only with its members, and its diffs lead to it", () => {
  fc.assert(
    fc.property(steps, (all) => {
      const roster = new Roster("lobby", () => {});
      const refs = new Map<string, string>();
      const hear = (diff: AnyDiff | undefined) => {
        for (const { metas } of diff?.leaves ?? []) for (const { ref } of metas) refs.delete(ref);
        for (const { key, metas } of diff?.joins ?? []) for (const { ref } of metas) refs.set(ref, key);
      };
      roster.watch(hear);
      let records: PresenceRecord[] = [];
      let number = 0;
      for (const { what, key, at, node, pick } of all) {
        const before = roster.list();
        const picked = records[pick % records.length];
        if (what === "join") {
          const record = createRecord({
            node,
            number: ++number,
            revision: 0,
            name: "lobby",
            key,
            at,
            data: {},
            size: 2,
            previous: undefined,
          });
          records.push(record);
          roster.change(undefined, record);
        } else if (what === "update" && picked) {
          const next = createRecord({ ...picked, revision: picked.revision + 1, previous: picked.revision });
          records = records.map((record) => (record === picked ? next : record));
          roster.change(picked, next);
        } else if (what === "leave" && picked) {
          records = records.filter((record) => record !== picked);
          roster.change(picked, undefined);
        } else {
          roster.flush();
          expect(roster.list()).toBe(before);
        }
        expect(roster.list()).toEqual(naive(records));
        expect(roster.size).toBe(new Set(records.map((record) => record.key)).size);
        for (const entry of roster.list()) expect(roster.get(entry.key)).toBe(entry);
      }
      roster.flush();
      expect([...refs].sort()).toEqual(records.map(({ meta, key }) => [meta.ref, key]).sort());
    }),
    { numRuns: 500 },
  );
});
