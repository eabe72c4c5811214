/** Runs the steps of a batch against a server. */
import { connect, type Socket } from "node:net";
import { WebSocket } from "ws";
import { type LoadedPage, Visitor } from "../clients/visitor.ts";
import {
  ACCOUNT,
  ACCOUNT_VISITORS,
  type Ending,
  ORIGIN_MARK,
  PAGES,
  type SessionRequest,
  type Step,
  TICKET_MARK,
  TOKEN_MARK,
  UPLOAD_MARK,
  VISITORS,
} from "./steps.ts";
import { kindOfChannelMessage, kindOfFrame, type Tally } from "./tally.ts";

/** Longest time for a step that waits, in milliseconds. */
const PATIENCE = 5000;

/** Longest wait for an answer that may never come, in milliseconds. */
const MOMENT = 300;

/** Longest wait for a ticket, in milliseconds: a handler that waits for an earlier one offers none. */
const TICKET = 100;

/** Steps that are sent before answers are read. */
const TOGETHER = 25;

/** The address that attacks come from; well-behaved clients have another one. */
const ADDRESS = "127.0.0.2";

export class Attacker {
  /** Frames that were sent over a socket that was open. */
  sent = 0;
  readonly #origin: string;
  readonly #port: number;
  readonly #tally: Tally;
  readonly #visitors: Visitor[] = [];
  readonly #pages: LoadedPage[][] = [];
  readonly #sockets = new Map<number, WebSocket>();
  /** Those of the sockets that are for channels. */
  readonly #channels = new WeakSet<WebSocket>();
  /** Frames to be sent as soon as a socket is open. */
  readonly #early = new Map<WebSocket, (string | Buffer)[]>();
  /** Refs of the uploads that each socket's views have. */
  readonly #uploads = new Map<number, readonly string[]>();
  /** Tickets of sessions that each socket has got, the latest first. */
  readonly #tickets = new Map<number, string[]>();
  readonly #all: (WebSocket | Socket)[] = [];

  constructor(origin: string, tally: Tally) {
    this.#origin = origin;
    this.#port = Number(new URL(origin).port);
    this.#tally = tally;
  }

  async run(steps: readonly Step[]): Promise<void> {
    await this.#load();
    let at = 0;
    for (const step of steps) {
      await this.#step(step);
      if (++at % TOGETHER === 0) await new Promise(setImmediate);
    }
    await this.#flushed();
  }

  /** Closes all sockets. */
  end(): void {
    for (const socket of this.#all) {
      if (socket instanceof WebSocket) socket.terminate();
      else socket.destroy();
    }
  }

  async #load(): Promise<void> {
    for (let at = 0; at < VISITORS; at++) {
      const visitor = new Visitor(this.#origin);
      this.#visitors.push(visitor);
      // The first brings the cookie.
      const first = await visitor.load(PAGES[0]);
      this.#pages.push([first, ...(await Promise.all(PAGES.slice(1).map((path) => visitor.load(path))))]);
    }
    for (const at of ACCOUNT_VISITORS) {
      this.#visitors[at] = new Visitor(this.#origin);
      this.#pages[at] = [];
    }
  }

  async #step(step: Step): Promise<void> {
    switch (step.do) {
      case "open":
        this.#open(step);
        return;
      case "visit":
        await this.#visit(step.visitor);
        return;
      case "session":
        await Promise.all(Array.from({ length: step.times }, () => this.#request(step.socket, step)));
        return;
      case "text":
        this.#send(step.socket, this.#filled(step.text, step.socket));
        return;
      case "binary":
        this.#send(step.socket, Buffer.from(step.bytes, "base64"));
        return;
      case "wait":
        if (step.until) await this.#ticket(step.socket);
        else await this.#roundTrip(step.socket);
        return;
      case "end":
        await this.#end(step.socket, step.how);
        return;
      case "http":
        this.#raw(step.bytes);
        return;
      case "bare":
        this.#raw(
          Buffer.concat([
            Buffer.from(
              `GET /overwire/socket HTTP/1.1\r\nHost: 127.0.0.1:${this.#port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n`,
            ),
            Buffer.from(step.bytes, "base64"),
          ]),
        );
    }
  }

  #open({ socket, visitor, channels }: Extract<Step, { do: "open" }>): void {
    const from = this.#visitors[visitor] as Visitor;
    const ws = channels === undefined ? from.dial({}, ADDRESS).ws : from.dialAt(channels, {}, ADDRESS);
    this.#all.push(ws);
    this.#sockets.set(socket, ws);
    if (channels !== undefined) this.#channels.add(ws);
    ws.on("message", (data: Buffer, isBinary) => {
      if (channels === undefined) this.#read(socket, String(data));
      else this.#add(kindOfChannelMessage(data, isBinary));
    });
    // A broken socket, or a handshake that is refused, also closes.
    ws.on("error", () => {});
    ws.on("close", (code) => this.#add(`closed ${code}`));
    const early: (string | Buffer)[] = [];
    this.#early.set(ws, early);
    ws.on("open", () => {
      this.#early.delete(ws);
      for (const message of early) this.#sendNow(ws, message);
    });
  }

  async #visit(visitor: number): Promise<void> {
    const page = await (this.#visitors[visitor] as Visitor).load("/account");
    (this.#pages[visitor] as LoadedPage[])[ACCOUNT] = page;
  }

  async #request(socket: number, { visitor, body, origin }: SessionRequest): Promise<void> {
    this.sent++;
    const request = (this.#visitors[visitor] as Visitor).request("/overwire/session", {
      method: "POST",
      headers: { origin: this.#filled(origin, socket), "content-type": "application/json" },
      body: this.#filled(body, socket),
    });
    try {
      const response = await request;
      await response.arrayBuffer();
      this.#add(`session ${response.status}`);
    } catch {
      // A body that is too large is not read to its end. A server that has ended is found out by its health.
      this.#add("session cut");
    }
  }

  #send(number: number, message: string | Buffer): void {
    const ws = this.#sockets.get(number);
    if (!ws) return;
    const early = this.#early.get(ws);
    if (early) early.push(message);
    else this.#sendNow(ws, message);
  }

  #sendNow(ws: WebSocket, message: string | Buffer): void {
    if (ws.readyState !== WebSocket.OPEN) return;
    this.sent++;
    ws.send(message);
  }

  async #end(number: number, how: Ending): Promise<void> {
    const ws = this.#sockets.get(number);
    if (ws?.readyState === WebSocket.CONNECTING) await settled(ws, "open", PATIENCE);
    if (how === "closed") ws?.close();
    else if (how === "lost" && ws?.readyState === WebSocket.OPEN) ws.close(4001);
    else if (how === "cut") ws?.terminate();
    else if (ws?.readyState === WebSocket.OPEN) {
      if (how === "paused") ws.pause();
      else ws.resume();
    }
  }

  #raw(bytes: string | Buffer): void {
    const socket = connect({ port: this.#port, host: "127.0.0.1", localAddress: ADDRESS });
    this.#all.push(socket);
    socket.on("error", () => {});
    socket.once("data", (data) => this.#add(data.subarray(0, 12).toString("latin1")));
    if (typeof bytes === "string") socket.write(bytes, "latin1");
    else socket.write(bytes);
    this.sent++;
  }

  /** Until the server answers on a socket, if it does. */
  async #roundTrip(number: number): Promise<void> {
    const ws = this.#sockets.get(number);
    if (ws?.readyState === WebSocket.CONNECTING) await settled(ws, "open", PATIENCE);
    if (ws?.readyState !== WebSocket.OPEN || ws.isPaused) return;
    const heartbeat = '"h","phoenix"';
    const isChannels = this.#channels.has(ws);
    ws.send(isChannels ? `[null,${heartbeat},"heartbeat",{}]` : '["h"]');
    await settled(ws, "message", MOMENT, (data) => !isChannels || data.includes(heartbeat));
  }

  /** Until a socket gets a ticket, if it does. */
  async #ticket(number: number): Promise<void> {
    const ws = this.#sockets.get(number);
    const before = this.#tickets.get(number)?.length;
    const until = Date.now() + TICKET;
    if (ws?.readyState === WebSocket.CONNECTING) await settled(ws, "open", PATIENCE);
    while (
      ws?.readyState === WebSocket.OPEN &&
      !ws.isPaused &&
      this.#tickets.get(number)?.length === before &&
      Date.now() < until
    ) {
      await settled(ws, "message", until - Date.now());
    }
  }

  #filled(text: string, socket: number): string {
    if (!text.includes("@")) return text;
    return text
      .replace(TOKEN_MARK, (_, visitor, page, index) => {
        const tokens = this.#pages[visitor]?.[page]?.tokens ?? [];
        return tokens[index] ?? tokens[0] ?? "";
      })
      .replace(UPLOAD_MARK, (mark, index) => this.#uploads.get(socket)?.[index] ?? mark)
      .replace(TICKET_MARK, (mark, index) => this.#tickets.get(socket)?.[index] ?? mark)
      .replaceAll(ORIGIN_MARK, this.#origin);
  }

  /** Waits until all that was sent has left. */
  async #flushed(): Promise<void> {
    const until = Date.now() + PATIENCE;
    const waits = () =>
      this.#all.some(
        (one) =>
          one instanceof WebSocket &&
          (this.#early.has(one)
            ? one.readyState === WebSocket.CONNECTING
            : one.readyState === WebSocket.OPEN && one.bufferedAmount > 0),
      );
    while (waits() && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  #read(socket: number, text: string): void {
    const refs = Array.from(text.matchAll(/data-ow-upload=\\"([^"\\]*)/g), ([, ref = ""]) => ref);
    if (refs.length > 0) this.#uploads.set(socket, refs);
    const frame = JSON.parse(text) as unknown[];
    const offer = (frame[5] as { n?: unknown } | undefined)?.n;
    if (frame[0] === "p" && Array.isArray(offer) && offer[0] === "s" && offer[3] !== "") {
      const tickets = this.#tickets.get(socket);
      if (tickets) tickets.unshift(String(offer[3]));
      else this.#tickets.set(socket, [String(offer[3])]);
      this.#add("ticket");
    }
    this.#add(kindOfFrame(frame));
  }

  #add(kind: string): void {
    this.#tally.set(kind, (this.#tally.get(kind) ?? 0) + 1);
  }
}

/** Waits for an event that fits, or the end of the socket, or that it takes too long. */
function settled(
  ws: WebSocket,
  event: string,
  patience: number,
  fits: (data: Buffer) => boolean = () => true,
): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(late);
      ws.off(event, look);
      ws.off("close", done);
      resolve();
    };
    const look = (data: Buffer) => fits(data) && done();
    const late = setTimeout(done, patience);
    ws.on(event, look);
    ws.once("close", done);
  });
}
