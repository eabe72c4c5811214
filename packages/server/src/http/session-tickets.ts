/**
 * One-time tickets by which pages fetch the cookies of sessions that their views have set. The node that runs the view keeps
 * them; another node that a page's request reaches asks it, in messages that only nodes with the secret can read.
 */
import { randomBytes } from "node:crypto";
import type { PubSub } from "../pubsub/pubsub.ts";
import { SessionError } from "../view/session-error.ts";
import { Sealer } from "./sealer.ts";
import type { Secret } from "./secret.ts";
import type { MadeSession } from "./session.ts";
import { Signer } from "./token.ts";

/** Time for which a ticket can be used, in milliseconds. */
const TICKET_TIME = 10_000;
/** Time that a page may take to tell that it has read the answer, which its connection may not bring. */
const ANSWER_TIME = 2000;
/** Longest wait for another node, in milliseconds. */
const NODE_TIME = 5000;
/** Time for which other nodes read messages and tickets, in seconds: their clocks may differ. */
const MESSAGE_AGE = 60;

/** Content of a ticket, which is signed and bound to its visitor: what is made up, or stolen, bothers no other node. */
type TicketData = readonly [node: string, id: string];

interface Ticket {
  readonly visitor: string;
  readonly made: MadeSession;
  /** It was spent: the page has its answer. */
  spent: boolean;
  timer: NodeJS.Timeout;
  done(error?: SessionError): void;
}

/** Message of one node to another, sealed. */
type NodeMessage =
  | { readonly ask: number; readonly from: string; readonly ticket: string; readonly visitor: string }
  | { readonly answer: number; readonly made?: MadeSession };

const random = (bytes: number) => randomBytes(bytes).toString("base64url");
const topicOf = (node: string) => `overwire:session:${node}`;
const notFetched = (why: string) => new SessionError("not_fetched", `The session was not set: ${why}`);

export class SessionTickets {
  readonly #pubsub: PubSub;
  readonly #sealer: Sealer;
  readonly #signer: Signer;
  readonly #node = random(12);
  readonly #tickets = new Map<string, Ticket>();
  readonly #asked = new Map<number, (made: MadeSession | undefined) => void>();
  #asks = 0;
  #stop: (() => void) | undefined;

  constructor(pubsub: PubSub, secret: Secret) {
    this.#pubsub = pubsub;
    this.#sealer = new Sealer(secret, "session-message");
    this.#signer = new Signer(secret, "session-ticket");
  }

  /** Another node may ask, or answer, from now on. */
  listen(): void {
    this.#stop ??= this.#pubsub.subscribe(topicOf(this.#node), (message) => void this.#receive(message));
  }

  /**
   * Makes a ticket for the page of a visitor.
   * @param signal of the end of who waits for it
   * @returns `done` resolves when the page has the cookies; it rejects with a SessionError if it does not fetch them
   */
  issue(
    visitor: string,
    made: MadeSession,
    signal: AbortSignal,
  ): { readonly ticket: string; readonly done: Promise<void> } {
    const data: TicketData = [this.#node, random(16)];
    const ticket = this.#signer.sign(data, MESSAGE_AGE, visitor);
    const done = new Promise<void>((resolve, reject) => {
      const over = (error?: SessionError) => {
        clearTimeout(entry.timer);
        signal.removeEventListener("abort", gone);
        this.#tickets.delete(ticket);
        if (error) reject(error);
        else resolve();
      };
      const gone = () => over(notFetched("the view has ended, and with it its page."));
      const late = () =>
        over(notFetched(`its page did not fetch the cookies within ${TICKET_TIME / 1000} s.`));
      const timer = setTimeout(late, TICKET_TIME);
      timer.unref?.();
      const entry: Ticket = { visitor, made, spent: false, timer, done: over };
      this.#tickets.set(ticket, entry);
      signal.addEventListener("abort", gone, { once: true });
      if (signal.aborted) gone();
    });
    return { ticket, done };
  }

  /**
   * Spends a ticket.
   * @param visitor of the request
   * @returns undefined if there is no such ticket for the visitor, or not any more
   */
  async spend(ticket: string, visitor: string): Promise<MadeSession | undefined> {
    const verified = this.#signer.verify<TicketData>(ticket, visitor);
    if (!verified.ok) return undefined;
    const [node] = verified.data;
    return node === this.#node ? this.#spend(ticket, visitor) : this.#ask(node, ticket, visitor);
  }

  #spend(ticket: string, visitor: string): MadeSession | undefined {
    const entry = this.#tickets.get(ticket);
    if (!entry || entry.spent || entry.visitor !== visitor) return undefined;
    entry.spent = true;
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => entry.done(), ANSWER_TIME);
    entry.timer.unref?.();
    return entry.made;
  }

  /** The page says that it has its answer, or that it can get none. */
  fetched(ticket: string): void {
    const entry = this.#tickets.get(ticket);
    entry?.done(entry.spent ? undefined : notFetched("its page could not fetch the cookies."));
  }

  async #ask(node: string, ticket: string, visitor: string): Promise<MadeSession | undefined> {
    this.listen();
    await this.#pubsub.settled?.();
    const ask = ++this.#asks;
    const answer = new Promise<MadeSession | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), NODE_TIME);
      timer.unref?.();
      this.#asked.set(ask, (made) => {
        clearTimeout(timer);
        resolve(made);
      });
    });
    await this.#send(node, { ask, from: this.#node, ticket, visitor });
    return answer.finally(() => this.#asked.delete(ask));
  }

  async #send(node: string, message: NodeMessage): Promise<void> {
    this.#pubsub.publish(topicOf(node), await this.#sealer.seal({ ...message, to: node }, MESSAGE_AGE));
  }

  async #receive(sealed: unknown): Promise<void> {
    if (typeof sealed !== "string") return;
    const message = await this.#sealer.open<NodeMessage & { readonly to: string }>(sealed);
    if (message?.to !== this.#node) return;
    if ("answer" in message) return this.#asked.get(message.answer)?.(message.made);
    const made = this.#spend(message.ticket, message.visitor);
    await this.#send(message.from, { answer: message.ask, ...(made && { made }) });
  }

  close(): void {
    this.#stop?.();
    this.#stop = undefined;
    for (const { done } of [...this.#tickets.values()]) done(notFetched("the app was closed."));
  }
}
