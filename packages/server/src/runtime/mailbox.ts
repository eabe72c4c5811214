/** A view's messages: one at a time, in order, each when its turn has come. */
import { currentLink, currentTurn, isOverdue, LONGEST_CHAIN, yieldTurn } from "../view/message-chain.ts";
import { MessageQueue } from "./message-queue.ts";

/** Something to do in the view's turn. */
export interface Message {
  /** Name in reports: of an event or a callback. */
  readonly label: string;
  /** The client's event that it answers, 0 if none. */
  readonly ref: number;
  readonly run: () => unknown;
  /** Number in a chain of messages, each caused by the one before; 0 or absent if it came from outside. */
  readonly link?: number;
  /** Number of the live component that a client's event is for; 0 or absent for the view. */
  readonly component?: number;
}

/** Most mailboxes never queue a message. */
const empty = new MessageQueue<Message>();

/** Messages that wait together from which on they are rendered together. */
const BATCH = 8;
/** Length of a chain from which on its time is measured. */
const SHORT_CHAIN = 8;
/** Messages beside the client's after which the time is checked: a chain may go on by a microtask that carries no number. */
const UNLINKED_CHECK = 128;

export class Mailbox {
  readonly #most: number;
  /** Its events wait while it is full, as nothing that they change could be sent. Absent while the view is constructed. */
  client: { readonly full: boolean } | undefined;
  /** A message whose turn came at once. */
  #first: Message | undefined;
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
  /** The event loop needs a turn, which is not asked for yet. */
  #isOverdue = false;
  /** Waits for the event loop. */
  #hasYielded = false;
  /** Many messages wait: they are rendered together until none is left. */
  #isBatch = false;
  /** Number in its chain of the message that runs. */
  #link = 0;
  /** Turn of the event loop in which the message that takes time began; -1 if none does. */
  #began = -1;
  /** Labels of messages that take time: changes from before them are shown before them. */
  #timely: Set<string> | undefined;
  /** Ref of the message that runs, or ran last. */
  #ref = 0;

  /** @param most messages that may wait, the client's events not counted */
  constructor(most: number) {
    this.#most = most;
  }

  /** Number of the client's events that wait for their turn. */
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

  /** Nothing runs or waits. */
  get idle(): boolean {
    return !this.#busy && this.#isEmpty;
  }

  get #isEmpty(): boolean {
    return this.#events.length === 0 && this.#others.length === 0;
  }

  /** Number in its chain of a message that the view causes now; 0 if something from outside does. */
  get link(): number {
    const link = currentLink();
    if (link > 0 || this.#began < 0) return link;
    return this.#began === currentTurn() ? this.#link + 1 : 0;
  }

  /** Another message follows the one that runs at once, and needs no answer of its own: one rendering can show both. */
  get rendersLater(): boolean {
    if (!this.#isBatch || this.#ref !== 0 || this.#began >= 0) return false;
    const { first } = this.#others;
    if (!first || this.#timely?.has(first.label)) return false;
    return (this.#others.place < this.#events.place || this.client?.full === true) && !isOverdue();
  }

  /**
   * Puts a message at the end. Those whose turn has come are taken with {@link take}.
   * @returns the reason if it is not accepted
   */
  put(message: Message): Error | undefined {
    const { link = 0, ref } = message;
    if (link > LONGEST_CHAIN) return endless(message);
    const waits =
      this.#busy ||
      this.#pauses > 0 ||
      this.#hasYielded ||
      !this.#isEmpty ||
      (ref !== 0 && this.client?.full === true);
    const isMeasured = link > SHORT_CHAIN || (ref === 0 && ++this.#unlinked % UNLINKED_CHECK === 0);
    if (!waits && !(isMeasured && isOverdue())) {
      this.#first = message;
      return undefined;
    }
    if (ref === 0 && this.#others.length >= this.#most) return tooMany(message, this.#others.length);
    this.#enqueue(message);
    if (!waits) this.#isOverdue = true;
    return undefined;
  }

  /** @returns the next message, to be followed by {@link release}; undefined if none has its turn now */
  take(): Message | undefined {
    if (this.#busy || this.#pauses > 0 || this.#hasYielded || this.#isOverdue) return undefined;
    const message = this.#next();
    if (!message) return undefined;
    this.#busy = true;
    this.#ref = message.ref;
    this.#link = message.link ?? 0;
    return message;
  }

  #next(): Message | undefined {
    const first = this.#first;
    if (first) {
      this.#first = undefined;
      return first;
    }
    if (this.#isEmpty) return undefined;
    const [events, others] = [this.#events, this.#others];
    if (others.length >= BATCH) this.#isBatch = true;
    return events.place < others.place && !this.client?.full ? events.shift() : others.shift();
  }

  /** The message that was taken takes time. */
  waitFor({ ref, label }: Message): void {
    if (ref !== 0) return;
    this.#began = currentTurn();
    (this.#timely ??= new Set()).add(label);
  }

  /** The message that was taken is over; the first time, the mailbox opens. */
  release(): void {
    this.#busy = false;
    this.#began = -1;
    const { length } = this.#others;
    if (length === 0) this.#isBatch = false;
    const waiting = length + this.#events.length;
    if (waiting === 0) {
      if (!this.#idlers) return;
      for (const resolve of this.#idlers) resolve();
      this.#idlers = undefined;
    } else if ((waiting >= BATCH || this.#link > SHORT_CHAIN) && isOverdue()) this.#isOverdue = true;
  }

  /** The event loop needs a turn, for which {@link yield} has to be called. */
  get overdue(): boolean {
    return this.#isOverdue;
  }

  /** Goes on when the event loop has had its turn. */
  yield(run: () => void): void {
    this.#isOverdue = false;
    this.#hasYielded = true;
    yieldTurn(() => {
      this.#hasYielded = false;
      run();
    });
  }

  /** Lets messages gather until {@link unpause}. */
  pause(): void {
    this.#pauses++;
  }

  unpause(): void {
    this.#pauses--;
  }

  /** Resolves when nothing runs or waits. */
  whenIdle(): Promise<void> {
    return this.idle ? Promise.resolve() : new Promise((resolve) => (this.#idlers ??= []).push(resolve));
  }

  /** Forgets the messages that wait. */
  clear(): void {
    this.#events = this.#others = empty;
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
}

const endless = ({ label }: Message) =>
  new Error(
    `"${label}" caused ${LONGEST_CHAIN.toLocaleString("en")} messages in a row, each by the one before and none by anything from outside. Stop at some point, or use this.setTimeout for what goes on.`,
  );

const tooMany = ({ label }: Message, count: number) =>
  new Error(
    `More than ${count.toLocaleString("en")} messages wait for their turn, the last one of them "${label}". They come faster than the view handles them, or a handler never ends. The bound is limits.queuedMessages.`,
  );
