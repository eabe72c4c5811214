/** Presence on several nodes: what each is told of the others, what they ask for, and when they count as gone. */
import { useFakeTimers } from "@overwire/test-support/fake-timers";
import { quiet, startNode } from "@overwire/test-support/presence-node";
import { PubSubNetwork } from "@overwire/test-support/pubsub-network";
import { describe, expect, test, vi } from "vitest";
import { type PresenceDiff, presence } from "../view/presence.ts";
import { TOPIC } from "./messages.ts";

useFakeTimers();

const lobby = presence<{ name?: string }>("lobby");
const HEARTBEAT = 1500;
const SILENCE = 10_000;

/** Beats pass, one after the other. */
async function pass(milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += HEARTBEAT / 3) {
    await vi.advanceTimersByTimeAsync(HEARTBEAT / 3);
    await quiet();
  }
}

describe("nodes", () => {
  test("tell each other who comes, is updated and goes, in the same order", async () => {
    const network = new PubSubNetwork();
    const [one, two] = [startNode(network), startNode(network)];
    const diffs: PresenceDiff<object>[] = [];
    two.actor().watch(lobby, (diff) => diff && diffs.push(diff));
    const ada = one.actor().track(lobby, "ada", { name: "Ada" });
    await vi.advanceTimersByTimeAsync(1);
    const bob = two.actor().track(lobby, "bob", { name: "Bob" });
    await quiet();
    expect(one.list(lobby)).toEqual(two.list(lobby));
    expect(one.keys(lobby)).toEqual(["ada", "bob"]);
    const before = ada.ref;
    ada.update({ name: "Ada L." });
    await quiet();
    expect(two.list(lobby)[0]).toEqual({
      key: "ada",
      metas: [{ name: "Ada L.", ref: ada.ref, previousRef: before }],
    });
    ada.untrack();
    bob.untrack();
    await quiet();
    expect(one.list(lobby)).toEqual([]);
    expect(two.list(lobby)).toEqual([]);
    expect(
      diffs.map(({ joins, leaves }) => [joins.map(({ key }) => key), leaves.map(({ key }) => key)]),
    ).toEqual([
      [["ada", "bob"], []],
      [["ada"], ["ada"]],
      [[], ["ada", "bob"]],
    ]);
  });

  test("know any keys, presences and metas of each other", async () => {
    const network = new PubSubNetwork();
    const [one, two] = [startNode(network), startNode(network)];
    const names = ["__proto__", "constructor", "toString", "", "a:b", "ü\u0000", "\ud800", "<!--"];
    const actor = one.actor();
    const meta = { at: new Date(7), tags: new Set(["x"]), big: 7n, none: undefined };
    for (const name of names) for (const key of names) actor.track(presence(name), key, meta);
    await quiet();
    for (const name of names) {
      expect(two.keys(presence(name))).toEqual(names);
      for (const key of names)
        expect(two.presences.find(presence(name))?.get(key)?.metas[0]).toMatchObject(meta);
    }
    actor.end();
    await quiet();
    for (const name of names) expect(two.list(presence(name))).toEqual([]);
  });

  test("that begin later are told everything at once", async () => {
    const network = new PubSubNetwork();
    const one = startNode(network);
    for (let number = 0; number < 500; number++) {
      one.actor().track(lobby, String(number), { text: "x".repeat(1000) });
      if (number % 5 === 0) await quiet();
    }
    await quiet();
    network.sent.length = 0;
    const two = startNode(network);
    await quiet();
    expect(two.list(lobby)).toEqual(one.list(lobby));
    expect(two.keys(lobby)).toHaveLength(500);
    // A snapshot, in parts, none of which is large.
    const answers = network.sent.filter(({ from }) => from === one.node);
    expect(answers.length).toBeGreaterThan(1);
    for (const { text } of answers) expect(text.length).toBeLessThan(300_000);
  });

  test("that miss a message are told what they missed, and no more, by the next beat", async () => {
    const network = new PubSubNetwork();
    const [one, two] = [startNode(network), startNode(network)];
    one.actor().track(lobby, "a");
    await quiet();
    network.lose = ({ topic }, to) => topic === TOPIC && to === two.node;
    one.actor().track(lobby, "lost");
    await quiet();
    network.lose = () => false;
    expect(two.keys(lobby)).toEqual(["a"]);
    network.sent.length = 0;
    await pass(HEARTBEAT);
    expect(two.keys(lobby)).toEqual(["a", "lost"]);
    expect(network.size).toBeLessThan(400);
  });

  test("that miss a message are told of it as soon as they hear the next change", async () => {
    const network = new PubSubNetwork();
    const [one, two] = [startNode(network), startNode(network)];
    network.lose = (_, to) => to === two.node;
    one.actor().track(lobby, "lost");
    await quiet();
    network.lose = () => false;
    one.actor().track(lobby, "b");
    await quiet();
    expect(two.keys(lobby)).toEqual(["lost", "b"]);
  });

  test("that miss the last leave hear of it although nothing is left", async () => {
    const network = new PubSubNetwork();
    const [one, two] = [startNode(network), startNode(network)];
    const actor = one.actor();
    actor.track(lobby, "a");
    await quiet();
    network.cut(two.node);
    actor.end();
    await quiet();
    network.heal(two.node);
    expect(two.keys(lobby)).toEqual(["a"]);
    await pass(HEARTBEAT);
    expect(two.keys(lobby)).toEqual([]);
  });

  test("that fall silent are swept within the bound, and are back when they return", async () => {
    const network = new PubSubNetwork();
    const [one, two, three] = [startNode(network), startNode(network), startNode(network)];
    const log: string[] = [];
    two.actor().watch(lobby, (diff) => {
      for (const { key } of diff?.joins ?? []) log.push(`+${key}`);
      for (const { key } of diff?.leaves ?? []) log.push(`-${key}`);
    });
    one.actor().track(lobby, "a", { name: "A" });
    await vi.advanceTimersByTimeAsync(1);
    two.actor().track(lobby, "b");
    await quiet();
    log.length = 0;
    network.cut(one.node);
    await pass(SILENCE - 3 * HEARTBEAT);
    expect(two.keys(lobby)).toEqual(["a", "b"]);
    await pass(3 * HEARTBEAT);
    expect(two.keys(lobby)).toEqual(["b"]);
    expect(three.keys(lobby)).toEqual(["b"]);
    expect(one.keys(lobby)).toEqual(["a"]);
    network.heal(one.node);
    await pass(HEARTBEAT);
    for (const node of [one, two, three]) expect(node.list(lobby)).toEqual(one.list(lobby));
    expect(one.keys(lobby)).toEqual(["a", "b"]);
    expect(log).toEqual(["-a", "+a"]);
  });

  test("that are cut off shortly do not flicker", async () => {
    const network = new PubSubNetwork();
    const [one, two] = [startNode(network), startNode(network)];
    one.actor().track(lobby, "a");
    await quiet();
    let changes = 0;
    two.actor().watch(lobby, () => changes++);
    network.cut(one.node);
    await pass(3 * HEARTBEAT);
    network.heal(one.node);
    await pass(SILENCE);
    expect(changes).toBe(0);
    expect(two.keys(lobby)).toEqual(["a"]);
  });

  test("that stood still for long do not take the others for gone", async () => {
    const network = new PubSubNetwork();
    const [one, two] = [startNode(network), startNode(network)];
    one.actor().track(lobby, "a");
    await quiet();
    let changes = 0;
    two.actor().watch(lobby, () => changes++);
    // A process that is stopped has one beat at its return, however long it was.
    vi.setSystemTime(Date.now() + 60_000);
    await pass(HEARTBEAT);
    expect(changes).toBe(0);
  });

  test("take their own entries away before they go", async () => {
    const network = new PubSubNetwork();
    const [one, two] = [startNode(network), startNode(network)];
    one.actor().track(lobby, "a");
    two.actor().track(lobby, "b");
    await quiet();
    one.presences.close();
    await quiet();
    expect(two.keys(lobby)).toEqual(["b"]);
    expect(one.presences.find(lobby)?.list() ?? []).toEqual([]);
    // When it goes on, it knows of the others again.
    await vi.advanceTimersByTimeAsync(1);
    one.actor().track(lobby, "again");
    await quiet();
    expect(one.keys(lobby)).toEqual(["b", "again"]);
    expect(two.keys(lobby)).toEqual(["b", "again"]);
  });

  test("send nothing while nothing is tracked, and little while nothing changes", async () => {
    const network = new PubSubNetwork();
    const nodes = [startNode(network), startNode(network), startNode(network)];
    for (const node of nodes) node.actor().watch(lobby, () => {});
    await quiet();
    // Each has asked once.
    expect(network.sent).toHaveLength(3);
    network.sent.length = 0;
    await pass(10 * SILENCE);
    expect(network.sent).toHaveLength(0);

    const actor = nodes[0]?.actor();
    actor?.track(lobby, "a");
    for (let number = 0; number < 100; number++) nodes[0]?.actor().track(lobby, `more${number}`);
    await quiet();
    network.sent.length = 0;
    await pass(10 * HEARTBEAT);
    expect(network.sent.length).toBeLessThanOrEqual(10);
    expect(network.size).toBeLessThanOrEqual(10 * 64);
  });

  test("that have nothing left fall silent after a while", async () => {
    const network = new PubSubNetwork();
    const [one, two] = [startNode(network), startNode(network)];
    const actor = one.actor();
    actor.track(lobby, "a");
    await quiet();
    actor.end();
    await pass(2 * SILENCE);
    network.sent.length = 0;
    await pass(2 * SILENCE);
    expect(network.sent).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    expect(two.keys(lobby)).toEqual([]);
    one.actor().track(lobby, "b");
    await quiet();
    expect(two.keys(lobby)).toEqual(["b"]);
  });

  test("tell the changes of one turn in one message", async () => {
    const network = new PubSubNetwork();
    const [one, two] = [startNode(network), startNode(network)];
    await quiet();
    network.sent.length = 0;
    for (let number = 0; number < 100; number++) one.actor().track(lobby, String(number));
    const gone = one.actor();
    gone.track(lobby, "gone").update({ name: "x" });
    gone.end();
    await quiet();
    expect(network.sent).toHaveLength(1);
    expect(two.keys(lobby)).toHaveLength(100);
  });
});

describe("messages that are none", () => {
  const wrong: unknown[] = [
    undefined,
    null,
    7,
    "text",
    {},
    [],
    [1],
    [1, "d"],
    [2, "b", "node", 1],
    [1, "x", "node", 1],
    [1, "b", "", 1],
    [1, "b", "n".repeat(65), 1],
    [1, "b", "node", -1],
    [1, "b", "node", "1"],
    [1, "b", "node", 1.5],
    [1, "a", "node", 7, 0],
    [1, "d", "node", 1, [], [{}]],
    [1, "d", "node", 1, {}, []],
    [1, "d", "node", 1, [7], []],
    [1, "d", "node", 1, [], new Array(2 ** 32 - 1)],
    [1, "d", "node", 1, [[1, 0, "lobby", 7, 1, {}]], []],
    [1, "d", "node", 1, [[1, 0, "lobby", "key", Number.NaN, {}]], []],
    [1, "d", "node", 1, [[1, 0, "lobby", "key", 1, null]], []],
    [1, "d", "node", 1, [[1, 0, "lobby", "key", 1, {}, "0"]], []],
    [1, "s", "node", 1, 1, 1, []],
    [1, "s", "node", 1, 0, 1, "all"],
  ];

  test("are ignored with a report, and change nothing", async () => {
    const network = new PubSubNetwork();
    const one = startNode(network);
    one.actor().track(lobby, "a");
    const { pubsub } = network.join();
    for (const message of wrong) pubsub.publish(TOPIC, message);
    await quiet();
    expect(one.reports).toHaveLength(wrong.length);
    expect(new Set(one.reports)).toEqual(
      new Set(["a message on presence was ignored, as it is none that this version reads"]),
    );
    expect(one.keys(lobby)).toEqual(["a"]);
  });

  test("a node that tells lies is swept as any other", async () => {
    const network = new PubSubNetwork();
    const one = startNode(network);
    one.actor().track(lobby, "a");
    const { pubsub } = network.join();
    const join = (key: string, at: number, name = "lobby") => [1, 0, name, key, at, {}];
    pubsub.publish(TOPIC, [1, "d", "liar", 1, [join("x", 1), join("y", 9e15), join("z", 5, "other")], [7]]);
    pubsub.publish(TOPIC, [1, "d", "liar", 2, [join("w", 3)], [1, 1]]);
    pubsub.publish(TOPIC, [1, "s", "liar", 3, 0, 2, []]);
    pubsub.publish(TOPIC, [1, "b", "liar", 9e15]);
    await quiet();
    expect(one.keys(lobby)).toEqual(["w", "a"]);
    expect(one.keys(presence("other"))).toEqual([]);
    await pass(SILENCE);
    expect(one.keys(lobby)).toEqual(["a"]);
    expect(one.reports).toEqual([]);
  });
});
