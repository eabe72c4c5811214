/** A `ws` socket as the client's end of a connection. */
import type { Duplex } from "node:stream";
import { isLost } from "@overwire/client/wire";
import type { WebSocket } from "ws";
import type { AppSocket, ChannelPeer, SharedMessage } from "../connection/transport.ts";
import type { Limits, Report } from "../runtime/services.ts";
import { Turns } from "./turns.ts";

/** Most bytes a UTF-16 unit becomes in UTF-8. */
const BYTES = 3;

/** The part of an app that its sockets need. */
export interface SocketOwner {
  readonly limits: Limits;
  readonly report: (report: Report) => void;
}

/** Longest text whose size fits in a frame's second byte, and in two more. */
const SHORT = 125;
const LONG = 0xffff;

/** Tells if each character of a text is a byte of UTF-8, and {@link frameOf} knows its size. */
const isPlain = (text: string): boolean => text.length <= LONG && Buffer.byteLength(text) === text.length;

/** The frame of a plain text, in characters that are bytes. `ws` gives its socket head and text apart, which takes it twice as long. */
function frameOf(text: string): string {
  const { length } = text;
  if (length <= SHORT) return `\x81${String.fromCharCode(length)}${text}`;
  return `\x81\x7e${String.fromCharCode(length >> 8, length & 0xff)}${text}`;
}

class WsPeer implements ChannelPeer {
  readonly #ws: WebSocket;
  readonly #stream: Duplex;
  readonly #limit: number;
  readonly #sent: () => void;

  constructor(ws: WebSocket, stream: Duplex, limit: number, drained: () => void) {
    this.#ws = ws;
    this.#stream = stream;
    this.#limit = limit;
    this.#sent = () => {
      if (stream.writableLength <= limit) drained();
    };
  }

  get bufferedAmount(): number {
    return this.#stream.writableLength;
  }

  send(text: string): void {
    const ws = this.#ws;
    const stream = this.#stream;
    // Only a message that may fill the buffer has to report that it has left.
    if (stream.writableLength + text.length * BYTES > this.#limit) ws.send(text, this.#sent);
    else if (ws.readyState === ws.OPEN && isPlain(text)) stream.write(frameOf(text), "latin1");
    else ws.send(text);
  }

  sendBinary(message: Uint8Array): void {
    this.#sendBytes(message, true);
  }

  sendShared({ message, bytes }: SharedMessage): void {
    this.#sendBytes(bytes, typeof message !== "string");
  }

  #sendBytes(bytes: Uint8Array, binary: boolean): void {
    const ws = this.#ws;
    if (this.#stream.writableLength + bytes.length > this.#limit) ws.send(bytes, { binary }, this.#sent);
    else ws.send(bytes, { binary });
  }

  close(code: number, reason: string): void {
    this.#ws.close(code, reason);
  }
}

/** Ties a socket to the app until it closes. @param connect makes the app's side */
export function connectWs<Socket extends AppSocket>(
  ws: WebSocket,
  stream: Duplex,
  app: SocketOwner,
  connect: (peer: ChannelPeer) => Socket,
): Socket {
  const socket: Socket = connect(new WsPeer(ws, stream, app.limits.bufferedBytes, () => socket.drained()));
  const turns = new Turns(ws, socket);
  ws.on("message", turns.message);
  let refused = false;
  ws.on("close", (code) => {
    turns.end(() => socket.closed(isLost(code) && !refused));
  });
  ws.on("error", (error: Error & { code?: string }) => {
    // `ws` closes by itself, with 1009 or 1002. A line that broke is no news.
    if (!error.code?.startsWith("WS_ERR_")) return;
    // A client that sends a message too large learns of it, and comes back for its views.
    refused = error.code !== "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH";
    app.report({ kind: "refused", message: `the connection is closed: ${error.message}`, event: "message" });
  });
  return socket;
}
