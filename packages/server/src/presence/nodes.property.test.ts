/** Rosters of three nodes against one map, whatever is tracked, updated and untracked while nodes crash, are cut off and come back. */
import { useFakeTimers } from "@overwire/test-support/fake-timers";
import { quiet, startNode } from "@overwire/test-support/presence-node";
import { PubSubNetwork } from "@overwire/test-support/pubsub-network";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { presence } from "../view/presence.ts";

useFakeTimers();

const NODES = 3;
const HEARTBEAT = 1500;
const SILENCE = 10_000;
const presences = ["lobby", "__proto__"].map((name) => presence(name));
const keys = ["ada", "bob", "constructor"];

type Node = ReturnType<typeof startNode>;
type Actor = ReturnType<Node["actor"]>;

/** An arrival, as the model has it. */
interface Arrival {
  readonly actor: Actor;
  readonly presence: number;
  readonly key: string;
  readonly tracked: ReturnType<Actor["track"]>;
  version: number;
}

class Model {
  readonly network = new PubSubNetwork();
  readonly nodes: Node[] = [];
  readonly arrivals = Array.from({ length: NODES }, (): Arrival[] => []);
  #version = 0;
  #losses = 0;

  constructor() {
    for (let node = 0; node < NODES; node++) this.start(node);
  }

  start(node: number): void {
    this.nodes[node] = startNode(this.network);
    this.arrivals[node] = [];
  }

  at(node: number): Node {
    return this.nodes[node] as Node;
  }

  track(node: number, presence: number, key: string): void {
    const actor = this.at(node).actor();
    const version = ++this.#version;
    const tracked = actor.track(presences[presence] as (typeof presences)[0], key, { version });
    this.arrivals[node]?.push({ actor, presence, key, tracked, version });
  }

  update(node: number, pick: number): void {
    const arrival = this.#pick(node, pick);
    if (!arrival) return;
    arrival.version = ++this.#version;
    arrival.tracked.update((meta) => ({ ...meta, version: this.#version }));
  }

  leave(node: number, pick: number, how: "untrack" | "end"): void {
    const arrival = this.#pick(node, pick);
    if (!arrival) return;
    this.arrivals[node] = (this.arrivals[node] ?? []).filter((each) => each !== arrival);
    if (how === "end") arrival.actor.end();
    else arrival.tracked.untrack();
  }

  crash(node: number): void {
    this.network.kill(this.at(node).node);
    this.start(node);
  }

  /** The app goes, and goes on as another node. */
  close(node: number): void {
    for (const { actor } of this.arrivals[node] ?? []) actor.end();
    this.at(node).presences.close();
    this.arrivals[node] = [];
    this.at(node).presences.listen();
  }

  /** One of so many messages is lost. */
  lossy(every: number): void {
    this.network.lose = () => every > 0 && ++this.#losses % every === 0;
  }

  #pick(node: number, pick: number): Arrival | undefined {
    const all = this.arrivals[node] ?? [];
    return all[pick % all.length];
  }

  /** All that is there, as far as an order is certain: keys and versions, sorted. */
  expected(presence: number): string[] {
    const all = this.arrivals.flat().filter((arrival) => arrival.presence === presence);
    return all.map(({ key, version }) => `${key} ${version}`).sort();
  }
}

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      op: fc.constant("track" as const),
      presence: fc.nat(1),
      key: fc.constantFrom(...keys),
    }),
  },
  { weight: 4, arbitrary: fc.record({ op: fc.constant("update" as const), pick: fc.nat(9) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      op: fc.constant("leave" as const),
      pick: fc.nat(9),
      how: fc.constantFrom("untrack" as const, "end" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constantFrom("crash" as const, "close" as const) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constantFrom("cut" as const, "heal" as const) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("lossy" as const), every: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant("pass" as const), beats: fc.nat(8) }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant("turn" as const) }) },
);

async function run(model: Model, node: number, each: typeof step extends fc.Arbitrary<infer T> ? T : never) {
  switch (each.op) {
    case "track":
      return model.track(node, each.presence, each.key);
    case "update":
      return model.update(node, each.pick);
    case "leave":
      return model.leave(node, each.pick, each.how);
    case "crash":
    case "close":
      return model[each.op](node);
    case "cut":
    case "heal":
      return model.network[each.op](model.at(node).node);
    case "lossy":
      return model.lossy(each.every);
    case "pass":
      return pass(each.beats * HEARTBEAT);
    case "turn":
      return quiet();
  }
}

async function pass(milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += HEARTBEAT) {
    await vi.advanceTimersByTimeAsync(HEARTBEAT);
    await quiet();
  }
}

test("all rosters are equal once quiet, and hold exactly what is tracked; nothing is left in the end", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(NODES - 1), step), { maxLength: 40 }), async (steps) => {
      const model = new Model();
      for (const [node, each] of steps) await run(model, node, each);
      model.lossy(0);
      for (const { node } of model.nodes) model.network.heal(node);
      await quiet();
      await pass(SILENCE + HEARTBEAT);

      for (const [index, presence] of presences.entries()) {
        const [one, ...others] = model.nodes.map((node) => node.list(presence));
        for (const other of others) expect(other).toEqual(one);
        const all = one?.flatMap(({ key, metas }) =>
          metas.map((meta) => `${key} ${Reflect.get(meta, "version")}`),
        );
        expect(all?.sort()).toEqual(model.expected(index));
      }

      for (const { actor } of model.arrivals.flat()) actor.end();
      await quiet();
      for (const presence of presences)
        for (const node of model.nodes) expect(node.presences.find(presence)).toBeUndefined();
      for (const node of model.nodes) expect(node.reports).toEqual([]);
      vi.clearAllTimers();
    }),
    { numRuns: 200 },
  );
});
