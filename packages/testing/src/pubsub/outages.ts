/** Tests of a broker that is lost and comes back. */
import assert from "node:assert/strict";
import type { PubSub } from "@overwire/server";
import { Ear, turn, until } from "./ear.ts";
import type { Outage, Suite } from "./suite.ts";

/** Losses and returns of a node, as it tells of them. */
function lossesOf(node: PubSub): string[] {
  const told: string[] = [];
  node.on?.("lost", ({ error }) => told.push(error instanceof Error ? "lost" : "no error"));
  node.on?.("reconnected", ({ since }) => told.push(since instanceof Date ? "reconnected" : "no date"));
  return told;
}

/** Nodes tell of a loss and go on within themselves. */
function testLoss({ check }: Suite, { cut, heal }: Outage): void {
  check("is told once, and its return once; local messages go on", 2, async (a, b) => {
    const told = [lossesOf(a!), lossesOf(b!)];
    const near = await new Ear(a!, "posts").hears(b!);
    await cut();
    await until("both nodes tell of the loss", () => told.flat().length === 2);
    for (let index = 0; index < 50; index++) {
      a!.publish("posts", index);
      await turn();
    }
    assert.equal(near.heard.length, 50);
    await heal();
    await until("both nodes tell of the return", () => told.flat().length === 4);
    await near.hears(b!);
    assert.deepEqual(told, [
      ["lost", "reconnected"],
      ["lost", "reconnected"],
    ]);
  });
}

/** Subscriptions and the order of messages are there again with the broker. */
function testReturn({ check }: Suite, { cut, heal }: Outage): void {
  check("subscriptions are back with it: those that were, and those that came meanwhile", 2, async (a, b) => {
    const told = lossesOf(b!);
    const before = await new Ear(b!, "before").hears(a!);
    const ended = await new Ear(b!, "ended").hears(a!);
    await cut();
    await until("the loss is told", () => told.length === 1);
    ended.stop();
    const meanwhile = new Ear(b!, "meanwhile");
    await heal();
    for (const ear of [before, meanwhile]) await ear.hears(a!);
    for (const ear of [before, ended, meanwhile]) a!.publish(ear.topic, "back");
    for (const ear of [before, meanwhile]) await ear.count(1);
    assert.deepEqual([before.heard, ended.heard, meanwhile.heard], [["back"], [], ["back"]]);
  });

  check(
    "loses what is published meanwhile: nothing comes late, twice, or in another order",
    2,
    async (a, b) => {
      const told = [lossesOf(a!), lossesOf(b!)];
      const far = await new Ear(b!, "posts").hears(a!);
      let index = 0;
      const publishSome = async () => {
        for (let time = 0; time < 20; time++) a!.publish("posts", index++);
        await turn();
      };
      const publishing = setInterval(publishSome, 1);
      await until("messages arrive", () => far.heard.length > 100);
      for (let round = 1; round <= 2; round++) {
        await cut();
        await until("the loss is told", () => told.every((events) => events.length === 2 * round - 1));
        const lost = index;
        await until("messages are published meanwhile", () => index > lost + 100);
        const back = index;
        await heal();
        await until("the return is told", () => told.every((events) => events.length === 2 * round));
        await until("messages arrive again", () => Number(far.heard.at(-1)) > back);
      }
      clearInterval(publishing);
      const heard = far.heard as number[];
      const inOrder = [...new Set(heard)].sort((one, other) => one - other);
      assert.deepEqual(heard, inOrder);
      assert.ok(heard.length < index);
    },
  );
}

/** A broker that comes after its nodes. */
function testLateBroker({ check, make }: Suite, { cut, heal }: Outage): void {
  check("that is not there at the start is told once, and found later", 1, async (other) => {
    await cut();
    const node = await make();
    try {
      const told = lossesOf(node);
      const ear = new Ear(node, "posts");
      await until("the loss is told", () => told.length > 0);
      node.publish("posts", "alone");
      await turn();
      assert.deepEqual(ear.heard, ["alone"]);
      await heal();
      await until("the return is told", () => told.length > 1);
      await ear.hears(other!);
      assert.deepEqual(told, ["lost", "reconnected"]);
    } finally {
      await node.close?.();
    }
  });
}

export function testOutages(suite: Suite): void {
  const { runner, outage } = suite;
  if (!outage) return;
  runner.describe("a lost broker", () => {
    testLoss(suite, outage);
    testReturn(suite, outage);
    testLateBroker(suite, outage);
  });
}
