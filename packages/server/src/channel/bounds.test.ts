/** Bounds of a socket of channels: nothing that a client sends costs more than it weighs, or reaches another's channel. */
import { openChannels } from "@overwire/test-support/channel-socket";
import { deferred } from "@overwire/test-support/deferred";
import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { type AppOptions, createApp } from "../app.ts";
import type { Report } from "../runtime/services.ts";
import type { EndReason } from "../view/view-host.ts";
import { Channel } from "./channel.ts";

let reports: Report[] = [];
const ends: EndReason[] = [];
let gate = deferred<void>();

afterEach(() => {
  reports = [];
  ends.length = 0;
  gate.resolve();
  gate = deferred();
});

class Room extends Channel {
  join(payload: { wait?: boolean }): unknown {
    return payload.wait ? gate.promise : undefined;
  }
  echo = this.event((payload) => payload);
  wait = this.event(() => gate.promise);
  override terminate(reason: EndReason) {
    ends.push(reason);
  }
}

const appWith = (limits: AppOptions["limits"] = {}) =>
  createApp({
    secret: "0123456789abcdef".repeat(4),
    report: (report) => reports.push(report),
    limits,
  }).channels("/socket", {}, (socket) => socket.channel("room:*", Room));

test("the 101st channel of a socket is refused with a code, and there is room again once one is left", async () => {
  const client = await openChannels(appWith());
  for (let at = 1; at <= 100; at++) await client.join(`room:${at}`);
  expect(await client.join("room:101")).toEqual({
    status: "error",
    response: { reason: "too many channels joined", code: "too_many_channels" },
  });
  expect(reports).toMatchObject([{ kind: "refused", event: "join" }]);
  // One that is joined already takes no more room.
  expect(await client.join("room:7", {}, "again")).toMatchObject({ status: "ok" });
  client.say("room:8", "x", "room:8", "phx_leave", {});
  expect(await client.join("room:101")).toMatchObject({ status: "ok" });
});

test("a client that goes on joining too many, or gives up joins while they run, is closed", async () => {
  const many = await openChannels(appWith({ channelsPerSocket: 2 }));
  for (let at = 0; at < 400 && !many.peer.closed; at++) many.say("1", "1", `room:${at}`, "phx_join", {});
  expect(many.peer.closed?.[0]).toBe(4429);
  const restless = await openChannels(appWith({ pendingJoins: 4 }));
  let joins = 0;
  while (!restless.peer.closed && joins < 100)
    restless.say(`${joins}`, `${joins++}`, "room:1", "phx_join", { wait: true });
  expect(restless.peer.closed?.[0]).toBe(4429);
  expect(joins).toBeLessThan(10);
});

test("events that wait are bounded in number and in bytes, also while the join runs", async () => {
  const client = await openChannels(appWith({ queuedEvents: 3 }));
  client.say("1", "1", "room:1", "phx_join", { wait: true });
  const answers = [0, 1, 2, 3].map((at) => client.say("1", `e${at}`, "room:1", "echo", {}));
  expect(answers.slice(0, 3)).toEqual([[], [], []]);
  expect(answers[3]).toMatchObject([
    ["1", "e3", "room:1", "phx_reply", { response: { code: "too_many_events" } }],
  ]);
  const heavy = await openChannels(appWith({ queuedBytes: 1000 }));
  await heavy.join("room:1");
  heavy.say("room:1", "0", "room:1", "wait", {});
  expect(heavy.say("room:1", "1", "room:1", "echo", { a: "x".repeat(2000) })).toMatchObject([
    ["room:1", "1", "room:1", "phx_reply", { status: "error", response: { code: "too_many_events" } }],
  ]);
  for (let at = 0; at < 200 && !heavy.peer.closed; at++)
    heavy.say("room:1", `${at}`, "room:1", "echo", { a: "x".repeat(2000) });
  expect(heavy.peer.closed?.[0]).toBe(4429);
});

test("a client that does not read is closed before what it is sent grows, and the others go on", async () => {
  const app = appWith({ bufferedBytes: 1000 });
  const [slow, good] = [await openChannels(app), await openChannels(app)];
  await slow.join("room:1");
  await good.join("room:1");
  slow.peer.bufferedAmount = 1001;
  for (let at = 0; at < 50; at++) app.broadcast("room:1", "tick", { at, text: "x".repeat(50) });
  expect(slow.peer.closed?.[0]).toBe(4408);
  expect(slow.take().length).toBeLessThan(15);
  expect(good.take()).toHaveLength(50);
  expect(ends).toEqual(["closed"]);
  expect(reports).toMatchObject([{ kind: "refused" }]);
});

test("a client that does not read gets no answers that would be kept, and its events are held back", async () => {
  const client = await openChannels(appWith({ bufferedBytes: 1000 }));
  await client.join("room:1");
  client.peer.bufferedAmount = 1001;
  expect(client.say(null, "1", "phoenix", "heartbeat", {})).toEqual([]);
  expect(client.say("room:1", "2", "room:1", "echo", { a: 1 })).toEqual([]);
  expect(client.say(null, "3", "room:2", "echo", {})).toEqual([]);
  client.peer.bufferedAmount = 0;
  client.socket.drained();
  expect(client.take()).toEqual([
    ["room:1", "2", "room:1", "phx_reply", { status: "ok", response: { a: 1 } }],
  ]);
  client.peer.bufferedAmount = 1001;
  client.say("x", "4", "room:3", "phx_join", {});
  expect(client.peer.closed?.[0]).toBe(4429);
});

test("broadcasts that wait for a join are bounded", async () => {
  const app = appWith({ bufferedBytes: 1000 });
  const client = await openChannels(app);
  client.say("1", "1", "room:1", "phx_join", { wait: true });
  for (let at = 0; at < 20; at++) app.broadcast("room:1", "tick", { text: "x".repeat(100) });
  expect(client.take()).toEqual([["1", "1", "room:1", "phx_error", { reason: "channel_crash" }]]);
  expect(client.peer.closed).toBeUndefined();
});

test("a channel whose messages come faster than it handles them crashes alone", async () => {
  class Flooded extends Channel {
    join() {
      this.subscribe("flood", () => {});
    }
    wait = this.event(() => gate.promise);
  }
  const app = createApp({
    secret: "0123456789abcdef".repeat(4),
    report: (report) => reports.push(report),
    limits: { queuedMessages: 10 },
  }).channels("/socket", {}, (socket) => socket.channel("flooded", Flooded));
  const client = await openChannels(app);
  await client.join("flooded");
  client.say("flooded", "1", "flooded", "wait", {});
  for (let at = 0; at < 20; at++) app.publish("flood", at);
  await vi.waitFor(() => expect(client.peer.said).toHaveLength(1), { interval: 1 });
  expect(client.take()).toMatchObject([["flooded", "flooded", "flooded", "phx_error", {}]]);
});

test("a payload with the name __proto__ is refused, in a join too", async () => {
  const client = await openChannels(appWith());
  await client.join("room:1");
  const send = (message: string) => {
    client.socket.message(message);
    return client.take();
  };
  const refused = { status: "error", response: { code: "invalid_payload" } };
  expect(send('["room:1","2","room:1","echo",{"__proto__":{"admin":true}}]')).toMatchObject([
    ["room:1", "2", "room:1", "phx_reply", refused],
  ]);
  expect(send('["3","3","room:3","phx_join",{"a":{"__proto__":1}}]')).toMatchObject([
    ["3", "3", "room:3", "phx_reply", refused],
  ]);
  expect(({} as { admin?: unknown }).admin).toBeUndefined();
});

test("a message larger than may be closes its socket, also where the transport does not count", async () => {
  const client = await openChannels(appWith({ messageSize: 1000 }));
  client.socket.message(JSON.stringify([null, null, "t", "e", { a: "é".repeat(600) }]));
  expect(client.peer.closed?.[0]).toBe(1009);
  const binary = await openChannels(appWith({ messageSize: 1000 }));
  binary.socket.binary(new Uint8Array(1001));
  expect(binary.peer.closed?.[0]).toBe(1009);
});

test("messages refused without end close their socket, and reports of them are few", async () => {
  const client = await openChannels(appWith());
  await client.join("room:1");
  for (let at = 0; at < 1000 && !client.peer.closed; at++) client.say(null, "1", "room:1", `no${at}`, {});
  expect(client.peer.closed?.[0]).toBe(4429);
  expect(reports.length).toBeLessThan(12);
});

test("an event for a channel that has crashed is refused without a report, as it may have been on its way", async () => {
  const client = await openChannels(appWith());
  for (let at = 0; at < 1000; at++) client.say("1", "1", "room:1", "echo", {});
  expect(client.peer.closed).toBeUndefined();
  expect(reports).toEqual([]);
});

test("whatever a client sends, its socket at most is closed, and every message has at most one reply", async () => {
  const app = appWith({ bufferedBytes: 100_000 });
  const good = await openChannels(app);
  await good.join("room:1");
  const field = fc.constantFrom(
    null,
    "1",
    "2",
    "room:1",
    "room:2",
    "phoenix",
    "phx_join",
    "phx_leave",
    "heartbeat",
    "echo",
    "__proto__",
    "constructor",
    "toString",
    "phx_close",
    "",
    7,
  );
  const payload = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom<unknown>({ wait: true }, {}, null));
  const message = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.tuple(field, field, field, field, payload).map((parts) => JSON.stringify(parts)),
    },
    { weight: 1, arbitrary: fc.string() },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constant(0), fc.uint8Array({ maxLength: 40 }))
        .map(([kind, rest]) => new Uint8Array([kind, ...rest])),
    },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(message, { maxLength: 30 }), async (messages) => {
      const client = await openChannels(app);
      const refs = messages.length;
      for (const each of messages) {
        if (typeof each === "string") client.socket.message(each);
        else client.socket.binary(each);
      }
      await undefined;
      const replies = client.take().filter(([, , , event]) => event === "phx_reply");
      expect(replies.length).toBeLessThanOrEqual(refs);
      client.socket.closed();
    }),
    { numRuns: 300 },
  );
  expect(reports.filter(({ kind }) => kind === "crash")).toEqual([]);
  expect(await good.ask("room:1", "9", "room:1", "echo", { a: 1 })).toEqual({
    status: "ok",
    response: { a: 1 },
  });
});
