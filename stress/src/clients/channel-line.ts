/** A client of channels in terms of the protocol: one socket, and all messages that it has received. */
import { once } from "node:events";
import {
  type ChannelFrame,
  type ChannelReply,
  readServerMessage,
  writeClientMessage,
} from "@overwire/server/wire";
import type { RawData, WebSocket } from "ws";
import { PATIENCE, type Visitor } from "./visitor.ts";

export class ChannelLine {
  readonly ws: WebSocket;
  readonly messages: ChannelFrame[] = [];
  closed: readonly [code: number, reason: string] | undefined;
  readonly #waiting = new Set<() => void>();

  private constructor(ws: WebSocket) {
    this.ws = ws;
    ws.on("message", (data: RawData, isBinary) => {
      const message = readServerMessage(isBinary ? Uint8Array.from(data as Buffer) : String(data));
      if (!message) throw new Error(`the server has sent what is no message: ${String(data).slice(0, 200)}`);
      this.messages.push(message);
      this.#wake();
    });
    ws.on("close", (code, reason) => {
      this.closed = [code, String(reason)];
      this.#wake();
    });
    // A broken line also closes.
    ws.on("error", () => {});
  }

  /** @param headers of the handshake */
  static async open(
    visitor: Visitor,
    path: string,
    headers: Record<string, string> = {},
  ): Promise<ChannelLine> {
    const ws = visitor.dialAt(path, headers);
    const line = new ChannelLine(ws);
    await once(ws, "open", { signal: AbortSignal.timeout(PATIENCE) });
    return line;
  }

  say(joinRef: string | null, ref: string | null, topic: string, event: string, payload: unknown = {}): void {
    this.send(writeClientMessage({ joinRef, ref, topic, event, payload }));
  }

  send(message: string | Uint8Array): void {
    this.ws.send(message);
  }

  /** Sends a message, and waits for its reply. */
  async ask(
    joinRef: string | null,
    ref: string,
    topic: string,
    event: string,
    payload: unknown = {},
  ): Promise<ChannelReply> {
    const from = this.messages.length;
    this.say(joinRef, ref, topic, event, payload);
    const reply = await this.next((message) => message.event === "phx_reply" && message.ref === ref, from);
    return reply.payload as ChannelReply;
  }

  /**
   * The first message that fits, of those from number `from` on.
   * @throws Error if the socket is closed or nothing comes
   */
  async next(fits: (message: ChannelFrame) => boolean, from = 0): Promise<ChannelFrame> {
    const until = Date.now() + PATIENCE;
    for (;;) {
      const found = this.messages.slice(from).find(fits);
      if (found) return found;
      if (this.closed) throw new Error(`the socket of channels was closed: ${this.closed}`);
      if (Date.now() >= until) {
        const seen = JSON.stringify(this.messages.slice(from)).slice(0, 500);
        throw new Error(`${PATIENCE} ms: no such message among ${seen}`);
      }
      await this.#change(until - Date.now());
    }
  }

  /** Waits until the server has closed it. */
  async end(): Promise<readonly [code: number, reason: string]> {
    const until = Date.now() + PATIENCE;
    while (!this.closed) {
      if (Date.now() >= until) throw new Error(`${PATIENCE} ms: the socket of channels is still open`);
      await this.#change(until - Date.now());
    }
    return this.closed;
  }

  terminate(): void {
    this.ws.terminate();
  }

  /** Until something has come, or the time is over. */
  #change(patience: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(late);
        this.#waiting.delete(done);
        resolve();
      };
      const late = setTimeout(done, patience);
      this.#waiting.add(done);
    });
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
