/**
 * A client's messages, some in each turn of the event loop: a flood of short ones does not hold up other
 * clients.
 */
import type { RawData, WebSocket } from "ws";
import type { AppSocket } from "../connection/transport.ts";
import { currentTurn, isOverdue } from "../view/message-chain.ts";

/** Most messages of one turn of the event loop. */
const IN_A_TURN = 128;
/** Messages after which it is looked if the turn is still the same, and how long it takes: a short one may well be dear. */
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
  readonly #socket: Pick<AppSocket, "message" | "binary">;
  /** Messages that were handed on in this turn, and up to {@link LOOK} before it. */
  #taken = 0;
  /** The turn of the last look. */
  #turn = -1;
  /** Read already, but beyond this turn; no more is read meanwhile. */
  #waiting: Message[] | undefined;
  #done: (() => void) | undefined;

  constructor(ws: WebSocket, socket: Pick<AppSocket, "message" | "binary">) {
    this.#ws = ws;
    this.#socket = socket;
  }

  /** Listener of `ws`. */
  readonly message = (data: RawData, isBinary: boolean): void => {
    if (this.#waiting) {
      this.#waiting.push([data, isBinary]);
      return;
    }
    if (++this.#taken % LOOK !== 0 || this.#hasTime()) {
      this.#take(data, isBinary);
      return;
    }
    this.#waiting = [[data, isBinary]];
    this.#ws.pause();
    nextTurn(this.#next);
  };

  #take(data: RawData, isBinary: boolean): void {
    if (isBinary) this.#socket.binary(data as Buffer);
    else this.#socket.message(data.toString());
  }

  #hasTime(): boolean {
    const turn = currentTurn();
    if (turn === this.#turn) return this.#taken <= IN_A_TURN && !isOverdue();
    this.#turn = turn;
    this.#taken = LOOK;
    return true;
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
