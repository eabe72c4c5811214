/** One direction of a connection: carries bytes in their order, with a delay, or loses them. */
import type { Socket } from "node:net";

export interface Delay {
  /** Milliseconds that each piece takes. */
  readonly latency: number;
  /** Random addition to it, in milliseconds, at most. */
  readonly jitter: number;
}

type Piece = { readonly bytes: Buffer | "end" | "reset"; readonly at: number };

/** Resets a socket. One that has already sent its end cannot be reset any more, and Node would keep it for ever. */
export function cut(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

export class Lane {
  readonly #to: Socket;
  readonly #delay: () => number;
  readonly #cut: () => void;
  #queue: Piece[] = [];
  #timer: NodeJS.Timeout | undefined;
  #last = 0;
  #pieces = 0;
  #isHeld = false;
  #isLost = false;
  /** Number of pieces that pass before the lane holds. */
  #holdFrom = Number.POSITIVE_INFINITY;
  #halves = false;

  /**
   * @param delay of the next piece, in milliseconds
   * @param cut resets the connection
   */
  constructor(to: Socket, delay: () => number, cut: () => void) {
    this.#to = to;
    this.#delay = delay;
    this.#cut = cut;
  }

  /** All bytes that were taken have been delivered. */
  get empty(): boolean {
    return this.#queue.length === 0;
  }

  take(bytes: Piece["bytes"]): void {
    if (this.#isLost) return;
    if (++this.#pieces > this.#holdFrom) this.#isHeld = true;
    this.#last = Math.max(this.#last, performance.now() + this.#delay());
    this.#queue.push({ bytes, at: this.#last });
    this.#pump();
  }

  /** Keeps all bytes until {@link release}. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Holds all but the first pieces: of a WebSocket, the first one is its handshake. */
  holdAfter(pieces: number): void {
    this.#holdFrom = pieces;
    if (this.#pieces > pieces) this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.#holdFrom = Number.POSITIVE_INFINITY;
    this.#pump();
  }

  /** Bytes that come from now on never arrive; held ones still may. */
  lose(): void {
    this.#isLost = true;
  }

  /** Delivers half of the next piece, and cuts the connection: in the middle of a frame. */
  cutNext(): void {
    this.#halves = true;
  }

  drop(): void {
    clearTimeout(this.#timer);
    this.#isLost = true;
    this.#queue = [];
  }

  #pump(): void {
    clearTimeout(this.#timer);
    while (!this.#isHeld) {
      const [piece] = this.#queue;
      if (!piece) return;
      const wait = piece.at - performance.now();
      if (wait > 0) {
        this.#timer = setTimeout(() => this.#pump(), wait);
        return;
      }
      this.#queue.shift();
      this.#deliver(piece.bytes);
    }
  }

  #deliver(bytes: Piece["bytes"]): void {
    if (bytes === "end") this.#to.end();
    else if (bytes === "reset") cut(this.#to);
    else if (this.#halves) {
      this.#to.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => this.#cut());
      this.drop();
    } else if (this.#to.writable) this.#to.write(bytes);
  }
}
