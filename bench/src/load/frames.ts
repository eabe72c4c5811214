/** As much of the WebSocket protocol as a client needs that talks to a server it trusts. */

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** Longest text whose length fits in a frame's second byte. */
const SHORT = 125;

/** Gets the text of each message in place; it is gone when the call returns. */
export type OnText = (buffer: Buffer, start: number, end: number) => void;

/**
 * A message as a client sends it, in characters that are bytes. The mask's key is zero: a server unmasks as ever, and the
 * client has nothing to do.
 */
export function textFrame(text: string): string {
  const { length } = text;
  if (length <= SHORT) return `\x81${String.fromCharCode(0x80 | length)}\0\0\0\0${text}`;
  if (length > 0xffff) throw new RangeError("longer than anything that is measured here");
  return `\x81\xfe${String.fromCharCode(length >> 8, length & 0xff)}\0\0\0\0${text}`;
}

/** Header of a binary message. */
export function binaryHead(length: number): Buffer {
  if (length <= SHORT || length > 0xffff) throw new RangeError("nothing of this length is measured here");
  return Buffer.from([0x80 | BINARY, 0xfe, length >> 8, length & 0xff, 0, 0, 0, 0]);
}

/** The end of a connection that is meant to end. */
export const CLOSE_FRAME = `${String.fromCharCode(0x80 | CLOSE)}\x80\0\0\0\0`;

/** Answer to a ping; servers that send none are not the kind we measure. */
export const PONG_FRAME = `${String.fromCharCode(0x80 | PONG)}\x80\0\0\0\0`;

/** Cuts a stream of bytes into messages. */
export class FrameReader {
  #rest: Buffer | undefined;
  readonly #onText: OnText;
  readonly #onPing: () => void;

  constructor(onText: OnText, onPing: () => void) {
    this.#onText = onText;
    this.#onPing = onPing;
  }

  /** @throws Error for what no server of ours sends, and when the server closes */
  read(chunk: Buffer): void {
    const buffer = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    this.#rest = undefined;
    let at = 0;
    while (buffer.length - at >= 2) {
      const first = buffer[at] as number;
      let start = at + 2;
      let length = buffer[at + 1] as number;
      if (length === 126) {
        if (buffer.length < (start += 2)) break;
        length = buffer.readUInt16BE(at + 2);
      } else if (length === 127) {
        if (buffer.length < (start += 8)) break;
        length = Number(buffer.readBigUInt64BE(at + 2));
      }
      if (buffer.length < start + length) break;
      at = start + length;
      if (first === (0x80 | TEXT)) this.#onText(buffer, start, at);
      else if (first === (0x80 | PING)) this.#onPing();
      else if (first === (0x80 | CLOSE)) {
        throw new Error(`the server closed a socket: ${buffer.toString("utf8", start + 2, at)}`);
      } else throw new Error(`a frame that begins with ${first}`);
    }
    // The buffer is read into again: what is left of it has to be copied.
    if (at < buffer.length) this.#rest = Buffer.from(buffer.subarray(at));
  }
}
