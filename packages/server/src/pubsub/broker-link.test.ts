/** Adapters that fail in ways of their own: they stop no process, and no local message. */
import { expect, test } from "vitest";
import type { Broker, BrokerEvents } from "./broker.ts";
import { createPubSub } from "./create-pubsub.ts";

/** Throws at once what others tell by a promise. */
class ThrowingBroker implements Broker {
  readonly #opens: boolean;

  constructor(opens: boolean) {
    this.#opens = opens;
  }

  open({ up }: BrokerEvents): void {
    if (!this.#opens) throw new Error("no such module");
    up();
  }
  subscribe(): never {
    throw new Error("draining");
  }
  unsubscribe(): never {
    throw new Error("draining");
  }
  publish(): never {
    throw new Error("draining");
  }
  close(): never {
    throw new Error("closed already");
  }
}

test("an adapter that throws in place of a promise that rejects is reported, and local messages go on", async () => {
  const pubsub = createPubSub({ broker: new ThrowingBroker(true) });
  const warnings: string[] = [];
  pubsub.on("warning", ({ message }) => warnings.push(message));
  const heard: string[] = [];
  const stop = pubsub.subscribe<string>("a", (message) => heard.push(message));
  await pubsub.settled();
  pubsub.publish("a", "one");
  await expect.poll(() => warnings).toHaveLength(2);
  expect(heard).toEqual(["one"]);
  expect(warnings).toEqual([
    'The broker refuses to subscribe to "overwire:a": draining',
    'The broker refuses a message on "overwire:a": draining',
  ]);
  stop();
  await pubsub.close();
});

test("an adapter that cannot be opened counts as lost", async () => {
  const pubsub = createPubSub({ broker: new ThrowingBroker(false) });
  const losses: string[] = [];
  pubsub.on("lost", ({ error }) => losses.push(error.message));
  const heard: string[] = [];
  pubsub.subscribe<string>("a", (message) => heard.push(message));
  expect(await pubsub.settled()).toBe(false);
  expect(losses).toEqual(["no such module"]);
  pubsub.publish("a", "one");
  await expect.poll(() => heard).toEqual(["one"]);
  await pubsub.close();
});
