/** A subscriber of a test, which collects what it hears. */
import assert from "node:assert/strict";
import type { PubSub } from "@overwire/server";

/** Longest wait for a condition, in milliseconds. */
const PATIENCE = 15_000;
const STEP = 5;

/** Begins the messages by which a test finds out if nodes reach each other. They are not collected. */
const PROBE = "overwire:probe:";

/** Waits until a condition holds. @throws AssertionError that says what was awaited */
export async function until(what: string, isTrue: () => boolean): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (!isTrue()) {
    if (Date.now() > end) assert.fail(`Waited ${PATIENCE} ms in vain: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, STEP));
  }
}

/** All that is delivered within this node has been. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class Ear {
  readonly heard: unknown[] = [];
  readonly topic: string;
  /** Ends the subscription. */
  readonly stop: () => void;
  #probe: unknown;

  constructor(node: PubSub, topic: string, subscriber?: object) {
    this.topic = topic;
    this.stop = node.subscribe<unknown>(
      topic,
      (message) => {
        if (typeof message === "string" && message.startsWith(PROBE)) this.#probe = message;
        else this.heard.push(message);
      },
      subscriber,
    );
  }

  /** Waits until it hears what a node publishes: a subscription takes a moment to reach other nodes. */
  async hears(node: PubSub): Promise<this> {
    const id = Math.random().toString(36);
    let count = 0;
    await until(`a subscriber of "${this.topic}" hears another node`, () => {
      node.publish(this.topic, `${PROBE}${id}:${count++}`);
      return String(this.#probe).startsWith(PROBE + id);
    });
    // Those that are still on their way are not to be taken for something that follows.
    const last = `${PROBE}${id}:${count - 1}`;
    await until("the last probe arrives", () => this.#probe === last);
    return this;
  }

  /** Waits until it has heard so many messages. */
  async count(messages: number): Promise<unknown[]> {
    const what = () => `${messages} messages on "${this.topic}"`;
    await until(what(), () => this.heard.length >= messages);
    return this.heard;
  }
}
