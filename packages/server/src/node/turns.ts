/**
 * A client's messages, some in each turn of the event loop: a flood of short ones does not hold up other
 * clients.
 */
import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import { isOverdue } from "../view/message-chain.ts";

/** Most messages of one read, or of one turn of the event loop. */
const IN_A_TURN = 128;
/** Messages after which it is looked for how long the turn takes: a short one may well be dear. */
const LOOK = 8;

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
  /** Messages of this read that were handed on. */
  #taken = 0;
  /** Read already, but beyond this turn; no more is read meanwhile. */
  #waiting: Message[] | undefined;
  #done: (() => void) | undefined;

  /** @param socket the one that `ws` reads from, once it has begun to */
  constructor(ws: WebSocket, socket: Duplex, take: (...message: Message) => void) {
    this.#ws = ws;
    this.#take = take;
    // After that of `ws`, so that all messages of one read have come.
    socket.on("data", () => {
      if (!this.#waiting) this.#taken = 0;
    });
  }

  message(data: RawData, isBinary: boolean): void {
    if (this.#waiting) {
      this.#waiting.push([data, isBinary]);
      return;
    }
    this.#taken++;
    if (this.#taken <= IN_A_TURN && !(this.#taken % LOOK === 0 && isOverdue())) {
      this.#take(data, isBinary);
      return;
    }
    this.#waiting = [[data, isBinary]];
    this.#ws.pause();
    nextTurn(this.#next);
  }

  /**
   * The socket is closed.
   * @param done runs when all has been handed on that the client had sent before
   */
  end(done: () => void): void {
    if (this.#waiting) this.#done = done;
    else done();
  }

  readonly #next = (): void => {
    const waiting = this.#waiting ?? [];
    let taken = 0;
    for (const message of waiting) {
      if (taken === IN_A_TURN || (taken > 0 && isOverdue())) break;
      taken++;
      this.#take(...message);
    }
    waiting.splice(0, taken);
    if (waiting.length > 0) {
      nextTurn(this.#next);
      return;
    }
    this.#waiting = undefined;
    this.#taken = 0;
    if (this.#done) this.#done();
    else this.#ws.resume();
  };
}
