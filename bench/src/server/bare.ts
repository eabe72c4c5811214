/** The ceiling: node's http and `ws` with nothing on top, answering with bytes they were given. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { answer } from "../calls.ts";
import { receiver } from "./receiver.ts";
import { liveUsage, settledUsage, usage } from "./usage.ts";

let reply = "";
let page = "";
let headers: readonly (readonly [name: string, value: string])[] = [];

const http = createServer((_request, response) => {
  response.writeHead(200, [...headers.flat(), "content-length", String(Buffer.byteLength(page))]);
  response.end(page);
});

const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
sockets.on("connection", (socket, request) => {
  const receive = receiver(socket, request.url === "/kept");
  socket.on("message", (data, isBinary) => {
    if (isBinary) {
      receive(data as Buffer);
      return;
    }
    JSON.parse(String(data));
    socket.send(reply);
  });
});

http.listen(0, "127.0.0.1");
const listening = once(http, "listening");

const calls = {
  port: async () => {
    await listening;
    return (http.address() as AddressInfo).port;
  },
  usage,
  settledUsage,
  liveUsage,
  /** Answer to every message. */
  setReply: (text: string) => {
    reply = text;
  },
  /** Answer to every request. */
  setPage: (text: string, sent: readonly (readonly [name: string, value: string])[]) => {
    page = text;
    headers = sent;
  },
  /** Sends the reply to all sockets. @returns nanoseconds of the machine's clock just before */
  publish: () => {
    const at = process.hrtime.bigint();
    for (const socket of sockets.clients) socket.send(reply);
    return at;
  },
};

export type BareCalls = typeof calls;
answer(calls);
