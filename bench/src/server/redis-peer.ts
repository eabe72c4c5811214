/** One of two processes that talk over Redis: by our PubSub, or by the bare client with the same bytes. */
import { redisPubSub } from "@overwire/server/redis";
import { createClient } from "@redis/client";
import { answer } from "../calls.ts";
import { usage } from "./usage.ts";

export type Side = "ours" | "bare";

const TOPIC = "bench";
/** Messages of one turn of the event loop. */
const BATCH = 50;

const makeMessage = (index: number) => ({ index, user: "user-123", text: "x".repeat(100), at: new Date(0) });
/** The text that our side sends for a message. */
const textOf = (index: number) =>
  `abcdefghijklmnop[{"index":1,"user":2,"text":3,"at":4},${index},"user-123","${"x".repeat(100)}",["Date","1970-01-01T00:00:00.000Z"]]`;

let send: (index: number) => void = () => {};
let received = 0;
let arrivals: bigint[] = [];
let awaited: (() => void) | undefined;
let wanted = 0;

function receive(): void {
  arrivals.push(process.hrtime.bigint());
  if (++received === wanted) awaited?.();
}

const calls = {
  usage,
  connect: async (side: Side, url: string, subscribes: boolean) => {
    if (side === "ours") {
      const pubsub = redisPubSub({ url });
      if (subscribes) pubsub.subscribe<{ index: number }>(TOPIC, receive);
      else pubsub.on("lost", ({ error }) => console.error(error));
      await pubsub.settled();
      send = (index) => pubsub.publish(TOPIC, makeMessage(index));
      return;
    }
    const client = createClient({ url });
    client.on("error", (error) => console.error(error));
    await client.connect();
    if (subscribes) await client.subscribe("bare", receive);
    send = (index) => void client.publish("bare", textOf(index)).catch(console.error);
  },
  expect: (count: number) => {
    received = 0;
    arrivals = [];
    wanted = count;
  },
  /** @returns nanoseconds of the machine's clock at each arrival */
  arrivals: async () => {
    if (received < wanted) await new Promise<void>((resolve) => (awaited = resolve));
    return arrivals;
  },
  /** Publishes as fast as it can. @returns nanoseconds at the start */
  publish: async (count: number) => {
    const start = process.hrtime.bigint();
    for (let index = 0; index < count; index++) {
      send(index);
      if (index % BATCH === BATCH - 1) await new Promise((resolve) => setImmediate(resolve));
    }
    return start;
  },
  /** Publishes one after the other, with a pause. @returns nanoseconds at each */
  publishSlowly: async (count: number) => {
    const starts: bigint[] = [];
    for (let index = 0; index < count; index++) {
      starts.push(process.hrtime.bigint());
      send(index);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return starts;
  },
};

export type RedisPeerCalls = typeof calls;
answer(calls);
