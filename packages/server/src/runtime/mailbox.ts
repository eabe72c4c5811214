/** A view's mailbox: one message at a time, in order; an asynchronous one holds the next back. */
import {
  currentLink,
  currentTurn,
  enterLink,
  isOverdue,
  LONGEST_CHAIN,
  yieldTurn,
} from "../view/message-chain.ts";
import { MessageQueue } from "./message-queue.ts";
import { type TracedView, traced } from "./tracing.ts";

/** Something to do in the view's turn. */
export interface Message {
  /** Name for reports: an event's or a callback's. */
  readonly label: string;
  /** The client's event that it answers, 0 if none. */
  readonly ref: number;
  readonly run: () => unknown;
  /** Number in a chain of messages, each caused by the one before; 0 or absent if it came from outside. */
  readonly link?: number;
}

/** Receives the messages; implemented by the process. */
export interface MailboxOwner extends TracedView {
  /**
   * After a message has run. The next one waits for a promise.
   * @param more another message follows at once, so that one rendering can show the changes of both
   */
  messageDone(message: Message, result: unknown, more: boolean): void | Promise<void>;
  /** Never throws. */
  messageFailed(message: Message, error: unknown): void;
  /** A message has been running for longer than handlers should. */
  messageSlow(message: Message, milliseconds: number): void;
  /** Set while a client's events have to wait, because their changes could not be sent. */
  readonly holdsEvents: boolean;
  /** Messages that may wait, events of the client not counted. */
  readonly mostMessages: number;
  /** Milliseconds after which a handler is slow. */
  readonly slowAfter: number;
  /** Told when a message or a rendering is over, in development. */
  readonly unrenderedChanges?: { remember(): void } | undefined;
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";

/** Nothing ever waits in most mailboxes. */
const empty = new MessageQueue<Message>();

/** Messages that wait together from which on they are rendered together. */
const BATCH = 8;
/** Length of a chain from which on its time is measured. */
const SHORT_CHAIN = 8;
/** Messages beside the client's in which it is looked once: a chain may go on by a microtask that carries no number. */
const LOOK = 128;

export class Mailbox {
  readonly #owner: MailboxOwner;
  /** The client's messages, which may be held back, and the others. */
  #events = empty;
  #others = empty;
  #placed = 0;
  /** Messages that ran at once without a known cause. */
  #unlinked = 0;
  #idlers: (() => void)[] | undefined;
  /** Until it is opened, messages only gather. */
  #busy = true;
  /** Renderings under way that no message may interrupt. */
  #pauses = 0;
  /** Waits for the event loop. */
  #hasYielded = false;
  /** Many messages wait: they are rendered together until none is left. */
  #isBatch = false;
  /** Number in its chain of the message that runs. */
  #link = 0;
  /** Turn of the event loop in which the message that takes time began; -1 if none does. */
  #began = -1;
  /** Labels of messages that take time: earlier changes are shown before them. */
  #timely: Set<string> | undefined;
  #running: Message | undefined;
  /** Ref of the message that runs, or ran last. */
  #ref = 0;
  #runningSince = 0;
  #watch: NodeJS.Timeout | undefined;

  constructor(turn: MailboxOwner) {
    this.#owner = turn;
  }

  /** A client's events that wait for their turn. */
  get events(): number {
    return this.#events.length;
  }

  /** A message is under way that takes time. */
  get busy(): boolean {
    return this.#busy;
  }

  /** Ref of the client's event that is being handled, 0 if none is. */
  get handling(): number {
    return this.#busy ? this.#ref : 0;
  }

  /** Set if nothing runs or waits. */
  get idle(): boolean {
    return !this.#busy && this.#isEmpty;
  }

  get #isEmpty(): boolean {
    return this.#events.length === 0 && this.#others.length === 0;
  }

  /** Number of the current message in a chain of the view's own; 0 if its cause is outside. */
  get link(): number {
    const link = currentLink();
    if (link > 0 || this.#began < 0) return link;
    return this.#began === currentTurn() ? this.#link + 1 : 0;
  }

  /** Puts a message at the end; runs it at once if nothing is before it. */
  put(message: Message): void {
    const { link = 0, ref } = message;
    if (link > LONGEST_CHAIN) {
      this.#owner.messageFailed(message, endless(message));
      return;
    }
    const waits =
      this.#busy || this.#pauses > 0 || this.#hasYielded || !this.#isEmpty || this.#isHeld(message);
    const looks = link > SHORT_CHAIN || (ref === 0 && ++this.#unlinked % LOOK === 0);
    if (waits || (looks && isOverdue())) {
      if (ref === 0 && this.#others.length >= this.#owner.mostMessages) {
        this.#owner.messageFailed(message, tooMany(message, this.#others.length));
        return;
      }
      this.#enqueue(message);
      if (!waits) this.#yield();
    } else {
      this.#start(message);
      this.run();
    }
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
    this.#owner.unrenderedChanges?.remember();
    if (--this.#pauses === 0) this.run();
  }

  /** Resolves when nothing runs or waits. */
  whenIdle(): Promise<void> {
    return this.idle ? Promise.resolve() : new Promise((resolve) => (this.#idlers ??= []).push(resolve));
  }

  /** Forgets the queue. */
  clear(): void {
    this.#events = this.#others = empty;
    clearTimeout(this.#watch);
    this.#watch = undefined;
  }

  /** Goes on with the queue, until it is empty, held, a message takes time, or the event loop needs a turn. */
  run(): void {
    while (!this.#busy && this.#pauses === 0 && !this.#hasYielded && !this.#isEmpty) {
      if (this.#others.length >= BATCH) this.#isBatch = true;
      const message = this.#next();
      if (!message) return;
      this.#start(message);
      const { length } = this.#others;
      if (length === 0) this.#isBatch = false;
      if (length + this.#events.length >= BATCH || this.#link > SHORT_CHAIN) {
        if (isOverdue()) this.#yield();
      }
    }
  }

  #enqueue(message: Message): void {
    let queue = message.ref === 0 ? this.#others : this.#events;
    if (queue === empty) {
      queue = new MessageQueue<Message>();
      if (message.ref === 0) this.#others = queue;
      else this.#events = queue;
    }
    queue.push(message, this.#placed++);
  }

  #next(): Message | undefined {
    const [events, others] = [this.#events, this.#others];
    return events.place < others.place && !this.#owner.holdsEvents ? events.shift() : others.shift();
  }

  #yield(): void {
    this.#hasYielded = true;
    yieldTurn(() => {
      this.#hasYielded = false;
      this.run();
    });
  }

  #isHeld({ ref }: Message): boolean {
    return ref !== 0 && this.#owner.holdsEvents;
  }

  #start(message: Message): void {
    const { link = 0, label } = message;
    this.#busy = true;
    this.#ref = message.ref;
    this.#link = link;
    const outer = enterLink(link + 1);
    try {
      const result = traced(this.#owner, label, message.run);
      if (isPromise(result)) this.#wait(message, result);
      else this.#done(message, result, this.#isBatch && message.ref === 0 && this.#goesOn());
    } catch (error) {
      this.#failed(message, error);
    } finally {
      enterLink(outer);
    }
  }

  #wait(message: Message, result: PromiseLike<unknown>): void {
    if (message.ref === 0) {
      this.#began = currentTurn();
      (this.#timely ??= new Set()).add(message.label);
    }
    this.#watchOver(message);
    // Not every thenable keeps its word.
    const promise = result instanceof Promise ? result : Promise.resolve(result);
    promise
      .then(
        (value) => this.#done(message, value, false),
        (error) => this.#failed(message, error),
      )
      .then(() => this.run());
  }

  /** Tells if a message follows at once that needs no answer of its own. */
  #goesOn(): boolean {
    const { first } = this.#others;
    if (!first || this.#timely?.has(first.label)) return false;
    return (this.#others.place < this.#events.place || this.#owner.holdsEvents) && !isOverdue();
  }

  #done(message: Message, result: unknown, more: boolean): void {
    try {
      const rest = this.#owner.messageDone(message, result, more);
      if (!rest) this.#free();
      else {
        this.#watchOver(message);
        rest
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
    this.#owner.messageFailed(message, error);
    this.#owner.unrenderedChanges?.remember();
  }

  /** One timer for many messages: it looks at the one that runs when its time has come. */
  #watchOver(message: Message): void {
    if (this.#running === message) return;
    this.#running = message;
    this.#runningSince = performance.now();
    if (this.#owner.slowAfter > 0) this.#watch ??= this.#look(this.#owner.slowAfter);
  }

  #look(after: number): NodeJS.Timeout {
    const look = () => {
      this.#watch = undefined;
      if (!this.#running) return;
      const time = performance.now() - this.#runningSince;
      const { slowAfter } = this.#owner;
      if (time >= slowAfter) this.#owner.messageSlow(this.#running, time);
      else this.#watch = this.#look(slowAfter - time);
    };
    return setTimeout(look, Math.ceil(after)).unref();
  }

  #free(): void {
    this.#owner.unrenderedChanges?.remember();
    this.#busy = false;
    this.#began = -1;
    this.#running = undefined;
    if (!this.#idlers || !this.#isEmpty) return;
    for (const resolve of this.#idlers) resolve();
    this.#idlers = undefined;
  }
}

const endless = ({ label }: Message) =>
  new Error(
    `"${label}" caused ${LONGEST_CHAIN.toLocaleString("en")} messages in a row, each by the one before and none by anything from outside. Stop at some point, or use this.setTimeout for what goes on.`,
  );

const tooMany = ({ label }: Message, count: number) =>
  new Error(
    `More than ${count.toLocaleString("en")} messages wait for their turn, the last one of them "${label}". They come faster than the view handles them, or a handler never ends. The bound is limits.queuedMessages.`,
  );
