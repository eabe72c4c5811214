/** A client's messages, some in each turn of the event loop: a flood of short ones holds up nobody else. */
import type { RawData, WebSocket } from "ws";

/** Messages in one turn. */
const IN_A_TURN = 128;

// Tests may replace the global one, and then nothing would go on.
const nextTurn = setImmediate;

type Message = readonly [data: RawData, isBinary: boolean];

/**
 * Node reads a socket for as long as there is something to read, and `ws` hands on all messages of what was read: thousands
 * before anything else runs.
 */
export class Turns {
  readonly #ws: WebSocket;
  readonly #take: (...message: Message) => void;
  #taken = 0;
  /** Read already, but beyond this turn; no more is read meanwhile. */
  #waiting: Message[] | undefined;

  constructor(ws: WebSocket, take: (...message: Message) => void) {
    this.#ws = ws;
    this.#take = take;
  }

  message(data: RawData, isBinary: boolean): void {
    if (++this.#taken <= IN_A_TURN) {
      this.#take(data, isBinary);
      return;
    }
    if (!this.#waiting) {
      this.#waiting = [];
      this.#ws.pause();
      nextTurn(this.#next);
    }
    this.#waiting.push([data, isBinary]);
  }

  /** Hands on what waits. */
  end(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = [];
    for (const message of waiting) this.#take(...message);
  }

  readonly #next = (): void => {
    const waiting = this.#waiting ?? [];
    this.#waiting = waiting.slice(IN_A_TURN);
    for (const message of waiting.slice(0, IN_A_TURN)) this.#take(...message);
    if (this.#waiting.length > 0) nextTurn(this.#next);
    else {
      this.#waiting = undefined;
      this.#taken = 0;
      this.#ws.resume();
    }
  };
}
