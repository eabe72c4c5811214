/** The process of the clients of channels: joins, broadcasts that arrive, and events that are answered. */
import { answer } from "../calls.ts";
import type { Kind } from "../server/channels.ts";
import { LightSocket } from "./socket.ts";

const AT_ONCE = 50;
const PATH: Readonly<Record<Kind, string>> = {
  ours: "/socket",
  bare: "/",
  socketio: "/socket.io/?EIO=4&transport=websocket",
};
const echo: Readonly<Record<Kind, string>> = {
  ours: '["1","2","room:1","echo",{"n":1}]',
  bare: '["1","2","room:1","echo",{"n":1}]',
  socketio: '421["echo",{"n":1}]',
};

const open: Record<Kind, LightSocket[]> = { ours: [], bare: [], socketio: [] };

async function join(kind: Kind, port: number): Promise<LightSocket> {
  const socket = await LightSocket.open(port, PATH[kind]);
  if (kind === "socketio") {
    // The greeting may have come with the handshake.
    const connected = new Promise<void>((resolve) => {
      socket.onText = (buffer, start) => {
        if (buffer.toString("latin1", start, start + 2) === "40") resolve();
      };
    });
    socket.send("40");
    await connected;
  } else {
    const reply = socket.next();
    socket.send('["1","1","room:1","phx_join",{}]');
    await reply;
  }
  return socket;
}

async function joinMany(kind: Kind, port: number, count: number): Promise<LightSocket[]> {
  const all: LightSocket[] = [];
  let started = 0;
  const one = async () => {
    while (started < count) {
      started++;
      all.push(await join(kind, port));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return all;
}

let arrived: Promise<bigint> = Promise.resolve(0n);

const calls = {
  /** Opens sockets that stay, each with a channel. */
  fill: async (kind: Kind, port: number, count: number) => {
    open[kind].push(...(await joinMany(kind, port, count)));
  },
  /** Joins and leaves. @returns joins a second */
  joins: async (kind: Kind, port: number, count: number) => {
    const start = performance.now();
    const all = await joinMany(kind, port, count);
    const rate = (1000 * count) / (performance.now() - start);
    for (const socket of all) socket.close();
    return rate;
  },
  expect: (kind: Kind) => {
    let left = open[kind].length;
    arrived = new Promise((resolve) => {
      for (const socket of open[kind])
        socket.onText = () => {
          if (--left === 0) resolve(process.hrtime.bigint());
        };
    });
  },
  arrival: () => arrived,
  /** Events that are answered, a few sockets at once, one after the other each. @returns answers a second */
  echoes: async (kind: Kind, seconds: number) => {
    const end = performance.now() + seconds * 1000;
    let count = 0;
    const run = async (socket: LightSocket) => {
      while (performance.now() < end) {
        const reply = socket.next();
        socket.send(echo[kind]);
        await reply;
        count++;
      }
    };
    await Promise.all(open[kind].slice(0, AT_ONCE).map(run));
    return count / seconds;
  },
};

export type ChannelLoadCalls = typeof calls;
answer(calls);
