/** Channels in process: joins, events, broadcasts and ends, as a client sees them. */
import { openChannels, type Said } from "@overwire/test-support/channel-socket";
import { deferred } from "@overwire/test-support/deferred";
import { afterEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { type AppOptions, createApp } from "../app.ts";
import { Forbidden, HttpError, NotFound } from "../http/errors.ts";
import type { Report } from "../runtime/services.ts";
import { presence } from "../view/presence.ts";
import type { EndReason } from "../view/view-host.ts";
import { Channel } from "./channel.ts";
import type { ChannelRoutes } from "./channel-routes.ts";
import { Refused } from "./refused.ts";

let reports: Report[] = [];

afterEach(() => {
  reports = [];
});

function appWith(define: (socket: ChannelRoutes<{ name: string }>) => void, options: AppOptions = {}) {
  const app = createApp({
    secret: "0123456789abcdef".repeat(4),
    report: (report) => reports.push(report),
    ...options,
  });
  return app.channels("/socket", { connect: ({ token = "nobody" }) => ({ name: token }) }, define);
}

/** Ends of the channels of a test, in order. */
const ends: string[] = [];
afterEach(() => {
  ends.length = 0;
});

class Room extends Channel<Record<string, unknown>, { name: string }> {
  count = 0;
  join(payload: unknown): unknown {
    return { topic: this.topic, subtopic: this.subtopic, name: this.assigns.name, payload };
  }
  say = this.event(z.object({ body: z.string() }), ({ body }) => {
    this.broadcast("message", { body });
  });
  whisper = this.event(z.object({ body: z.string() }), ({ body }) => {
    this.broadcastFrom("message", { body });
  });
  inc = this.event(() => ({ count: ++this.count }));
  crash = this.event(() => {
    throw new Error("oops");
  });
  refuse = this.event(() => {
    throw new Refused({ reason: "not today" });
  });
  forbid = this.event(() => {
    throw new Forbidden("Not for you.");
  });
  unavailable = this.event(() => {
    throw new HttpError(503, "the database at 10.0.0.1 is away");
  });
  around = this.event(() => {
    this.push("first");
    this.broadcast("second");
    this.push("third");
    return "fourth";
  });
  override terminate(reason: EndReason) {
    ends.push(`${this.topic} ${reason}`);
  }
}

const rooms = (options?: AppOptions) => appWith((socket) => socket.channel("room:*", Room), options);
const ok = (response: unknown) => ({ status: "ok", response });
const error = (response: unknown) => ({ status: "error", response });

test("a client joins a topic, pushes events, and gets replies", async () => {
  const client = await openChannels(rooms(), "/socket", { token: "ann" });
  expect(await client.join("room:1", { since: 5 })).toEqual(
    ok({ topic: "room:1", subtopic: "1", name: "ann", payload: { since: 5 } }),
  );
  expect(client.say("room:1", "2", "room:1", "inc", {})).toEqual([
    ["room:1", "2", "room:1", "phx_reply", ok({ count: 1 })],
  ]);
  expect(client.say("room:1", "3", "room:1", "inc", {})).toEqual([
    ["room:1", "3", "room:1", "phx_reply", ok({ count: 2 })],
  ]);
  // Without a ref no reply is wanted.
  expect(client.say("room:1", null, "room:1", "inc", {})).toEqual([]);
  expect(await client.ask(null, "4", "phoenix", "heartbeat", {})).toEqual(ok({}));
  expect(reports).toEqual([]);
});

test("a broadcast reaches all of a topic, one from a channel all but itself, and none another topic", async () => {
  const app = rooms();
  const [ann, bob, cyd] = [await openChannels(app), await openChannels(app), await openChannels(app)];
  await ann.join("room:1");
  await bob.join("room:1");
  await cyd.join("room:2");
  const message = [null, null, "room:1", "message", { body: "Hi" }];
  expect(ann.say("room:1", "2", "room:1", "say", { body: "Hi" })).toEqual([
    message,
    ["room:1", "2", "room:1", "phx_reply", ok({})],
  ]);
  expect(bob.take()).toEqual([message]);
  expect(ann.say("room:1", null, "room:1", "whisper", { body: "Hi" })).toEqual([]);
  expect(bob.take()).toEqual([message]);
  app.broadcast("room:1", "message", { body: "Hi" });
  expect([ann.take(), bob.take()]).toEqual([[message], [message]]);
  expect(cyd.take()).toEqual([]);
});

test("a broadcast keeps its place among what its sender pushes", async () => {
  const client = await openChannels(rooms());
  await client.join("room:1");
  expect(
    client.say("room:1", "2", "room:1", "around", {}).map(([, , , event, payload]) => [event, payload]),
  ).toEqual([
    ["first", {}],
    ["second", {}],
    ["third", {}],
    ["phx_reply", ok("fourth")],
  ]);
});

test("a crash ends its channel alone, is reported, and the client is told", async () => {
  const client = await openChannels(rooms());
  await client.join("room:1");
  await client.join("room:2");
  expect(client.say("room:1", "2", "room:1", "crash", {})).toEqual([
    ["room:1", "room:1", "room:1", "phx_error", { reason: "channel_crash" }],
  ]);
  expect(reports).toMatchObject([
    { kind: "crash", view: "Room", event: "crash", error: { message: "oops" } },
  ]);
  expect(reports[0]?.message).toContain('"room:1"');
  expect(await client.ask("room:2", "3", "room:2", "inc", {})).toEqual(ok({ count: 1 }));
  expect(await client.ask("room:1", "4", "room:1", "inc", {})).toEqual(
    error({ reason: "unmatched topic", code: "unmatched_topic" }),
  );
  expect(ends).toEqual(["room:1 crashed"]);
  expect(reports).toHaveLength(1);
  expect(await client.join("room:1", {}, "9")).toMatchObject({ status: "ok" });
  expect(await client.ask("9", "10", "room:1", "inc", {})).toEqual(ok({ count: 1 }));
});

test("an event that is refused is an error reply, and nothing crashes", async () => {
  const client = await openChannels(rooms());
  await client.join("room:1");
  const ask = (event: string, payload: unknown = {}) => client.ask("room:1", event, "room:1", event, payload);
  expect(await ask("refuse")).toEqual(error({ reason: "not today" }));
  expect(await ask("forbid")).toEqual(error({ reason: "Not for you.", code: "forbidden", status: 403 }));
  expect(reports).toEqual([]);
  expect(await ask("unavailable")).toEqual(
    error({ reason: "Service Unavailable", code: "service_unavailable", status: 503 }),
  );
  expect(reports.splice(0)).toMatchObject([{ kind: "crash", view: "Room", event: "unavailable" }]);
  expect(await ask("say", { body: 7 })).toEqual(
    error({
      reason: expect.stringContaining('"say" does not fit its schema: body: '),
      code: "invalid_payload",
      issues: [{ message: expect.any(String), path: ["body"] }],
    }),
  );
  expect(reports.splice(0)).toMatchObject([{ kind: "refused", view: "Room", event: "say" }]);
  expect(await ask("toString")).toMatchObject(error({ code: "unknown_event" }));
  expect(await ask("terminate")).toMatchObject(error({ code: "unknown_event" }));
  expect(await ask("phx_close")).toMatchObject(error({ code: "unknown_event" }));
  expect(reports).toHaveLength(3);
  expect(await ask("inc")).toEqual(ok({ count: 1 }));
  expect(ends).toEqual([]);
});

test("a join is refused by what it throws, and a fault of it is reported", async () => {
  class Guarded extends Channel {
    join({ as }: { as: string }) {
      this.subscribe("news", () => {});
      this.push("never", {});
      this.broadcast("never", {});
      if (as === "refused") throw new Refused({ reason: "unauthorized" });
      if (as === "missing") throw new NotFound();
      if (as === "fault") throw new Error("oops");
      return as;
    }
    override terminate(reason: EndReason) {
      ends.push(reason);
    }
  }
  const app = appWith((socket) => socket.channel("guarded", Guarded));
  const heard: string[] = [];
  app.onBroadcast("guarded", (name) => heard.push(name));
  const client = await openChannels(app);
  expect(await client.join("guarded", { as: "refused" })).toEqual(error({ reason: "unauthorized" }));
  expect(await client.join("guarded", { as: "missing" })).toEqual(
    error({ reason: "Not Found", code: "not_found", status: 404 }),
  );
  expect(reports).toEqual([]);
  expect(await client.join("guarded", { as: "fault" })).toEqual(
    error({ reason: "join crashed", code: "join_crashed" }),
  );
  expect(reports).toMatchObject([{ kind: "crash", view: "Guarded", event: "join" }]);
  expect([client.take(), heard, ends]).toEqual([[], [], []]);
  expect(await client.join("guarded", { as: "friend" })).toEqual(ok("friend"));
  expect(client.take().map(([, , , event]) => event)).toEqual(["never", "never"]);
  expect(heard).toEqual(["never"]);
});

test("messages of a join that runs follow its reply, in order with those that others broadcast", async () => {
  const entered = deferred<void>();
  class Slow extends Channel {
    started = this.push("started", {});
    async join() {
      this.push("one");
      this.broadcast("two");
      await entered.promise;
      this.broadcastFrom("others");
      this.push("four");
      return "in";
    }
    ping = this.event(() => "pong");
  }
  const app = appWith((socket) => socket.channel("slow", Slow));
  const client = await openChannels(app);
  client.say("1", "1", "slow", "phx_join", {});
  app.broadcast("slow", "three");
  expect(client.say("1", "2", "slow", "ping", {})).toEqual([]);
  entered.resolve();
  await vi.waitFor(() => expect(client.peer.said).toHaveLength(7), { interval: 1 });
  expect(client.take().map(([, ref, , event]) => (event === "phx_reply" ? ref : event))).toEqual([
    "1",
    "started",
    "one",
    "two",
    "three",
    "four",
    "2",
  ]);
});

test("a join whose payload does not fit its schema is refused with the issues", async () => {
  class Since extends Channel {
    override joinSchema = z.object({ since: z.coerce.date() });
    join({ since }: { since: Date }) {
      return since.getUTCFullYear();
    }
  }
  const client = await openChannels(appWith((socket) => socket.channel("since", Since)));
  expect(await client.join("since", { since: "2026-01-01" })).toEqual(ok(2026));
  expect(await client.join("since", { since: "soon" }, "2")).toMatchObject(
    error({ code: "invalid_payload", issues: [{ path: ["since"] }] }),
  );
  expect(reports).toMatchObject([{ kind: "refused", view: "Since", event: "join" }]);
});

test("leaving ends the channel after what was pushed before, and is answered also where nothing is joined", async () => {
  const wait = deferred<void>();
  class Leaving extends Channel {
    join() {}
    slow = this.event(async () => {
      await wait.promise;
      return "done";
    });
    override terminate(reason: EndReason) {
      this.push("you_left", { reason });
    }
  }
  const client = await openChannels(appWith((socket) => socket.channel("*", Leaving)));
  await client.join("a");
  client.say("a", "2", "a", "slow", {});
  expect(client.say("a", "3", "a", "phx_leave", {})).toEqual([]);
  wait.resolve();
  await vi.waitFor(() => expect(client.peer.said).toHaveLength(4), { interval: 1 });
  expect(client.take()).toEqual([
    ["a", "2", "a", "phx_reply", ok("done")],
    ["a", null, "a", "you_left", { reason: "left" }],
    ["a", "3", "a", "phx_reply", ok({})],
    ["a", "a", "a", "phx_close", {}],
  ]);
  expect(client.say("a", "4", "a", "phx_leave", {})).toEqual([["a", "4", "a", "phx_reply", ok({})]]);
  expect(reports).toEqual([]);
});

test("a second join of a topic ends the first, once; what was meant for the first is dropped", async () => {
  const client = await openChannels(rooms());
  await client.join("room:1", {}, "1");
  expect(client.say("2", "2", "room:1", "phx_join", {})).toMatchObject([
    ["1", "1", "room:1", "phx_close", {}],
    ["2", "2", "room:1", "phx_reply", { status: "ok" }],
  ]);
  expect(ends).toEqual(["room:1 replaced"]);
  expect(client.say("1", "3", "room:1", "inc", {})).toEqual([]);
  expect(client.say("1", "4", "room:1", "phx_leave", {})).toEqual([
    ["1", "4", "room:1", "phx_reply", ok({})],
  ]);
  // Without a join ref it is for whatever is joined.
  expect(client.say(null, "5", "room:1", "inc", {})).toEqual([
    ["2", "5", "room:1", "phx_reply", ok({ count: 1 })],
  ]);
  expect(client.say("2", "6", "room:1", "inc", {})).toEqual([
    ["2", "6", "room:1", "phx_reply", ok({ count: 2 })],
  ]);
  expect(ends).toEqual(["room:1 replaced"]);
});

test("a join under way is given up for a newer one, and what it returns late is not heard of", async () => {
  const first = deferred<string>();
  let joins = 0;
  class Twice extends Channel {
    join() {
      return joins++ === 0 ? first.promise : "second";
    }
    override terminate(reason: EndReason) {
      ends.push(reason);
    }
  }
  const client = await openChannels(appWith((socket) => socket.channel("twice", Twice)));
  client.say("1", "1", "twice", "phx_join", {});
  expect(client.say("2", "2", "twice", "phx_join", {})).toEqual([
    ["1", "1", "twice", "phx_close", {}],
    ["2", "2", "twice", "phx_reply", ok("second")],
  ]);
  first.resolve("first");
  await first.promise;
  expect(await client.ask(null, "3", "phoenix", "heartbeat", {})).toEqual(ok({}));
  expect(client.take()).toEqual([]);
  expect([ends, reports]).toEqual([["replaced"], []]);
});

test("of several patterns the first that fits counts, and a topic that none fits is refused and reported", async () => {
  const named = (name: string) =>
    class extends Channel {
      join() {
        return [name, this.subtopic];
      }
    };
  const app = appWith((socket) => {
    socket.channel("room:lobby", named("lobby"));
    socket.channel("room:*", named("room"));
    socket.channel("room:late", named("late"));
  });
  const client = await openChannels(app);
  expect(await client.join("room:lobby")).toEqual(ok(["lobby", ""]));
  expect(await client.join("room:late")).toEqual(ok(["room", "late"]));
  expect(await client.join("room:")).toEqual(ok(["room", ""]));
  expect(reports).toEqual([]);
  expect(await client.join("rooms")).toEqual(error({ reason: "unmatched topic", code: "unmatched_topic" }));
  expect(reports).toMatchObject([
    { kind: "refused", event: "phx_join", message: expect.stringContaining('"rooms"') },
  ]);
});

test("a pattern with a * in its middle, and a class that is no channel, are refused when they are declared", () => {
  const define = (run: (socket: ChannelRoutes<{ name: string }>) => void) => () => appWith(run);
  expect(define((socket) => socket.channel("room:*:x", Room))).toThrow(
    /"room:\*:x".*has a \* that is not its end/,
  );
  expect(define((socket) => socket.channel("**", Room))).toThrow(/not its end/);
  // @ts-expect-error a channel has a join
  class Open extends Channel {}
  expect(define((socket) => socket.channel("open", Open as never))).toThrow(/Open has no join/);
  expect(define((socket) => socket.channel("", Room))).toThrow(/pattern/);
  expect(define((socket) => socket.channel("phoenix", Room))).toThrow(/heartbeats/);
  expect(define((socket) => socket.channel("x", Date as never))).toThrow(/extends Channel/);
});

test("intercepted broadcasts are changed or dropped for each subscriber, in order with the others", async () => {
  class Filtered extends Channel<Record<string, { from: string; n?: number }>, { name: string }> {
    blocked = "";
    join({ blocked }: { blocked: string }) {
      this.blocked = blocked;
    }
    outgoing = this.intercept("message", (message) =>
      message.from === this.blocked ? undefined : { ...message, to: this.assigns.name },
    );
    asIs = this.intercept("same", (message) => message);
    talk = this.event(() => {
      this.push("before", { from: "me" });
      this.broadcast("message", { from: this.assigns.name });
      this.push("after", { from: "me" });
    });
  }
  const app = appWith((socket) => socket.channel("f", Filtered));
  const ann = await openChannels(app, "/socket", { token: "ann" });
  const bob = await openChannels(app, "/socket", { token: "bob" });
  await ann.join("f", { blocked: "bob" });
  await bob.join("f", { blocked: "" });
  expect(ann.say("f", null, "f", "talk", {}).map(([, , , ...rest]) => rest)).toEqual([
    ["before", { from: "me" }],
    ["message", { from: "ann", to: "ann" }],
    ["after", { from: "me" }],
  ]);
  expect(bob.take()).toEqual([["f", null, "f", "message", { from: "ann", to: "bob" }]]);
  bob.say("f", null, "f", "talk", {});
  expect(ann.take()).toEqual([]);
  app.broadcast("f", "same", { from: "x" });
  expect(ann.take()).toEqual([[null, null, "f", "same", { from: "x" }]]);
});

test("a broadcast that waits to be intercepted holds back the next ones of its subscriber", async () => {
  const wait = deferred<void>();
  class Waiting extends Channel {
    join() {}
    async asked(payload: unknown) {
      await wait.promise;
      return payload;
    }
    outgoing = this.intercept("slow", (payload) => this.asked(payload));
  }
  const app = appWith((socket) => socket.channel("w", Waiting));
  const client = await openChannels(app);
  await client.join("w");
  app.broadcast("w", "slow", { n: 1 });
  app.broadcast("w", "quick", { n: 2 });
  expect(client.take()).toEqual([]);
  wait.resolve();
  await vi.waitFor(() => expect(client.peer.said).toHaveLength(2), { interval: 1 });
  expect(client.take().map(([, , , event]) => event)).toEqual(["slow", "quick"]);
});

test("an intercepted payload is frozen, and a function that changes it crashes its channel", async () => {
  class Mutating extends Channel<{ m: { n: number } }> {
    join() {}
    outgoing = this.intercept("m", (message) => {
      message.n++;
      return message;
    });
  }
  const app = appWith((socket) => socket.channel("m", Mutating));
  const client = await openChannels(app);
  await client.join("m");
  app.broadcast("m", "m", { n: 1 });
  expect(client.take()).toMatchObject([["m", "m", "m", "phx_error", {}]]);
  expect(reports).toMatchObject([{ kind: "crash", event: "intercept m", error: expect.any(TypeError) }]);
});

test("payloads and replies may be bytes, both ways, with names that are no ASCII", async () => {
  class Bytes extends Channel<{ größe: Uint8Array }> {
    join(payload: Uint8Array) {
      return payload;
    }
    echo = this.event(z.instanceof(Uint8Array), (bytes) => {
      this.push("größe", bytes);
      this.broadcast("größe", bytes);
      return bytes.subarray(1);
    });
    refuse = this.event(() => {
      throw new Refused(new Uint8Array([9]));
    });
  }
  const topic = "räume:é";
  const client = await openChannels(appWith((socket) => socket.channel("räume:*", Bytes)));
  expect(await client.join(topic, new Uint8Array([1]))).toEqual(ok(new Uint8Array([1])));
  const bytes = new Uint8Array([1, 2]);
  expect(client.say(topic, "ü", topic, "echo", bytes)).toEqual([
    [topic, null, topic, "größe", bytes],
    [null, null, topic, "größe", bytes],
    [topic, "ü", topic, "phx_reply", ok(new Uint8Array([2]))],
  ]);
  expect(await client.ask(topic, "3", topic, "refuse", {})).toEqual(error(new Uint8Array([9])));
});

test("a payload without JSON, a name that is too long or the protocol's own are the author's fault", async () => {
  class Wrong extends Channel {
    join() {}
    try = this.event(z.enum(["cycle", "long", "own", "reply", "broadcast"]), (what) => {
      if (what === "cycle") this.push("cycle", { at: 1n });
      if (what === "broadcast") this.broadcast("cycle", { at: 1n });
      if (what === "long") this.push("é".repeat(128), {});
      if (what === "own") this.push("phx_close", {});
      return { at: 1n };
    });
  }
  const client = await openChannels(appWith((socket) => socket.channel("w", Wrong)));
  const messages: Record<string, RegExp> = {
    cycle: /payload of push\("cycle"\) cannot be sent as JSON/,
    broadcast: /payload of broadcast\("cycle"\) cannot be sent as JSON/,
    long: /255 bytes/,
    own: /begins with "phx_"/,
    reply: /reply of "try" cannot be sent as JSON/,
  };
  for (const [what, message] of Object.entries(messages)) {
    await client.join("w", {}, what);
    client.say(what, "2", "w", "try", what);
    expect(client.socket.channel("w")).toBeUndefined();
    expect(reports.splice(0)).toMatchObject([
      { kind: "crash", event: "try", error: { message: expect.stringMatching(message) } },
    ]);
  }
});

test("one message at a time: an event waits for the one before, and a message to itself for its turn", async () => {
  const wait = deferred<void>();
  const log: string[] = [];
  class Turns extends Channel {
    join() {
      this.send("after join");
      log.push("joined");
    }
    override handleInfo(message: unknown) {
      log.push(String(message));
    }
    slow = this.event(async () => {
      log.push("slow begins");
      this.send("sent");
      await wait.promise;
      log.push("slow ends");
    });
    quick = this.event(() => {
      log.push("quick");
    });
    override handleEvent(name: string) {
      return { name };
    }
  }
  const client = await openChannels(appWith((socket) => socket.channel("t", Turns)));
  await client.join("t");
  client.say("t", "1", "t", "slow", {});
  client.say("t", "2", "t", "quick", {});
  wait.resolve();
  expect(await client.ask("t", "3", "t", "other", {})).toEqual(ok({ name: "other" }));
  expect(log).toEqual(["joined", "after join", "slow begins", "slow ends", "sent", "quick"]);
});

test("events may overlap: the latest replaces, parallel ones run side by side", async () => {
  const waits = [deferred<string>(), deferred<string>()];
  let calls = 0;
  class Overlapping extends Channel {
    join() {}
    find = this.event(async () => waits[calls++]?.promise, { overlap: "parallel" });
    ping = this.event(() => "pong");
  }
  const client = await openChannels(appWith((socket) => socket.channel("o", Overlapping)));
  await client.join("o");
  client.say("o", "1", "o", "find", {});
  client.say("o", "2", "o", "find", {});
  expect(client.say("o", "3", "o", "ping", {})).toEqual([["o", "3", "o", "phx_reply", ok("pong")]]);
  waits[1]?.resolve("b");
  expect(await client.next()).toEqual([["o", "2", "o", "phx_reply", ok("b")]]);
  waits[0]?.reject(new Error("late"));
  expect(await client.next()).toEqual([["o", "o", "o", "phx_error", { reason: "channel_crash" }]]);
  expect(reports).toMatchObject([{ kind: "crash", event: "find" }]);
});

test("subscriptions and timers end with the channel", async () => {
  vi.useFakeTimers();
  try {
    let ticks = 0;
    class Timed extends Channel {
      join() {
        this.setInterval(() => ticks++, 10);
        this.subscribe("news", (news) => this.push("news", { news }));
      }
    }
    const app = appWith((socket) => socket.channel("t", Timed));
    const client = await openChannels(app);
    client.say("t", "t", "t", "phx_join", {});
    await vi.advanceTimersByTimeAsync(25);
    app.publish("news", "first");
    await vi.advanceTimersByTimeAsync(0);
    expect(client.take()).toEqual([["t", null, "t", "news", { news: "first" }]]);
    expect(ticks).toBe(2);
    client.say("t", "2", "t", "phx_leave", {});
    await vi.advanceTimersByTimeAsync(50);
    app.publish("news", "second");
    await vi.advanceTimersByTimeAsync(0);
    expect([ticks, client.take()]).toEqual([2, []]);
  } finally {
    vi.useRealTimers();
  }
});

test("a channel that closes itself answers the running event first, and its client does not come back by itself", async () => {
  class Closing extends Channel {
    join(payload: { now?: boolean }) {
      if (payload.now) this.close();
      return "in";
    }
    bye = this.event(() => {
      this.close();
      return "bye";
    });
    override terminate(reason: EndReason) {
      ends.push(reason);
    }
  }
  const client = await openChannels(appWith((socket) => socket.channel("c", Closing)));
  await client.join("c");
  expect(client.say("c", "2", "c", "bye", {})).toEqual([
    ["c", "2", "c", "phx_reply", ok("bye")],
    ["c", "c", "c", "phx_close", {}],
  ]);
  expect(await client.join("c", { now: true }, "3")).toEqual(ok("in"));
  expect(client.take()).toEqual([["3", "3", "c", "phx_close", {}]]);
  expect(ends).toEqual(["closed", "closed"]);
});

test("when the socket closes its channels end, and nothing is heard of what still runs", async () => {
  const wait = deferred<void>();
  class Running extends Channel {
    join() {}
    run = this.event(async () => {
      await wait.promise;
      this.push("late");
      this.broadcast("late");
      this.setTimeout(() => ends.push("never"), 0);
      throw new Error("late");
    });
    override terminate(reason: EndReason) {
      ends.push(reason);
      throw new Error("terminate");
    }
  }
  const app = appWith((socket) => socket.channel("r:*", Running));
  const heard: string[] = [];
  app.onBroadcast("r:1", (name) => heard.push(name));
  const client = await openChannels(app);
  await client.join("r:1");
  await client.join("r:2");
  client.say("r:1", "2", "r:1", "run", {});
  client.socket.closed();
  expect(ends).toEqual(["closed", "closed"]);
  expect(reports.splice(0)).toMatchObject([{ event: "terminate" }, { event: "terminate" }]);
  wait.resolve();
  await vi.waitFor(() => expect(reports).toMatchObject([{ kind: "crash", event: "run" }]), { interval: 1 });
  expect([client.take(), heard, ends]).toEqual([[], [], ["closed", "closed"]]);
});

test("publishFrom reaches all but the channel itself", async () => {
  const got: string[] = [];
  class Publishing extends Channel<Record<string, unknown>, { name: string }> {
    join() {
      this.subscribe("chat", () => got.push(this.assigns.name));
    }
    go = this.event(() => this.publishFrom("chat", 1));
  }
  const app = appWith((socket) => socket.channel("p", Publishing));
  const ann = await openChannels(app, "/socket", { token: "ann" });
  const bob = await openChannels(app, "/socket", { token: "bob" });
  await ann.join("p");
  await bob.join("p");
  await ann.ask("p", "1", "p", "go", {});
  await vi.waitFor(() => expect(got).toEqual(["bob"]), { interval: 1 });
});

test("a broadcast reaches the channels of another node that shares the PubSub, once", async () => {
  const { LocalPubSub } = await import("../pubsub/local.ts");
  const pubsub = new LocalPubSub();
  const [one, two] = [rooms({ pubsub }), rooms({ pubsub })];
  const [ann, bob] = [await openChannels(one), await openChannels(two)];
  await ann.join("room:1");
  await bob.join("room:1");
  ann.say("room:1", null, "room:1", "say", { body: "Hi" });
  expect(await bob.next()).toEqual([[null, null, "room:1", "message", { body: "Hi" }]]);
  two.broadcast("room:1", "bytes", new Uint8Array([1]));
  expect(await ann.next()).toEqual([[null, null, "room:1", "bytes", new Uint8Array([1])]]);
  expect(bob.take()).toHaveLength(1);
});

test("a channel that tracks a presence tells its client who is there, in the shape of Phoenix", async () => {
  const lobby = presence<{ name: string }>("lobby");
  class Lobby extends Channel<Record<string, unknown>, { name: string }> {
    join({ key = this.assigns.name, refuse }: { key?: string; refuse?: boolean }) {
      this.track(lobby, key, { name: this.assigns.name });
      if (refuse) throw new Refused();
    }
  }
  const app = appWith((socket) => socket.channel("lobby", Lobby));
  const ann = await openChannels(app, "/socket", { token: "ann" });
  const bob = await openChannels(app, "/socket", { token: "bob" });
  expect(await bob.join("lobby", { refuse: true })).toEqual(error({}));
  expect(app.present(lobby).list()).toEqual([]);
  await ann.join("lobby", {}, "1");
  const [state] = ann.take();
  const metas = (name: string, ref: unknown = expect.any(String)) => ({ metas: [{ name, phx_ref: ref }] });
  expect(state).toEqual(["1", null, "lobby", "presence_state", { ann: metas("ann") }]);
  await bob.join("lobby", { key: "__proto__" }, "2");
  const [, , , , there] = bob.take()[0] as Said;
  expect(Object.entries(there as object)).toEqual([
    ["ann", metas("ann")],
    ["__proto__", metas("bob")],
  ]);
  const [, , , event, diff] = (await ann.next())[0] as Said;
  expect(event).toBe("presence_diff");
  const { joins, leaves } = diff as { joins: object; leaves: object };
  expect(Object.entries(joins)).toEqual([["__proto__", metas("bob")]]);
  expect(leaves).toEqual({});
  // Its own arrival was in the state.
  expect(bob.take()).toEqual([]);
  bob.socket.closed();
  const [, , , , left] = (await ann.next())[0] as Said;
  expect(Object.entries((left as { leaves: object }).leaves)).toEqual([["__proto__", metas("bob")]]);
  // A connection that is lost counts as there for a while.
  ann.socket.closed(true);
  expect(app.present(lobby).list()).toHaveLength(1);
});

test("a meta without JSON is left out of what clients are told, and reported once; all else goes on", async () => {
  const lobby = presence<{ name: string; id?: bigint }>("lobby");
  class Lobby extends Channel<Record<string, unknown>, { name: string }> {
    join(meta: object) {
      const id = "id" in meta ? 7n : undefined;
      this.track(lobby, this.assigns.name, { name: this.assigns.name, ...(id && { id }) });
    }
    inc = this.event(() => 1);
  }
  const app = appWith((socket) => socket.channel("lobby", Lobby));
  const ann = await openChannels(app, "/socket", { token: "ann" });
  const bob = await openChannels(app, "/socket", { token: "bob" });
  await ann.join("lobby", {}, "1");
  ann.take();
  expect(await bob.join("lobby", { id: true }, "2")).toMatchObject({ status: "ok" });
  const [, , , , state] = bob.take()[0] as Said;
  const ref = { phx_ref: expect.any(String) };
  expect(state).toEqual({ ann: { metas: [{ name: "ann", ...ref }] }, bob: { metas: [ref] } });
  const [, , , event, diff] = (await ann.next())[0] as Said;
  expect([event, diff]).toEqual(["presence_diff", { joins: { bob: { metas: [ref] } }, leaves: {} }]);
  expect(reports).toEqual([
    expect.objectContaining({ kind: "warning", message: expect.stringMatching(/"bob".*"lobby".*BigInt/) }),
  ]);

  // Views, which render them, have them all.
  expect(app.present(lobby).get("bob")?.metas[0]).toMatchObject({ id: 7n });
  bob.socket.closed();
  const [, , , , left] = (await ann.next())[0] as Said;
  expect(left).toEqual({ joins: {}, leaves: { bob: { metas: [ref] } } });
  expect(await ann.ask("1", "9", "lobby", "inc", {})).toEqual({ status: "ok", response: 1 });
  expect(reports).toHaveLength(1);
});

test("a channel made with new says how it is run", () => {
  expect(() => new Room().publish("posts", 1)).toThrow(
    /Room\.publish needs a running channel.*socket\.channel/,
  );
  expect(() => new Room().topic).toThrow(/Room\.topic needs a running channel.*socket\.channel/);
});

test.each(["", undefined])("app.broadcast refuses the topic %j, which no channel has", (topic) => {
  const app = createApp({ secret: "s".repeat(32) });
  expect(() => app.broadcast(topic as string, "message", {})).toThrow(/The topic of a broadcast is/);
});
