/** Runs the steps of a batch against a server. */
import { connect, type Socket } from "node:net";
import { WebSocket } from "ws";
import { type LoadedPage, Visitor } from "../clients/visitor.ts";
import { type Ending, ORIGIN_MARK, PAGES, type Step, TOKEN_MARK, UPLOAD_MARK, VISITORS } from "./steps.ts";

/** Answers by kind: they show how far the attacks got. */
export type Tally = Map<string, number>;

/** Longest time for a step that waits, in milliseconds. */
const PATIENCE = 5000;

/** Longest wait for an answer that may never come, in milliseconds. */
const MOMENT = 300;

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
  /** Frames to be sent as soon as a socket is open. */
  readonly #early = new Map<WebSocket, (string | Buffer)[]>();
  /** Refs of the uploads that each socket's views have. */
  readonly #uploads = new Map<number, readonly string[]>();
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
  }

  async #step(step: Step): Promise<void> {
    switch (step.do) {
      case "open": {
        const { ws } = (this.#visitors[step.visitor] as Visitor).dial({}, ADDRESS);
        this.#all.push(ws);
        this.#sockets.set(step.socket, ws);
        ws.on("message", (data) => this.#read(step.socket, String(data)));
        ws.on("close", (code) => this.#add(`closed ${code}`));
        const early: (string | Buffer)[] = [];
        this.#early.set(ws, early);
        ws.on("open", () => {
          this.#early.delete(ws);
          for (const message of early) this.#sendNow(ws, message);
        });
        return;
      }
      case "text":
        this.#send(step.socket, this.#filled(step.text, step.socket));
        return;
      case "binary":
        this.#send(step.socket, Buffer.from(step.bytes, "base64"));
        return;
      case "wait":
        await this.#roundTrip(step.socket);
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
    ws.send('["h"]');
    await settled(ws, "message", MOMENT);
  }

  #filled(text: string, socket: number): string {
    if (!text.includes("@")) return text;
    return text
      .replace(TOKEN_MARK, (_, visitor, page, index) => {
        const tokens = this.#pages[visitor]?.[page]?.tokens ?? [];
        return tokens[index] ?? tokens[0] ?? "";
      })
      .replace(UPLOAD_MARK, (mark, index) => this.#uploads.get(socket)?.[index] ?? mark)
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
    this.#count(text);
  }

  #count(text: string): void {
    const frame = JSON.parse(text) as unknown[];
    const [kind, , third, , fifth, extras] = frame;
    if (kind === "j") this.#add((fifth as { q?: unknown }).q ? "j resumed" : "j");
    else if (kind === "x") this.#add(`x ${String(third)}`);
    else if (kind === "p") {
      const refusal = (extras as { x?: { code: string } } | undefined)?.x;
      this.#add(refusal ? `p ${refusal.code}` : "p");
    } else this.#add(String(kind));
  }

  #add(kind: string): void {
    this.#tally.set(kind, (this.#tally.get(kind) ?? 0) + 1);
  }
}

/** Waits for an event, or the end of the socket, or that it takes too long. */
function settled(ws: WebSocket, event: string, patience: number): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => done(), patience);
    const done = () => {
      clearTimeout(late);
      ws.off(event, done);
      ws.off("close", done);
      resolve();
    };
    ws.once(event, done);
    ws.once("close", done);
  });
}
