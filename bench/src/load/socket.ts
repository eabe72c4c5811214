/** A WebSocket client that costs as little as one can, so that the server is what is measured. */
import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { binaryHead, CLOSE_FRAME, FrameReader, type OnText, PONG_FRAME, textFrame } from "./frames.ts";
import { openStream } from "./stream.ts";

const END_OF_HEAD = "\r\n\r\n";

export class LightSocket {
  /** Called for each message; set it before something can come. */
  onText: OnText = () => {};
  /** Called when the socket fails, or is closed by the other side. */
  onFailure: (error: Error) => void = () => {};
  readonly #stream: Socket;
  #closed = false;

  private constructor(stream: Socket) {
    this.#stream = stream;
  }

  /** Shakes hands. */
  static open(
    port: number,
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<LightSocket> {
    return new Promise((resolve, reject) => {
      let head = "";
      let socket: LightSocket | undefined;
      const reader = new FrameReader(
        (buffer, start, end) => socket?.onText(buffer, start, end),
        () => stream.write(PONG_FRAME, "latin1"),
      );
      const stream = openStream(
        port,
        (bytes) => {
          if (socket) {
            reader.read(bytes);
            return;
          }
          head += bytes.toString("latin1");
          const end = head.indexOf(END_OF_HEAD);
          if (end < 0) return;
          if (!head.startsWith("HTTP/1.1 101 ")) throw new Error(`no WebSocket at ${path}: ${head}`);
          socket = new LightSocket(stream);
          resolve(socket);
          const rest = head.slice(end + END_OF_HEAD.length);
          if (rest) reader.read(Buffer.from(rest, "latin1"));
        },
        (error) => {
          reject(error);
          if (socket && !socket.#closed) socket.onFailure(error);
        },
      );
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      stream.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n${lines.join("")}\r\n`,
      );
    });
  }

  /** @param text of characters below U+0100 */
  send(text: string): void {
    this.#stream.write(textFrame(text), "latin1");
  }

  /** Sends parts of one binary message. They are not to be changed afterwards. */
  sendBinary(...parts: readonly Buffer[]): void {
    const stream = this.#stream;
    stream.cork();
    stream.write(binaryHead(parts.reduce((sum, { length }) => sum + length, 0)));
    for (const part of parts) stream.write(part);
    stream.uncork();
  }

  /** The next message. */
  next(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.onFailure = reject;
      this.onText = (buffer, start, end) => resolve(buffer.toString("utf8", start, end));
    });
  }

  close(): void {
    this.#closed = true;
    this.#stream.end(CLOSE_FRAME, "latin1");
  }
}
