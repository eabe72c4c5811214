import type { FakeChannelServer } from "@overwire/test-support/fake-channel-server";
import { fakeChannelServers } from "@overwire/test-support/fake-channel-server";
import { useFakeTimers } from "@overwire/test-support/fake-timers";
import { expect, test, vi } from "vitest";
import { ChannelError, Socket, type SocketOptions } from "../channels.ts";

useFakeTimers({ jitter: false });

const turn = () => vi.advanceTimersByTimeAsync(0);

async function open(options: SocketOptions = {}) {
  const servers = fakeChannelServers();
  const socket = new Socket("ws://localhost/socket", { WebSocket: servers.WebSocket, ...options });
  socket.connect();
  await turn();
  servers.server().open();
  return { socket, ...servers };
}

/** A channel that is joined. */
async function join(options: SocketOptions = {}) {
  const opened = await open(options);
  const room = opened.socket.channel("room:1", { since: 5 });
  const joining = room.join();
  const frame = opened.server().join({ history: [] });
  await joining;
  return { ...opened, room, frame };
}

/** Loses the connection and opens the next one. */
async function reopen(server: () => FakeChannelServer) {
  server().lose();
  await vi.advanceTimersByTimeAsync(5000);
  server().open();
}

const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as ChannelError,
  );

test("a join is answered by its reply", async () => {
  const { socket, server } = await open();
  const room = socket.channel("room:1", { since: 5 });
  expect(room.state).toBe("closed");
  const joining = room.join();
  expect(room.state).toBe("joining");
  expect(server().sent).toEqual([
    { joinRef: "1", ref: "1", topic: "room:1", event: "phx_join", payload: { since: 5 } },
  ]);
  server().join({ history: ["Hi"] });
  expect(await joining).toEqual({ history: ["Hi"] });
  expect(room.state).toBe("joined");
});

test("a join waits for the socket to connect", async () => {
  const { WebSocket, server } = fakeChannelServers();
  const socket = new Socket("ws://localhost/socket", { WebSocket });
  const room = socket.channel("room:1");
  const joining = room.join();
  await vi.advanceTimersByTimeAsync(60_000);
  socket.connect();
  await turn();
  server().open();
  server().join({ hello: 1 });
  expect(await joining).toEqual({ hello: 1 });
});

test("a refused join rejects with the refusal, and is not tried again", async () => {
  const { socket, server } = await open();
  const room = socket.channel("room:1");
  const closed: string[] = [];
  room.onClose((reason) => closed.push(reason));
  const joining = caught(room.join());
  server().join({ reason: "unauthorized", code: "forbidden" }, "error");
  const error = await joining;
  expect(error).toBeInstanceOf(ChannelError);
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    name: "ChannelError",
    code: "forbidden",
    reply: { reason: "unauthorized", code: "forbidden" },
    message: 'The join of channel "room:1" was refused: {"reason":"unauthorized","code":"forbidden"}',
  });
  expect(room.state).toBe("closed");
  expect(closed).toEqual(["forbidden"]);
  await reopen(server);
  expect(server().sent).toEqual([]);
});

test("the code of a refusal is its reason if it has none", async () => {
  for (const [reply, code] of [
    [{ reason: "unmatched topic" }, "unmatched topic"],
    [{ left: "over" }, "refused"],
  ] as const) {
    const { socket, server } = await open();
    const joining = caught(socket.channel("room:1").join());
    server().join(reply, "error");
    expect(await joining).toMatchObject({ code, reply });
  }
});

test("a channel joins once", async () => {
  const { room, server } = await join();
  expect(await caught(room.join())).toMatchObject({
    code: "joined_twice",
    message: /joined before/ as never,
  });
  expect(server().of("phx_join")).toHaveLength(1);
});

test("a join without an answer rejects, leaves, and is tried again after 1, 2, 5, 10 seconds", async () => {
  const { socket, server } = await open({ timeout: 100 });
  const room = socket.channel("room:1");
  const error = caught(room.join());
  await vi.advanceTimersByTimeAsync(100);
  expect(await error).toMatchObject({
    code: "timeout",
    message: 'The join of channel "room:1" got no answer in 100 ms.',
  });
  expect(room.state).toBe("errored");
  const [late] = server().of("phx_join");
  expect(server().sent.at(-1)).toMatchObject({ event: "phx_leave", joinRef: late?.joinRef });
  server().reply(late as never);
  expect(room.state).toBe("errored");
  for (const delay of [1000, 2000, 5000, 10_000, 10_000]) {
    const before = server().of("phx_join").length;
    await vi.advanceTimersByTimeAsync(delay - 1);
    expect(server().of("phx_join")).toHaveLength(before);
    await vi.advanceTimersByTimeAsync(1);
    expect(server().of("phx_join")).toHaveLength(before + 1);
    await vi.advanceTimersByTimeAsync(100);
  }
});

test("a crash of the join is tried again, and heard by onJoin when it succeeds", async () => {
  const { socket, server } = await open();
  const room = socket.channel("room:1");
  const replies: unknown[] = [];
  room.onJoin((reply) => replies.push(reply));
  const error = caught(room.join());
  server().join({ reason: "join crashed" }, "error");
  expect(await error).toMatchObject({ reply: { reason: "join crashed" } });
  await vi.advanceTimersByTimeAsync(1000);
  server().join({ ok: true });
  expect(room.state).toBe("joined");
  expect(replies).toEqual([{ ok: true }]);
});

test("a join is tried again if the server says that it cannot answer now, and if the line breaks before it answers", async () => {
  const { socket, server } = await open();
  const busy = socket.channel("busy");
  const refused = caught(busy.join());
  server().join({ reason: "Service Unavailable", code: "service_unavailable", status: 503 }, "error");
  expect(await refused).toMatchObject({ code: "service_unavailable" });
  expect(busy.state).toBe("errored");
  const room = socket.channel("room:1");
  const joining = room.join();
  server().lose();
  expect(room.state).toBe("errored");
  await vi.advanceTimersByTimeAsync(10);
  server().open();
  expect(
    server()
      .of("phx_join")
      .map(({ topic }) => topic),
  ).toEqual(["busy", "room:1"]);
  server().join({ joined: true });
  expect(await joining).toEqual({ joined: true });
});

test("a crash of the channel is told, and the channel joins again after a while, with its payload asked anew", async () => {
  const { socket, server } = await open();
  let since = 0;
  const room = socket.channel("room:1", () => ({ since: ++since }));
  const errors: string[] = [];
  room.onError(({ code }) => errors.push(code));
  void room.join();
  const unanswered = caught(room.push("a"));
  server().crash(server().join());
  expect(errors).toEqual(["crashed"]);
  expect(room.state).toBe("errored");
  expect(await unanswered).toMatchObject({ code: "crashed", message: /may have arrived/ as never });
  await vi.advanceTimersByTimeAsync(999);
  expect(server().of("phx_join")).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(
    server()
      .of("phx_join")
      .map(({ payload }) => payload),
  ).toEqual([{ since: 1 }, { since: 2 }]);
  server().crash(server().join());
  await vi.advanceTimersByTimeAsync(1000);
  expect(server().of("phx_join")).toHaveLength(3);
});

test("the author may choose the delays of joining again", async () => {
  const rejoinAfter = vi.fn(() => 7);
  const { room, server, frame } = await join({ rejoinAfter });
  server().crash(frame);
  await vi.advanceTimersByTimeAsync(7);
  expect(room.state).toBe("joining");
  expect(rejoinAfter.mock.calls).toEqual([[1]]);
});

test("after a loss the channel joins again, and onJoin hears each reply", async () => {
  const { room, server } = await join();
  const replies: unknown[] = [];
  const errors: string[] = [];
  room.onJoin((reply) => replies.push(reply));
  room.onError(({ code }) => errors.push(code));
  await reopen(server);
  expect(errors).toEqual(["lost"]);
  server().join({ again: 1 });
  expect(room.state).toBe("joined");
  await reopen(server);
  server().join({ again: 2 });
  expect(replies).toEqual([{ again: 1 }, { again: 2 }]);
});

test("a channel that may not join again is over", async () => {
  const { room, server } = await join();
  const heard: unknown[] = [];
  room.onError((error) => heard.push(error.code));
  room.onClose((reason) => heard.push(reason));
  await reopen(server);
  const waiting = caught(room.push("a"));
  server().join({ reason: "banned" }, "error");
  expect(heard).toEqual(["lost", "banned", "banned"]);
  expect(await waiting).toMatchObject({ code: "banned", message: /was not sent/ as never });
  expect(await caught(room.push("b"))).toMatchObject({ code: "closed" });
});

test("a push is answered by its reply, and a refusal rejects", async () => {
  const { room, server, frame } = await join();
  const replied = room.push("new_message", { body: "Hi" });
  expect(server().sent.at(-1)).toEqual({
    joinRef: frame.ref,
    ref: "2",
    topic: "room:1",
    event: "new_message",
    payload: { body: "Hi" },
  });
  server().reply(server().sent.at(-1) as never, "ok", { id: 7 });
  expect(await replied).toEqual({ id: 7 });
  const refused = caught(room.push("new_message", { body: "" }));
  server().reply(server().sent.at(-1) as never, "error", { code: "invalid_payload", message: "too short" });
  expect(await refused).toMatchObject({
    code: "invalid_payload",
    reply: { message: "too short" },
    message: /^"new_message" on channel "room:1" was refused: \{/ as never,
  });
});

test("replies find their pushes in any order", async () => {
  const { room, server } = await join();
  const both = [room.push("a"), room.push("b")];
  const [, a, b] = server().sent;
  server().reply(b as never, "ok", "B");
  server().reply(a as never, "ok", "A");
  expect(await Promise.all(both)).toEqual(["A", "B"]);
});

test("a push before join() is refused", async () => {
  const { socket } = await open();
  expect(await caught(socket.channel("room:1").push("a"))).toMatchObject({
    code: "not_joined",
    message: '"a" was not sent: channel "room:1" is not joined: call join() first.',
  });
});

test("pushes are kept while the channel joins, and sent in order, as they were then", async () => {
  const { socket, server } = await open();
  const room = socket.channel("room:1");
  void room.join();
  const payload = { at: 1 };
  const bytes = Uint8Array.of(1);
  void room.push("a", payload);
  void room.push("b", bytes);
  void room.push("c");
  payload.at = bytes[0] = 2;
  expect(server().sent).toHaveLength(1);
  server().join();
  expect(
    server()
      .sent.slice(1)
      .map(({ event, payload }) => [event, payload]),
  ).toEqual([
    ["a", { at: 1 }],
    ["b", Uint8Array.of(1)],
    ["c", {}],
  ]);
});

test("pushes of a join listener follow those that waited", async () => {
  const { socket, server } = await open();
  const room = socket.channel("room:1");
  room.onJoin(() => void room.push("later"));
  void room.join();
  void room.push("earlier");
  server().join();
  expect(server().sent.map(({ event }) => event)).toEqual(["phx_join", "earlier", "later"]);
});

test("pushes made while away are sent once after the channel has joined again, however long that takes", async () => {
  const { room, server, socket } = await join({ reconnectAfter: () => 3_600_000 });
  server().lose();
  const replied = room.push("a");
  const other = room.push("b");
  await vi.advanceTimersByTimeAsync(3_600_000);
  server().open();
  server().join();
  const events = () => server().sent.map(({ event }) => event);
  expect(events()).toEqual(["phx_join", "a", "b"]);
  server().reply(server().of("a")[0] as never, "ok", 1);
  server().reply(server().of("b")[0] as never, "ok", 2);
  expect(await Promise.all([replied, other])).toEqual([1, 2]);
  server().lose();
  await vi.advanceTimersByTimeAsync(3_600_000);
  server().open();
  server().join();
  expect(events()).toEqual(["phx_join"]);
  socket.disconnect();
});

test("a push that was sent and not answered when the line broke rejects, and is not sent again", async () => {
  const { room, server } = await join();
  const error = caught(room.push("pay"));
  await reopen(server);
  expect(await error).toMatchObject({
    code: "unanswered",
    message:
      '"pay" on channel "room:1" got no reply, but may have arrived: Channel "room:1" has lost its connection.',
  });
  server().join();
  expect(server().of("pay")).toEqual([]);
});

test("no more pushes are kept than may wait", async () => {
  const { room, server } = await join({ maxQueue: 2 });
  server().lose();
  const pushes = [1, 2, 3].map((number) => caught(room.push("a", { number })));
  expect(await pushes[2]).toMatchObject({
    code: "queue_full",
    message: '"a" on channel "room:1" was not sent: 2 wait already.',
  });
  await vi.advanceTimersByTimeAsync(10);
  server().open();
  server().join();
  expect(
    server()
      .of("a")
      .map(({ payload }) => payload),
  ).toEqual([{ number: 1 }, { number: 2 }]);
});

test("a push without a reply rejects after the socket's timeout, counted from its sending", async () => {
  const { room, server } = await join({ timeout: 1000, reconnectAfter: () => 5000 });
  const sent = caught(room.push("a"));
  await vi.advanceTimersByTimeAsync(1000);
  expect(await sent).toMatchObject({
    code: "timeout",
    message: '"a" on channel "room:1" may have arrived, but got no reply in 1000 ms.',
  });
  server().lose();
  const kept = caught(room.push("b"));
  await vi.advanceTimersByTimeAsync(5000);
  server().open();
  server().join();
  await vi.advanceTimersByTimeAsync(999);
  server().reply(server().of("b")[0] as never);
  expect(await kept).toBeUndefined();
});

test("a timeout that is given counts from the push, and takes back what was not sent", async () => {
  const { room, server } = await join();
  server().lose();
  const error = caught(room.push("a", {}, { timeout: 5 }));
  await vi.advanceTimersByTimeAsync(5);
  expect(await error).toMatchObject({
    code: "timeout",
    message: '"a" on channel "room:1" was not sent in 5 ms.',
  });
  await vi.advanceTimersByTimeAsync(5);
  server().open();
  server().join();
  expect(server().of("a")).toEqual([]);
  const sent = caught(room.push("b", {}, { timeout: 50 }));
  await vi.advanceTimersByTimeAsync(50);
  expect(await sent).toMatchObject({ code: "timeout", message: /may have arrived/ as never });
});

test("a reply that is too late is ignored", async () => {
  const { room, server } = await join();
  const error = caught(room.push("a", {}, { timeout: 5 }));
  await vi.advanceTimersByTimeAsync(5);
  server().reply(server().of("a")[0] as never);
  expect(await error).toMatchObject({ code: "timeout" });
  expect(room.state).toBe("joined");
});

test("a payload or name that cannot travel rejects its push, and no other", async () => {
  const { room, server } = await join();
  const circle: { self?: unknown } = {};
  circle.self = circle;
  expect(await caught(room.push("a", circle))).toBeInstanceOf(TypeError);
  expect(await caught(room.push("e".repeat(256)))).toBeInstanceOf(RangeError);
  server().lose();
  const all = [caught(room.push("a", circle)), caught(room.push("e".repeat(256))), caught(room.push("b"))];
  await vi.advanceTimersByTimeAsync(10);
  server().open();
  server().join();
  expect(server().sent.map(({ event }) => event)).toEqual(["phx_join", "b"]);
  expect(await all[0]).toBeInstanceOf(TypeError);
  expect(await all[1]).toBeInstanceOf(RangeError);
});

test("a topic that cannot travel rejects its join", async () => {
  const { socket } = await open();
  expect(await caught(socket.channel("t".repeat(256)).join())).toBeInstanceOf(RangeError);
});

test("a join payload that throws rejects the join with its error", async () => {
  const { socket } = await open();
  const room = socket.channel("room:1", () => {
    throw new Error("no payload");
  });
  expect(await caught(room.join())).toEqual(new Error("no payload"));
  expect(room.state).toBe("closed");
});

test("messages reach their listeners until they are ended, one by one or all of a name", async () => {
  const { room, server, frame } = await join();
  const heard: unknown[] = [];
  const second = (payload: unknown) => heard.push(["second", payload]);
  const stop = room.on("message", (payload) => heard.push(["first", payload]));
  room.on("message", second);
  room.on("other", (payload) => heard.push(["other", payload]));
  server().push(frame, "message", { body: "Hi" });
  server().broadcast("room:1", "message", "all");
  server().broadcast("room:2", "message", "elsewhere");
  expect(heard.splice(0)).toEqual([
    ["first", { body: "Hi" }],
    ["second", { body: "Hi" }],
    ["first", "all"],
    ["second", "all"],
  ]);
  stop();
  server().push(frame, "message");
  expect(heard.splice(0)).toEqual([["second", {}]]);
  room.off("message", second);
  server().push(frame, "message");
  room.on("message", second);
  room.on("message", () => heard.push("third"));
  room.off("message");
  server().push(frame, "message");
  server().push(frame, "other");
  expect(heard).toEqual([["other", {}]]);
});

test("listeners that are added or ended by a message do not change who hears it", async () => {
  const { room, server, frame } = await join();
  const heard: string[] = [];
  room.on("a", () => {
    heard.push("first");
    room.on("a", () => heard.push("added"));
    room.off("a", second);
  });
  const second = () => heard.push("second");
  room.on("a", second);
  server().push(frame, "a");
  expect(heard).toEqual(["first", "second"]);
});

test("a listener that throws is reported, and the others hear the message", async () => {
  const { room, server, frame } = await join();
  const heard: unknown[] = [];
  const uncaught = new Promise((resolve) => process.once("uncaughtException", resolve));
  room.on("a", () => {
    throw new Error("of the author");
  });
  room.on("a", (payload) => heard.push(payload));
  const listeners = process.listeners("uncaughtException");
  expect(listeners.length).toBeGreaterThan(0);
  vi.stubGlobal("queueMicrotask", (run: () => void) => {
    try {
      run();
    } catch (error) {
      process.emit("uncaughtException", error as Error);
    }
  });
  server().push(frame, "a", 1);
  vi.unstubAllGlobals();
  expect(await uncaught).toEqual(new Error("of the author"));
  expect(heard).toEqual([1]);
  expect(room.state).toBe("joined");
});

test("messages right after the reply are heard by listeners that are added after the await", async () => {
  const { socket, server } = await open();
  const room = socket.channel("room:1");
  const heard: unknown[] = [];
  const enter = async () => {
    await room.join();
    await Promise.resolve();
    room.on("message", (payload) => heard.push(payload));
  };
  const entered = enter();
  const frame = server().join();
  // All in one turn, as some WebSockets hand on what has come in one packet.
  server().push(frame, "message", 1);
  server().push(frame, "message", 2);
  await entered;
  await turn();
  server().push(frame, "message", 3);
  expect(heard).toEqual([1, 2, 3]);
  room.on("other", (payload) => heard.push(payload));
  expect(heard).toEqual([1, 2, 3]);
});

test("a message of an older join is dropped, one without a join ref is not", async () => {
  const { room, server, frame } = await join();
  const heard: unknown[] = [];
  room.on("message", (payload) => heard.push(payload));
  await reopen(server);
  const again = server().join();
  expect(again.joinRef).not.toBe(frame.joinRef);
  server().push(frame, "message", "old");
  server().crash(frame);
  server().end(frame);
  server().push(again, "message", "new");
  server().broadcast("room:1", "message", "all");
  expect(heard).toEqual(["new", "all"]);
  expect(room.state).toBe("joined");
});

test("a second channel of a topic leaves the first one, once", async () => {
  const { room, server, socket, frame } = await join();
  const closed: string[] = [];
  room.onClose((reason) => closed.push(reason));
  const second = socket.channel("room:1");
  const joining = second.join();
  expect(server().sent.map(({ event, joinRef }) => [event, joinRef])).toEqual([
    ["phx_join", "1"],
    ["phx_leave", "1"],
    ["phx_join", "3"],
  ]);
  server().end(frame);
  server().join({ second: true });
  expect(await joining).toEqual({ second: true });
  expect(closed).toEqual(["left"]);
  expect(room.state).toBe("closed");
  await reopen(server);
  expect(server().of("phx_join")).toHaveLength(1);
});

test("bytes go both ways", async () => {
  const { room, server, frame } = await join();
  const heard: unknown[] = [];
  room.on("größe", (payload) => heard.push(payload));
  const replied = room.push("выход", Uint8Array.of(1, 2, 255));
  expect(server().sent.at(-1)).toMatchObject({ event: "выход", payload: Uint8Array.of(1, 2, 255) });
  server().reply(server().sent.at(-1) as never, "ok", Uint8Array.of(3));
  expect(await replied).toEqual(Uint8Array.of(3));
  server().push(frame, "größe", Uint8Array.of(4));
  server().broadcast("room:1", "größe", Uint8Array.of(5));
  expect(heard).toEqual([Uint8Array.of(4), Uint8Array.of(5)]);
  const refused = caught(room.push("a", Uint8Array.of(1)));
  server().reply(server().sent.at(-1) as never, "error", Uint8Array.of(6));
  expect(await refused).toMatchObject({ reply: Uint8Array.of(6), message: /was refused: 1 bytes/ as never });
});

test("leave() is answered by the server, hears its last messages, and ends the channel", async () => {
  const { room, server, frame } = await join();
  const heard: unknown[] = [];
  room.on("you_left", () => heard.push("you_left"));
  room.onClose((reason) => heard.push(reason));
  const left = room.leave().then(() => heard.push("left()"));
  expect(room.state).toBe("leaving");
  const [leave] = server().of("phx_leave");
  expect(leave).toMatchObject({ joinRef: frame.ref, topic: "room:1" });
  server().push(frame, "you_left");
  server().reply(leave as never);
  server().end(frame);
  await left;
  expect(heard).toEqual(["you_left", "left", "left()"]);
  expect(room.state).toBe("closed");
  server().push(frame, "you_left");
  expect(heard).toHaveLength(3);
  await reopen(server);
  expect(server().sent).toEqual([]);
  await room.leave();
});

test("leave() ends pushes: those that were not sent, and those without a reply", async () => {
  const { room, server } = await join();
  const sent = caught(room.push("a"));
  const left = room.leave();
  expect(await caught(room.push("b"))).toMatchObject({ code: "closed" });
  server().reply(server().of("phx_leave")[0] as never);
  await left;
  expect(await sent).toMatchObject({ code: "left", message: /may have arrived/ as never });
});

test("leave() while joining rejects the join, and tells the server", async () => {
  const { socket, server } = await open();
  const room = socket.channel("room:1");
  const joining = caught(room.join());
  const pushed = caught(room.push("a"));
  const left = room.leave();
  expect(server().sent.map(({ event }) => event)).toEqual(["phx_join", "phx_leave"]);
  expect(await pushed).toMatchObject({ code: "left", message: /was not sent/ as never });
  server().join();
  expect(room.state).toBe("leaving");
  server().reply(server().of("phx_leave")[0] as never);
  await left;
  expect(await joining).toMatchObject({ code: "left" });
});

test("leave() without a connection, and without an answer, ends the channel too", async () => {
  const { room, server } = await join();
  server().lose();
  await room.leave();
  expect(room.state).toBe("closed");
  const other = await join({ timeout: 10 });
  const left = other.room.leave();
  await vi.advanceTimersByTimeAsync(10);
  await left;
  const third = await join();
  const lost = third.room.leave();
  third.server().lose();
  await lost;
  expect(third.room.state).toBe("closed");
});

test("leave() of a channel that was never joined does nothing", async () => {
  const { socket, server } = await open();
  await socket.channel("room:1").leave();
  expect(server().sent).toEqual([]);
});

test("a channel that the server ends is over", async () => {
  const { room, server, frame } = await join();
  const closed: string[] = [];
  room.onClose((reason) => closed.push(reason));
  server().end(frame);
  expect(room.state).toBe("closed");
  expect(closed).toEqual(["closed"]);
  await reopen(server);
  expect(server().of("phx_join")).toEqual([]);
});

test("disconnect() keeps the channels, but nothing that waits", async () => {
  const { room, server, socket } = await join();
  const sent = caught(room.push("a"));
  const other = socket.channel("room:2");
  const joining = caught(other.join());
  const waiting = caught(other.push("b"));
  socket.disconnect();
  expect(await sent).toMatchObject({ code: "unanswered" });
  expect(await waiting).toMatchObject({ code: "disconnected", message: /was not sent/ as never });
  expect(await joining).toMatchObject({ code: "disconnected" });
  expect(room.state).toBe("errored");
  await vi.advanceTimersByTimeAsync(60_000);
  socket.connect();
  await turn();
  server().open();
  expect(
    server()
      .of("phx_join")
      .map(({ topic }) => topic),
  ).toEqual(["room:1", "room:2"]);
  expect(server().of("b")).toEqual([]);
});

test("pushes without a reader of their errors end no process", async () => {
  const unhandled = vi.fn();
  process.on("unhandledRejection", unhandled);
  const { room, server, socket } = await join();
  void room.push("a");
  server().lose();
  void room.push("b", {}, { timeout: 1 });
  void socket.channel("room:2").join();
  await vi.advanceTimersByTimeAsync(1);
  void room.leave();
  socket.disconnect();
  await turn();
  vi.useRealTimers();
  await new Promise((next) => setImmediate(next));
  process.off("unhandledRejection", unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});
