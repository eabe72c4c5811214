/** The client of channels against a real server: by the package ws, which Node 20 needs, and by Node's own WebSocket if there is one. */
import { type ChannelError, Socket, type SocketOptions } from "@overwire/client/channels";
import { afterEach, describe, expect, test, vi } from "vitest";
import { WebSocket as WsSocket } from "ws";
import { createApp } from "../app.ts";
import { Channel } from "../channel/channel.ts";
import { Refused } from "../channel/refused.ts";
import { Unauthorized } from "../http/errors.ts";
import { type Served, serve } from "./serve.ts";

interface Assigns {
  name: string;
}

class RoomChannel extends Channel<{ message: { body: string }; выход: Uint8Array }, Assigns> {
  async join(payload: { secret?: string; since?: number }) {
    if (payload.secret === "wrong") throw new Refused({ reason: "unauthorized", code: "no_entry" });
    this.push("message", { body: `Hello ${this.assigns.name}` });
    return { topic: this.topic, since: payload.since ?? null };
  }
  say = this.event(({ body }) => {
    this.broadcast("message", { body: String(body) });
    return { by: this.assigns.name };
  });
  crash = this.event(() => {
    throw new Error("of the author");
  });
  end = this.event(() => this.close());
  bytes = this.event(
    { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
    (value) => {
      this.broadcast("выход", value as Uint8Array);
      return value as Uint8Array;
    },
  );
}

const sockets: Socket[] = [];
let served: Served | undefined;
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.disconnect();
  await served?.close();
});

async function start(port = 0) {
  const app = createApp({ secret: "x".repeat(32), report: () => {} });
  app.channels(
    "/socket",
    {
      connect: ({ token, params }) => {
        if (token === "bad") throw new Unauthorized();
        return { name: token ?? String(params["name"] ?? "nobody") };
      },
      id: ({ name }) => `user:${name}`,
    },
    (socket) => socket.channel("room:*", RoomChannel),
  );
  served = await serve(app, { port, log: false }).ready;
  return app;
}

const WebSockets: [name: string, SocketOptions["WebSocket"]][] = [["the package ws", WsSocket]];
if (globalThis.WebSocket) WebSockets.push(["Node's own WebSocket", undefined]);

describe.each(WebSockets)("by %s", (_, WebSocket) => {
  const open = (options: SocketOptions = {}) => {
    const socket = new Socket(new URL("/socket", served?.url).toString(), {
      ...(WebSocket && { WebSocket }),
      reconnectAfter: () => 10,
      rejoinAfter: () => 10,
      ...options,
    });
    sockets.push(socket);
    socket.connect();
    return socket;
  };

  test("a channel is joined, pushes, is answered, hears and leaves", async () => {
    await start();
    const room = open({ token: async () => "Ünal" }).channel<RoomChannel>("room:1", { since: 5 });
    const heard: unknown[] = [];
    expect(await room.join()).toEqual({ topic: "room:1", since: 5 });
    room.on("message", ({ body }) => heard.push(body));
    expect(await room.push("say", { body: "Hi" })).toEqual({ by: "Ünal" });
    await vi.waitFor(() => expect(heard).toEqual(["Hello Ünal", "Hi"]));
    await room.leave();
    expect(room.state).toBe("closed");
  });

  test("a refusal has its reply and code, and so have an event that fails and a topic without a channel", async () => {
    await start();
    const socket = open({ params: { name: "Ann" } });
    const refused = await socket
      .channel<RoomChannel>("room:1", { secret: "wrong" })
      .join()
      .catch((error: ChannelError) => error);
    expect(refused).toMatchObject({ code: "no_entry", reply: { reason: "unauthorized", code: "no_entry" } });
    const room = socket.channel("room:1");
    await room.join();
    await expect(room.push("unknown")).rejects.toMatchObject({ code: "unknown_event" });
    await expect(socket.channel("elsewhere").join()).rejects.toMatchObject({ code: "unmatched_topic" });
  });

  test("bytes go both ways, under a name that is not ASCII", async () => {
    await start();
    const room = open().channel<RoomChannel>("room:größe");
    await room.join();
    const heard: unknown[] = [];
    room.on("выход", (bytes) => heard.push([...bytes]));
    expect([...(await room.push("bytes", Uint8Array.of(0, 200, 255)))]).toEqual([0, 200, 255]);
    await vi.waitFor(() => expect(heard).toEqual([[0, 200, 255]]));
  });

  test("a channel that has crashed joins again, one that the server has closed does not", async () => {
    await start();
    const room = open().channel<RoomChannel>("room:1");
    const errors: string[] = [];
    const ends: string[] = [];
    room.onError(({ code }) => errors.push(code));
    room.onClose((reason) => ends.push(reason));
    await room.join();
    await expect(room.push("crash")).rejects.toMatchObject({ code: "crashed" });
    expect(await room.push("say", { body: "again" })).toEqual({ by: "nobody" });
    expect(errors).toEqual(["crashed"]);
    void room.push("end");
    await vi.waitFor(() => expect(ends).toEqual(["closed"]));
  });

  test("a server that starts again finds its clients, and pushes made meanwhile arrive once", async () => {
    await start();
    const port = Number(new URL((served as Served).url).port);
    const [ann, bob] = [open({ token: "Ann" }), open({ token: "Bob" })];
    const [room, other] = [ann.channel<RoomChannel>("room:1"), bob.channel<RoomChannel>("room:1")];
    const heard: unknown[] = [];
    other.on("message", ({ body }) => heard.push(body));
    await Promise.all([room.join(), other.join()]);
    await served?.close();
    await vi.waitFor(() => expect([ann.connected, bob.connected]).toEqual([false, false]));
    const pushes = [1, 2, 3].map((number) => room.push("say", { body: `${number}` }));
    const isBack = new Promise<void>((resolve) => other.onJoin(() => resolve()));
    heard.length = 0;
    await start(port);
    await Promise.all([...pushes, isBack]);
    // Those that came before the other was back are not for it.
    await room.push("say", { body: "end" });
    await vi.waitFor(() => expect(heard.at(-1)).toBe("end"));
    const numbers = heard.filter((body) => /^\d$/.test(String(body)));
    expect(numbers).toEqual([...new Set(numbers)].sort());
  });

  test("app.disconnect() ends the socket, which comes back and is asked for its token again", async () => {
    const app = await start();
    const tokens = ["Ann", "Eve"];
    const socket = open({ token: () => tokens.shift() });
    const room = socket.channel<RoomChannel>("room:1");
    const ends: unknown[] = [];
    socket.onClose((end) => ends.push(end?.code));
    await room.join();
    app.disconnect("user:Ann");
    await vi.waitFor(() => expect(ends).toEqual([1001]));
    expect(await room.push("say", { body: "Hi" })).toEqual({ by: "Eve" });
  });

  test("a socket that is refused goes on asking, and gets in with the right token", async () => {
    await start();
    const tokens = ["bad", "bad", "good"];
    const socket = open({ token: () => tokens.shift() });
    const errors: unknown[] = [];
    socket.onError((error) => errors.push(error));
    const room = socket.channel<RoomChannel>("room:1");
    await room.join();
    expect(await room.push("say", { body: "Hi" })).toEqual({ by: "good" });
    expect(errors.length).toBeGreaterThan(0);
  });
});
