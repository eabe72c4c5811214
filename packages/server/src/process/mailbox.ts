/** A view's mailbox: one message at a time, in order; an asynchronous one holds the next back. */

/** Something to do in the view's turn. */
export interface Message {
  /** What it is, for reports: an event's name or a callback's. */
  readonly label: string;
  /** The client's event that it answers, 0 if none. */
  readonly ref: number;
  readonly run: () => unknown;
}

/** What is done with messages; implemented by the process. */
export interface Turn {
  /** After a message has run. The next one waits for a promise. */
  done(message: Message, result: unknown): void | Promise<void>;
  failed(message: Message, error: unknown): void;
  /** Whether a client's events have to wait, because what they would show could not be sent. */
  readonly held: boolean;
}

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";

export class Mailbox {
  readonly #turn: Turn;
  #waiting: Message[] = [];
  #events = 0;
  #idlers: (() => void)[] | undefined;
  /** Until it is opened, messages only gather. */
  #busy = true;
  /** Renderings under way that no message may interrupt. */
  #pauses = 0;

  constructor(turn: Turn) {
    this.#turn = turn;
  }

  /** A client's events that wait for their turn. */
  get events(): number {
    return this.#events;
  }

  /** A message is under way that takes time. */
  get busy(): boolean {
    return this.#busy;
  }

  /** Whether nothing runs or waits. */
  get idle(): boolean {
    return !this.#busy && this.#waiting.length === 0;
  }

  /** Puts a message at the end; runs it at once if nothing is before it. */
  put(message: Message): void {
    if (this.#busy || this.#pauses > 0 || this.#waiting.length > 0 || this.#isHeld(message)) {
      this.#waiting.push(message);
      if (message.ref !== 0) this.#events++;
    } else this.#start(message);
    this.run();
  }

  /** Begins to take messages. */
  open(): void {
    this.#free();
    this.run();
  }

  /** Lets messages gather until {@link unpause}. */
  pause(): void {
    this.#pauses++;
  }

  unpause(): void {
    if (--this.#pauses === 0) this.run();
  }

  /** Resolves when nothing runs or waits. */
  whenIdle(): Promise<void> {
    return this.idle ? Promise.resolve() : new Promise((resolve) => (this.#idlers ??= []).push(resolve));
  }

  /** Forgets what waits. */
  clear(): void {
    this.#waiting = [];
    this.#events = 0;
  }

  /** Goes on with what waits, until it is empty, held, or a message takes time. */
  run(): void {
    while (!this.#busy && this.#pauses === 0 && this.#waiting.length > 0) {
      const index = this.#waiting.findIndex((message) => !this.#isHeld(message));
      const [message] = index < 0 ? [] : this.#waiting.splice(index, 1);
      if (!message) return;
      if (message.ref !== 0) this.#events--;
      this.#start(message);
    }
  }

  #isHeld({ ref }: Message): boolean {
    return ref !== 0 && this.#turn.held;
  }

  #start(message: Message): void {
    this.#busy = true;
    try {
      const result = message.run();
      if (!isPromise(result)) {
        this.#done(message, result);
        return;
      }
      result
        .then(
          (value) => this.#done(message, value),
          (error) => this.#failed(message, error),
        )
        .then(() => this.run());
    } catch (error) {
      this.#failed(message, error);
    }
  }

  #done(message: Message, result: unknown): void {
    try {
      const more = this.#turn.done(message, result);
      if (!more) this.#free();
      else {
        more
          .then(
            () => this.#free(),
            (error) => this.#failed(message, error),
          )
          .then(() => this.run());
      }
    } catch (error) {
      this.#failed(message, error);
    }
  }

  #failed(message: Message, error: unknown): void {
    this.#free();
    this.#turn.failed(message, error);
  }

  #free(): void {
    this.#busy = false;
    if (!this.#idlers || this.#waiting.length) return;
    for (const resolve of this.#idlers) resolve();
    this.#idlers = undefined;
  }
}
