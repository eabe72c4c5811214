/** Tests of one node: who gets a message, when, and in which order. */
import assert from "node:assert/strict";
import { topic } from "@overwire/server";
import { Ear, turn } from "./ear.ts";
import type { Suite } from "./suite.ts";

/** Names that a broker or an object may take for something else. */
export const ODD_TOPICS = [
  "",
  "__proto__",
  "constructor",
  "toString",
  "a b\tc\nd",
  "room:*",
  "room.>",
  "[a-z]?\\",
  "{tag}:1",
  "ünïcödé 🦊",
  "half \ud800",
  "'; DROP TABLE topics; --",
  "x".repeat(1000),
];

/** Messages reach all subscribers of their topic, in order, after the turn of the publisher. */
function testDelivery({ check }: Suite): void {
  check("all subscribers of a topic get its messages, and no others", 1, async (node) => {
    const first = new Ear(node!, "posts");
    const second = new Ear(node!, "posts");
    const other = new Ear(node!, "post");
    node!.publish("posts", "Hello");
    await turn();
    assert.deepEqual([first.heard, second.heard, other.heard], [["Hello"], ["Hello"], []]);
  });

  check("a typed topic and its name are the same", 1, async (node) => {
    const posts = topic<string>("posts");
    const ear = new Ear(node!, "posts");
    const heard: string[] = [];
    node!.subscribe(posts, (post) => heard.push(post));
    node!.publish(posts, "typed");
    node!.publish("posts", "named");
    await turn();
    assert.deepEqual(
      [ear.heard, heard],
      [
        ["typed", "named"],
        ["typed", "named"],
      ],
    );
  });

  check("no subscriber runs before the publisher's turn is over", 1, async (node) => {
    const ear = new Ear(node!, "posts");
    node!.publish("posts", 1);
    assert.deepEqual(ear.heard, []);
    await turn();
    assert.deepEqual(ear.heard, [1]);
  });

  check("messages come in the order of publishing, over all topics", 1, async (node) => {
    const heard: number[] = [];
    for (const name of ["a", "b"]) node!.subscribe<number>(name, (message) => heard.push(message));
    const sent = Array.from({ length: 200 }, (_, index) => index);
    for (const index of sent) node!.publish(index % 3 ? "a" : "b", index);
    await turn();
    assert.deepEqual(heard, sent);
  });

  check("messages of a subscriber follow what was published before", 1, async (node) => {
    const ear = new Ear(node!, "posts");
    node!.subscribe<number>("posts", (message) => {
      if (message === 1) node!.publish("posts", 3);
    });
    node!.publish("posts", 1);
    node!.publish("posts", 2);
    await ear.count(3);
    assert.deepEqual(ear.heard, [1, 2, 3]);
  });
}

/** Subscribers that are left out, or subscribe twice. */
function testSubscribers({ check }: Suite): void {
  check("`except` leaves out one subscriber", 1, async (node) => {
    const self = {};
    const own = new Ear(node!, "posts", self);
    const other = new Ear(node!, "posts", {});
    const unnamed = new Ear(node!, "posts");
    node!.publish("posts", "Hello", self);
    node!.publish("posts", "to all");
    await turn();
    assert.deepEqual(own.heard, ["to all"]);
    assert.deepEqual(
      [other.heard, unnamed.heard],
      [
        ["Hello", "to all"],
        ["Hello", "to all"],
      ],
    );
  });

  check("a function that subscribes twice gets messages twice, and ends each by itself", 1, async (node) => {
    const heard: unknown[] = [];
    const receive = (message: unknown) => void heard.push(message);
    const stop = node!.subscribe("posts", receive);
    const stopOther = node!.subscribe("posts", receive);
    node!.publish("posts", 1);
    await turn();
    stop();
    stop();
    node!.publish("posts", 2);
    await turn();
    stopOther();
    node!.publish("posts", 3);
    await turn();
    assert.deepEqual(heard, [1, 1, 2]);
    const again = new Ear(node!, "posts");
    node!.publish("posts", 4);
    await turn();
    assert.deepEqual(again.heard, [4]);
  });
}

/** Names of topics, and values that are none. */
function testNames({ check }: Suite): void {
  for (const name of ODD_TOPICS)
    check(`topics of any name: ${JSON.stringify(name.slice(0, 30))}`, 1, async (node) => {
      const ear = new Ear(node!, name);
      node!.publish(name, "Hello");
      await turn();
      assert.deepEqual(ear.heard, ["Hello"]);
    });

  check("values that are no topic are refused", 1, async (node) => {
    for (const wrong of [undefined, null, 7, {}, ["posts"]]) {
      assert.throws(() => node!.subscribe(wrong as unknown as string, () => {}), TypeError);
      assert.throws(() => node!.publish(wrong as unknown as string, 1), TypeError);
    }
  });
}

export function testTopics(suite: Suite): void {
  suite.runner.describe("one node", () => {
    testDelivery(suite);
    testSubscribers(suite);
    testNames(suite);
  });
}
