import { presenceOf } from "@overwire/client/channels";
import { Channel, createApp, html, LiveView, presence, Refused, topic, Unauthorized } from "@overwire/server";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { ChannelDriver, ConnectError, closeAll, connect, live, request, SocketDriver } from "./index.ts";

interface RoomMessages {
  message: { body: string; userId: number; at?: number };
  hello: { at: number };
  late: { n: number };
  image: Uint8Array;
}

const alarms = topic<string>("alarms");
const ends: string[] = [];

class RoomChannel extends Channel<RoomMessages, { userId: number }> {
  count = 0;
  async join(payload: { secret?: string; boom?: boolean }) {
    if (payload.secret === "wrong") throw new Refused({ reason: "unauthorized", code: "no_entry" });
    if (payload.boom) throw new Error("of the join");
    this.subscribe(alarms, (text) => {
      if (text === "boom") throw new Error("of the alarm");
      this.push("hello", { at: text.length });
    });
    return { room: this.subtopic, userId: this.assigns.userId };
  }
  say = this.event(z.object({ body: z.string().min(1) }), ({ body }) => {
    this.count++;
    this.broadcast("message", { body, userId: this.assigns.userId, at: 5 });
    return { id: this.count };
  });
  hidden = this.intercept("message", (message) => (message.body === "secret" ? undefined : message));
  slow = this.event(async () => {
    await new Promise((next) => setImmediate(next));
    this.push("late", { n: 1 });
    return "done";
  });
  typing = this.event(() => this.broadcastFrom("hello", { at: 1 }));
  draw = this.event(z.instanceof(Uint8Array), (bytes) => {
    this.push("image", bytes);
    return bytes;
  });
  crash = this.event(() => {
    throw new Error("of the event");
  });
  override terminate(reason: string) {
    ends.push(`${this.topic} ${reason}`);
  }
}

class Board extends LiveView {
  last = "";
  shout = this.event(() =>
    app.broadcast<RoomMessages>("room:1", "message", { body: "from a view", userId: 0 }),
  );
  ring = this.event(() => this.publish(alarms, "ring"));
  override mount() {
    this.subscribe(alarms, (text) => void (this.last = text));
  }
  override render() {
    return html`<p>${this.last}</p><button phx-click=${this.shout}>shout</button><button phx-click=${this.ring}>ring</button>`;
  }
}

const makeApp = () => {
  const app = createApp({ secret: "x".repeat(32), report: () => {} });
  app.live("/board", Board);
  app.channels(
    "/socket",
    {
      connect: ({ token, params, session, headers }) => {
        if (token === "bad") throw new Unauthorized("Log in first.");
        if (token === "fault") throw new Error("no database");
        const userId = Number(
          token ?? params["id"] ?? (session as { userId?: number }).userId ?? headers.get("x-user") ?? 0,
        );
        return { userId };
      },
      id: ({ userId }) => `user:${userId}`,
    },
    (socket) => {
      socket.channel("room:*", RoomChannel);
      socket.channel("lobby", RoomChannel);
    },
  );
  return app;
};
let app = makeApp();
afterEach(async () => {
  await closeAll().catch(() => {});
  ends.length = 0;
  app = makeApp();
});

const enter = async (token = "7") => {
  const socket = await connect(app, "/socket", { token });
  return { socket, room: await socket.subscribeAndJoin<RoomChannel>("room:1", {}) };
};

test("a channel is joined, pushes and is answered; what it broadcasts is seen", async () => {
  const { socket, room } = await enter();
  expect(socket).toBeInstanceOf(SocketDriver);
  expect(room).toBeInstanceOf(ChannelDriver);
  expect(room.reply).toEqual({ room: "1", userId: 7 });
  expect(await room.push("say", { body: "Hi" })).toEqual({ id: 1 });
  expect(await room.assertBroadcast("message", { body: "Hi" })).toEqual({ body: "Hi", userId: 7, at: 5 });
  await room.assertPush("message", { userId: expect.any(Number) });
  await room.assertReply("say", { id: 1 });
  expect(room.instance).toBeInstanceOf(RoomChannel);
  expect(room.instance.count).toBe(1);
});

test("connect() takes token, params, session and headers", async () => {
  const options = [
    { token: "1" },
    { token: async () => "2" },
    { params: { id: 3 } },
    { session: { userId: 4 } as never },
    { headers: { "x-user": "5" } },
  ];
  for (const [index, each] of options.entries()) {
    const socket = await connect(app, "/socket", each);
    const room = await socket.subscribeAndJoin<RoomChannel>("lobby", {});
    expect(room.reply).toEqual({ room: "", userId: index + 1 });
  }
});

test("connect() goes on with a visitor's cookies", async () => {
  app.post("/login", async (c) => {
    await app.setSession(c, { userId: 8 } as object);
    return c.body(null, 204);
  });
  const visitor = request(app, { session: { userId: 4 } as object, origin: "https://chat.example" });
  const join = async () => {
    const socket = await connect(visitor, "/socket");
    return (await socket.subscribeAndJoin<RoomChannel>("lobby", {})).reply;
  };
  expect(await join()).toEqual({ room: "", userId: 4 });
  await visitor.post("/login");
  expect(await join()).toEqual({ room: "", userId: 8 });
  const { instance } = await live<Board>(visitor, "/board");
  expect(instance.session).toEqual({ userId: 8 });
});

test("connect() rejects as the app refuses, with status and message", async () => {
  const refused = await connect(app, "/socket", { token: "bad" }).catch((error) => error);
  expect(refused).toBeInstanceOf(ConnectError);
  expect(refused).toMatchObject({
    status: 401,
    code: "connection_refused",
    message: "connect of /socket was refused with 401: Log in first.",
  });
  const failed = await connect(app, "/socket", { token: "fault" }).catch((error) => error);
  expect(failed).toMatchObject({
    status: 403,
    message: "connect of /socket threw, which answers 403: no database",
    cause: new Error("no database"),
  });
  await expect(connect(app, "/elsewhere")).rejects.toThrow(
    'There are no channels at /elsewhere: app.channels("/elsewhere", …) declares them.',
  );
  await expect(connect(app, "room:1")).rejects.toThrow(
    'connect(app, path) expects the path of app.channels, such as "/socket", but got room:1.',
  );
  await expect(
    connect(app, "/socket", { token: () => Promise.reject(new Error("no token")) }),
  ).rejects.toThrow("no token");
});

test("subscribeAndJoin() rejects with the refusal, and names the topics there are", async () => {
  const socket = await connect(app, "/socket");
  await expect(socket.subscribeAndJoin<RoomChannel>("room:1", { secret: "wrong" })).rejects.toMatchObject({
    code: "no_entry",
    reply: { reason: "unauthorized", code: "no_entry" },
    message: 'The join of channel "room:1" was refused: {"reason":"unauthorized","code":"no_entry"}',
  });
  await expect(socket.subscribeAndJoin("rom:1")).rejects.toMatchObject({
    message: 'No channel matches the topic "rom:1". There are: "room:*", "lobby".',
    reply: { reason: "unmatched topic" },
  });
  await expect(socket.subscribeAndJoin<RoomChannel>("room:1", { boom: true })).rejects.toMatchObject({
    message: 'RoomChannel crashed in join, at subscribeAndJoin("room:1"): of the join',
    cause: new Error("of the join"),
  });
});

test("a push that is refused rejects with the refusal", async () => {
  const { room } = await enter();
  await expect(room.push("say", { body: "" })).rejects.toMatchObject({
    code: "invalid_payload",
    message: expect.stringMatching(/^"say" on channel "room:1" was refused: \{/),
  });
  await expect(room.push("unknown" as "say", { body: "" })).rejects.toMatchObject({ code: "unknown_event" });
});

test("broadcasts are seen even if the channel intercepts them", async () => {
  const { room } = await enter();
  await room.push("say", { body: "secret" });
  await room.assertBroadcast("message", { body: "secret" });
  await room.refutePush("message");
});

test("an assertion finds each message once, and shows what there was", async () => {
  const { room } = await enter();
  await room.push("say", { body: "one" });
  await room.push("say", { body: "two" });
  await room.assertPush("message", { body: "two" });
  await room.assertPush("message");
  await room.refutePush("message");
  const soon = { timeout: 1 };
  await expect(room.assertPush("message", undefined, soon)).rejects.toThrow(
    'expected RoomChannel "room:1" to push "message", but it pushed nothing',
  );
  await expect(room.assertBroadcast("message", { body: "three" }, soon)).rejects.toThrow(
    'expected RoomChannel "room:1" to broadcast "message" with {"body":"three"}, but it broadcast it with {"body":"one","userId":7,"at":5}, {"body":"two","userId":7,"at":5}',
  );
  await expect(room.assertBroadcast("hello", undefined, soon)).rejects.toThrow(
    'expected RoomChannel "room:1" to broadcast "hello", but it broadcast "message" with {"body":"one","userId":7,"at":5}, "message" with',
  );
  await expect(room.assertReply("say", { id: 3 }, soon)).rejects.toThrow(
    'expected RoomChannel "room:1" to reply to "say" with {"id":3}, but it replied to it with {"id":1}, {"id":2}',
  );
  await expect(room.assertPush("message", () => false, soon)).rejects.toThrow(
    'expected RoomChannel "room:1" to push "message" with what the function accepts, but it pushed nothing',
  );
});

test("refutations fail with what there was, and wait until no handler runs", async () => {
  const { room } = await enter();
  await room.push("say", { body: "Hi" });
  await expect(room.refuteBroadcast("message", { body: "Hi" })).rejects.toThrow(
    'expected RoomChannel "room:1" not to broadcast "message" with {"body":"Hi"}, but it did, with {"body":"Hi","userId":7,"at":5}',
  );
  await expect(room.refuteReply("say")).rejects.toThrow(
    'expected RoomChannel "room:1" not to reply to "say", but it did, with {"id":1}',
  );
  await room.refuteBroadcast("message", { body: "other" });
  const slow = room.push("slow");
  await expect(room.refutePush("late")).rejects.toThrow('not to push "late", but it did, with {"n":1}');
  expect(await slow).toBe("done");
});

test("payloads may be functions, and bytes", async () => {
  const { room } = await enter();
  await room.push("say", { body: "Hi" });
  await room.assertPush("message", ({ body, userId }) => body === "Hi" && userId === 7);
  expect(await room.push("draw", Uint8Array.of(1, 2))).toEqual(Uint8Array.of(1, 2));
  expect(await room.assertPush("image")).toEqual(Uint8Array.of(1, 2));
});

test("several sockets talk to each other", async () => {
  const [ann, bob] = [await enter("1"), await enter("2")];
  await ann.room.push("say", { body: "Hi" });
  await bob.room.assertPush("message", { body: "Hi", userId: 1 });
  await ann.room.push("typing");
  await bob.room.assertPush("hello");
  await ann.room.refutePush("hello");
  await ann.room.assertBroadcast("hello");
});

test("a channel and a live view of one app meet", async () => {
  const view = await live<Board>(app, "/board");
  const { room } = await enter();
  await view.element("button", "shout").click();
  await room.assertPush("message", { body: "from a view" });
  await view.element("button", "ring").click();
  await room.assertPush("hello", { at: 4 });
  expect(view.text("p")).toBe("ring");
});

test("a crash rejects the push with its error, and later actions find the channel joined again", async () => {
  const { room } = await enter();
  await expect(room.push("crash")).rejects.toMatchObject({
    message: 'RoomChannel crashed in crash, at push("crash"): of the event',
    cause: new Error("of the event"),
  });
  expect(await room.push("say", { body: "again" })).toEqual({ id: 1 });
  expect(room.instance.count).toBe(1);
});

test("a crash between two actions fails the next one, a waiting assertion or the end of the socket", async () => {
  const { room } = await enter();
  app.publish(alarms, "boom");
  await expect(room.push("typing")).rejects.toThrow(
    /RoomChannel crashed in .*, at push\("typing"\): of the alarm/,
  );
  const waiting = room.assertPush("message");
  await room.push("typing");
  app.publish(alarms, "boom");
  await expect(waiting).rejects.toThrow("of the alarm");
  const { socket } = await enter();
  app.publish(alarms, "boom");
  await expect(socket.disconnect()).rejects.toThrow("of the alarm");
});

test("leave() and disconnect() end the channel, and its terminate has run", async () => {
  const { socket, room } = await enter();
  const other = await socket.subscribeAndJoin<RoomChannel>("room:2", {});
  await room.leave();
  expect(ends).toEqual(["room:1 left"]);
  expect(room.channel.state).toBe("closed");
  await expect(room.push("typing")).rejects.toMatchObject({ code: "closed" });
  expect(room.instance).toBeInstanceOf(RoomChannel);
  await socket.disconnect();
  expect(ends).toEqual(["room:1 left", "room:2 closed"]);
  expect(socket.connected).toBe(false);
  await expect(socket.subscribeAndJoin("room:3")).rejects.toThrow(
    'The socket is disconnected, so there can be no subscribeAndJoin("room:3").',
  );
  await expect(other.push("typing")).rejects.toThrow(
    'The socket is disconnected, so there can be no push("typing").',
  );
});

test("a user who is disconnected by the app comes back", async () => {
  const { socket, room } = await enter();
  app.disconnect("user:7");
  expect(await socket.assertDisconnected()).toMatchObject({ code: 1001 });
  expect(await room.push("say", { body: "back" })).toEqual({ id: 1 });
  await expect(socket.assertDisconnected({ timeout: 1 })).rejects.toThrow(
    "expected the server to disconnect the socket, but it did not",
  );
});

test("a reply may be asserted without the name of its event", async () => {
  const { room } = await enter();
  await room.push("say", { body: "Hi" });
  await room.push("typing");
  expect(await room.assertReply({ id: 1 })).toEqual({ id: 1 });
  await room.refuteReply({ id: 2 });
  await expect(room.refuteReply(() => true)).rejects.toThrow(
    'expected RoomChannel "room:1" not to reply to an event with what the function accepts, but it did, with {}',
  );
});

test("presence of a channel reaches the client's roster, and what changes in it", async () => {
  const lobby = presence<{ name: string }>("lobby");
  class Lobby extends Channel<{ message: string }, { userId: number }> {
    me = this.track(lobby, String(this.assigns.userId), { name: `user ${this.assigns.userId}` });
    shown = this.present(lobby);
    rename = this.event(z.object({ name: z.string() }), ({ name }) => void this.me.update({ name }));
    join() {}
  }
  app.channels("/present", { connect: ({ token }) => ({ userId: Number(token) }) }, (socket) =>
    socket.channel("lobby", Lobby),
  );
  const open = async (token: string) => {
    const socket = await connect(app, "/present", { token });
    const room = await socket.subscribeAndJoin<Lobby>("lobby");
    return { socket, room, roster: presenceOf<{ name: string }>(room.channel) };
  };
  const ann = await open("1");
  const heard: unknown[] = [];
  ann.roster.onJoin((key, before) => heard.push(["join", key, before?.metas.length]));
  ann.roster.onLeave((key, { metas }) => heard.push(["leave", key, metas.length]));
  const names = () => ann.roster.list().map(({ key, metas }) => [key, ...metas.map(({ name }) => name)]);
  await expect.poll(names).toEqual([["1", "user 1"]]);
  const bob = await open("2");
  await expect.poll(names).toEqual([
    ["1", "user 1"],
    ["2", "user 2"],
  ]);
  expect((await ann.room.assertPush("presence_state"))["1"]?.metas[0]?.["name"]).toBe("user 1");
  const { joins } = await ann.room.assertPush("presence_diff", ({ joins }) => "2" in joins);
  expect(joins).toMatchObject({ 2: { metas: [{ name: "user 2" }] } });
  await bob.room.push("rename", { name: "Bob" });
  await expect.poll(names).toEqual([
    ["1", "user 1"],
    ["2", "Bob"],
  ]);
  await bob.room.leave();
  await expect.poll(names).toEqual([["1", "user 1"]]);
  expect(heard).toContainEqual(["leave", "2", 0]);
  // @ts-expect-error there is no such message
  await ann.room.refutePush("presence_sate");
  await ann.room.refutePush("message");
});

test("the client's channel works as in a page", async () => {
  const { room } = await enter();
  expect(presenceOf(room.channel).list()).toEqual([]);
  const heard: unknown[] = [];
  room.channel.on("message", ({ body }) => heard.push(body));
  await room.push("say", { body: "Hi" });
  expect(heard).toEqual(["Hi"]);
});
