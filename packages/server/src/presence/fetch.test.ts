/** The `fetch` of a presence: once for all keys of a change on each node, in order, and never the end of anything. */
import { deferred } from "@overwire/test-support/deferred";
import { createActor, quiet, startNode } from "@overwire/test-support/presence-node";
import { PubSubNetwork } from "@overwire/test-support/pubsub-network";
import { describe, expect, test, vi } from "vitest";
import { type AnyDiff, presence } from "../view/presence.ts";
import { Presences } from "./presences.ts";

/** A presence whose fetch answers with the keys in capitals, and what it was asked for. */
function fetched() {
  const asked: (readonly string[])[] = [];
  const users = presence<object, { user: string }>("users", {
    fetch: async (keys) => {
      asked.push(keys);
      return new Map(keys.map((key) => [key, { user: key.toUpperCase() }]));
    },
  });
  return { users, asked };
}

function alone() {
  const reports: unknown[] = [];
  const presences = new Presences(undefined, undefined, (report) => void reports.push(report));
  return {
    reports,
    presences,
    actor: () => createActor(presences),
    list: (users: Parameters<typeof presences.find>[0]) => presences.find(users)?.list() ?? [],
  };
}

const words = (diffs: readonly AnyDiff[]) =>
  diffs.map(({ joins, leaves }) => [
    ...leaves.map((entry) => `-${entry.key} ${Reflect.get(entry, "user")}`),
    ...joins.map((entry) => `+${entry.key} ${Reflect.get(entry, "user")}`),
  ]);

describe("fetch", () => {
  test("is called once for all keys of a change, on each node that looks at the presence", async () => {
    const network = new PubSubNetwork();
    const [one, two, three] = [startNode(network), startNode(network), startNode(network)];
    const [ofOne, ofTwo] = [fetched(), fetched()];
    two.actor().watch(ofTwo.users, () => {});
    const actor = one.actor();
    actor.watch(ofOne.users, () => {});
    for (const key of ["ada", "bob", "__proto__"]) actor.track(ofOne.users, key);
    one.actor().track(ofOne.users, "ada");
    await quiet();
    expect(ofOne.asked).toEqual([["ada", "bob", "__proto__"]]);
    expect(ofTwo.asked).toEqual(ofOne.asked);
    const list = one.list(ofOne.users);
    expect(list.map((entry) => [entry.key, entry.metas.length, Reflect.get(entry, "user")])).toEqual([
      ["ada", 2, "ADA"],
      ["bob", 1, "BOB"],
      ["__proto__", 1, "__PROTO__"],
    ]);
    expect(two.list(ofTwo.users)).toEqual(list);
    expect(three.list(presence("users"))[0]).toEqual({ key: "ada", metas: list[0]?.metas });
  });

  test("completes diffs, those of leaves by what was fetched before", async () => {
    const { actor } = alone();
    const { users, asked } = fetched();
    const diffs: AnyDiff[] = [];
    const ada = actor();
    ada.watch(users, (diff) => diff && diffs.push(diff));
    const tracked = ada.track(users, "ada");
    await quiet();
    tracked.update({ status: "away" });
    await quiet();
    tracked.untrack();
    await quiet();
    expect(words(diffs)).toEqual([["+ada ADA"], ["-ada ADA", "+ada ADA"], ["-ada ADA"]]);
    expect(asked).toEqual([["ada"], ["ada"]]);
  });

  test("keeps the order of changes: what comes meanwhile is the next one", async () => {
    const { actor, list } = alone();
    const first = deferred<Map<string, object>>();
    const asked: (readonly string[])[] = [];
    const users = presence<object>("users", {
      fetch: (keys) => (asked.push(keys) === 1 ? first.promise : new Map()),
    });
    const diffs: AnyDiff[] = [];
    const ada = actor();
    ada.watch(users, (diff) => diff && diffs.push(diff));
    ada.track(users, "ada");
    await quiet();
    const bob = actor();
    bob.track(users, "bob");
    await quiet();
    ada.end();
    bob.end();
    const eve = actor();
    eve.watch(users, (diff) => diff && diffs.push(diff));
    eve.track(users, "eve");
    await quiet();
    expect(list(users)).toEqual([]);
    first.resolve(new Map([["ada", { user: "Ada" }]]));
    await quiet();
    expect(asked).toEqual([["ada"], ["eve"]]);
    expect(words(diffs)).toEqual([["+ada Ada"], ["-ada Ada", "+eve undefined"]]);
    expect(list(users).map(({ key }) => key)).toEqual(["eve"]);
  });

  test("is called for those that are there already, when the first looks who knows how", async () => {
    const { actor, list } = alone();
    const { users, asked } = fetched();
    actor().track(presence("users"), "ada");
    await quiet();
    let changes = 0;
    const watching = actor();
    watching.watch(users, (diff) => {
      expect(diff).toBeUndefined();
      changes++;
    });
    await quiet();
    expect(asked).toEqual([["ada"]]);
    expect(changes).toBe(1);
    expect(list(users)).toEqual([{ key: "ada", user: "ADA", metas: [{ ref: expect.any(String) }] }]);
  });

  test("may answer with an object; names of Object.prototype are keys like any other", async () => {
    const { actor, list } = alone();
    const users = presence<object>("users", {
      fetch: () => ({ ada: { user: "Ada" }, bob: undefined as never }),
    });
    for (const key of ["ada", "bob", "constructor", "toString", "__proto__"]) actor().track(users, key);
    await quiet();
    expect(list(users).map((entry) => Object.keys(entry))).toEqual([
      ["user", "key", "metas"],
      ...Array.from({ length: 4 }, () => ["key", "metas"]),
    ]);
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("no database");
      },
      "no database",
    ],
    ["rejects", () => Promise.reject(new Error("no database")), "no database"],
    ["answers with nothing", () => undefined, "has to return a Map or an object by key, but it is missing"],
    ["answers with a list", () => [{ user: "Ada" }], "has to return a Map or an object by key"],
  ])("that %s is reported, and leaves plain metas", async (_, fetch, message) => {
    const { actor, list, reports } = alone();
    const users = presence<object>("users", { fetch: fetch as never });
    actor().track(users, "0", { name: "Ada" });
    await quiet();
    expect(list(users)).toEqual([{ key: "0", metas: [{ name: "Ada", ref: expect.any(String) }] }]);
    expect(reports).toEqual([
      expect.objectContaining({
        kind: "crash",
        event: 'fetch of presence "users"',
        error: expect.objectContaining({ message: expect.stringContaining(message) }),
      }),
    ]);
  });

  test("that does not end holds a change back no longer than ten seconds", async () => {
    vi.useFakeTimers();
    try {
      const { actor, list, reports } = alone();
      const users = presence<object>("users", { fetch: () => new Promise<never>(() => {}) });
      actor().track(users, "ada");
      await quiet();
      expect(list(users)).toEqual([]);
      await vi.advanceTimersByTimeAsync(10_000);
      await quiet();
      expect(list(users).map(({ key }) => key)).toEqual(["ada"]);
      expect(reports).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });

  test("a presence that was fetched for and is empty is forgotten", async () => {
    const { actor, presences } = alone();
    const { users } = fetched();
    const ada = actor();
    ada.track(users, "ada");
    await quiet();
    ada.end();
    await quiet();
    expect(presences.find(users)).toBeUndefined();
  });
});
