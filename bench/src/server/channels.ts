/** The process of one server of channels: ours, bare `ws`, or Socket.IO. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Channel, createApp } from "@overwire/server";
import { serve } from "@overwire/server/node";
import { Server } from "socket.io";
import { WebSocketServer } from "ws";
import { answer } from "../calls.ts";
import { settledUsage, usage } from "./usage.ts";

export type Kind = "ours" | "bare" | "socketio";

const payload = { body: "Hello, everyone in the room", userId: 7, at: "2026-01-01T00:00:00.000Z" };
const bareMessage = JSON.stringify([null, null, "room:1", "message", payload]);

class Room extends Channel {
  join() {
    return {};
  }
  echo = this.event((payload) => payload);
}

let broadcast = (): void => {};

async function listen(http: ReturnType<typeof createServer>): Promise<number> {
  await once(http.listen(0, "127.0.0.1"), "listening");
  return (http.address() as AddressInfo).port;
}

/** Longer than a measure: the load's clients send no heartbeats and answer no pings. */
const QUIET = 3_600_000;

const starts: Readonly<Record<Kind, () => Promise<number>>> = {
  ours: async () => {
    const app = createApp({
      secret: "a secret that only this benchmark has",
      limits: { silence: QUIET },
    });
    app.channels("/socket", {}, (socket) => socket.channel("room:*", Room));
    broadcast = () => app.broadcast("room:1", "message", payload);
    const { port } = await serve(app, { port: 0, hostname: "127.0.0.1", log: false }).ready;
    return port;
  },
  bare: () => {
    const http = createServer();
    const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
    sockets.on("connection", (socket) => {
      socket.on("message", (data) => {
        const [joinRef, ref, topic, , response] = JSON.parse(String(data));
        socket.send(JSON.stringify([joinRef, ref, topic, "phx_reply", { status: "ok", response }]));
      });
    });
    broadcast = () => {
      for (const socket of sockets.clients) socket.send(bareMessage);
    };
    return listen(http);
  },
  socketio: () => {
    const http = createServer();
    const io = new Server(http, { perMessageDeflate: false, pingInterval: QUIET });
    io.on("connection", (socket) => {
      void socket.join("room:1");
      socket.on("echo", (payload, reply) => reply(payload));
    });
    broadcast = () => void io.to("room:1").emit("message", payload);
    return listen(http);
  },
};

const calls = {
  start: (kind: Kind) => starts[kind](),
  usage,
  settledUsage,
  /** @returns nanoseconds of the machine's clock just before */
  broadcast: () => {
    const at = process.hrtime.bigint();
    broadcast();
    return at;
  },
};

export type ChannelCalls = typeof calls;
answer(calls);
