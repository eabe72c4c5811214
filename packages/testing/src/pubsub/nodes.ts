/** Tests of several nodes. */
import assert from "node:assert/strict";
import { Ear, turn, until } from "./ear.ts";
import { DATA, warningsOf } from "./messages.ts";
import type { Suite } from "./suite.ts";
import { ODD_TOPICS } from "./topics.ts";

const MANY = 1000;

/** Who gets a message of another node, and in which order. */
function testDelivery({ check }: Suite): void {
  check("a message reaches every node once, and the publisher's own at once", 3, async (a, b, c) => {
    const ears = [a!, b!, c!].map((node) => new Ear(node, "posts"));
    for (const ear of ears) await ear.hears(a!);
    a!.publish("posts", 1);
    await turn();
    assert.deepEqual(ears[0]!.heard, [1]);
    for (const ear of ears) await ear.count(1);
    // A second copy would come before this.
    await ears[0]!.hears(b!);
    await ears[1]!.hears(a!);
    assert.deepEqual(
      ears.map(({ heard }) => heard),
      [[1], [1], [1]],
    );
  });

  check("the messages of each publisher come in order, while both publish", 2, async (a, b) => {
    const nearA = new Ear(a!, "posts");
    const nearB = new Ear(b!, "posts");
    await nearA.hears(b!);
    await nearB.hears(a!);
    const sent = Array.from({ length: MANY }, (_, index) => index);
    for (const index of sent) {
      a!.publish("posts", ["a", index]);
      b!.publish("posts", ["b", index]);
      if (index % 100 === 0) await turn();
    }
    for (const ear of [nearA, nearB]) {
      const heard = (await ear.count(2 * MANY)) as [string, number][];
      for (const name of ["a", "b"])
        assert.deepEqual(
          heard.filter(([publisher]) => publisher === name).map(([, index]) => index),
          sent,
        );
    }
  });

  check("an answer never comes before what it answers", 2, async (a, b) => {
    const ear = new Ear(a!, "talk");
    b!.subscribe<number>("talk", (message) => {
      if (typeof message === "number" && message % 2 === 0) b!.publish("talk", message + 1);
    });
    await ear.hears(b!);
    await new Ear(b!, "talk").hears(a!);
    for (let question = 0; question < 100; question += 2) {
      a!.publish("talk", question);
      await ear.count(question + 2);
    }
    assert.deepEqual(
      ear.heard,
      Array.from({ length: 100 }, (_, index) => index),
    );
  });

  check("`except` is a subscriber of the publisher's node, and others get the message", 2, async (a, b) => {
    const self = {};
    const own = new Ear(a!, "posts", self);
    const far = new Ear(b!, "posts", self);
    await far.hears(a!);
    a!.publish("posts", "Hello", self);
    await far.count(1);
    assert.deepEqual([own.heard, far.heard], [[], ["Hello"]]);
  });
}

/** Messages and topics arrive as they were, however odd or large. */
function testContent({ check, largest = 9 * 1024 * 1024 }: Suite): void {
  check("messages of any kind arrive as they were when they were published", 2, async (a, b) => {
    const far = await new Ear(b!, "data").hears(a!);
    const warnings = [warningsOf(a!), warningsOf(b!)];
    const cycle: { self?: unknown; list: unknown[] } = { list: [] };
    cycle.self = cycle;
    cycle.list.push(cycle.list);
    a!.publish("data", cycle);
    const changing = { version: 1 };
    a!.publish("data", changing);
    changing.version = 2;
    for (const make of Object.values(DATA)) a!.publish("data", make());
    const [ring, snapshot, ...others] = await far.count(2 + Object.keys(DATA).length);
    assert.equal((ring as typeof cycle).self, ring);
    assert.equal((ring as typeof cycle).list[0], (ring as typeof cycle).list);
    assert.deepEqual(snapshot, { version: 1 });
    assert.deepEqual(
      others,
      Object.values(DATA).map((make) => make()),
    );
    assert.deepEqual(warnings, [[], []]);
  });

  check("a message that is not data stays on its node, and those after it do not", 2, async (a, b) => {
    const near = new Ear(a!, "posts");
    const far = await new Ear(b!, "posts").hears(a!);
    const warnings = warningsOf(a!);
    const message = { run: () => {} };
    a!.publish("posts", message);
    a!.publish("posts", "data");
    await far.count(1);
    assert.deepEqual([near.heard, far.heard], [[message, "data"], ["data"]]);
    if (a!.on) assert.equal(warnings.length, 1);
  });

  check("large messages arrive whole and in order", 2, async (a, b) => {
    const far = await new Ear(b!, "large").hears(a!);
    const text = "ü".repeat(largest / 2 - 100);
    a!.publish("large", text);
    a!.publish("large", "small");
    const [first, second] = await far.count(2);
    assert.ok(first === text);
    assert.equal(second, "small");
  });

  check("topics of any name are the same on all nodes, and no two are one", 2, async (a, b) => {
    const ears = ODD_TOPICS.map((name) => new Ear(b!, name));
    for (const ear of ears) await ear.hears(a!);
    for (const ear of ears) a!.publish(ear.topic, ear.topic);
    for (const ear of ears) await ear.count(1);
    for (const ear of ears) assert.deepEqual(ear.heard, [ear.topic]);
  });
}

/** Nodes and subscribers come and go. */
function testComings({ check }: Suite): void {
  check(
    "a topic is heard as long as one subscriber of the node is left, and again later",
    2,
    async (a, b) => {
      const first = await new Ear(b!, "posts").hears(a!);
      const second = new Ear(b!, "posts");
      first.stop();
      a!.publish("posts", 1);
      assert.deepEqual(await second.count(1), [1]);
      second.stop();
      for (let time = 0; time < 20; time++) new Ear(b!, "posts").stop();
      const third = await new Ear(b!, "posts").hears(a!);
      a!.publish("posts", 2);
      assert.deepEqual(await third.count(1), [2]);
      assert.deepEqual([first.heard, second.heard], [[], [1]]);
    },
  );

  check("messages published right after the start arrive", 2, async (a, b) => {
    if (!a!.settled || !b!.settled) return;
    const far = new Ear(b!, "posts");
    assert.equal(await b!.settled(), true);
    a!.publish("posts", "first of all");
    assert.deepEqual(await far.count(1), ["first of all"]);
  });

  check("a node that is closed hears no others, and they do not hear it", 3, async (a, b, c) => {
    if (!a!.close) return;
    const near = await new Ear(a!, "posts").hears(b!);
    const far = await new Ear(b!, "posts").hears(a!);
    await a!.close();
    a!.publish("posts", "alone");
    await far.hears(c!);
    b!.publish("posts", "without it");
    await far.count(1);
    await until("the closed node has heard itself", () => near.heard.length === 1);
    assert.deepEqual([near.heard, far.heard], [["alone"], ["without it"]]);
  });
}

export function testNodes(suite: Suite): void {
  suite.runner.describe("several nodes", () => {
    testDelivery(suite);
    testContent(suite);
    testComings(suite);
  });
}
