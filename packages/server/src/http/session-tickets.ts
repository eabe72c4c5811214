/**
 * One-time tickets by which pages fetch the cookies of sessions that their views have set. The node that runs the view keeps
 * them; another node that a page's request reaches asks it, in messages that only nodes with the secret can read.
 */
import { randomBytes } from "node:crypto";
import type { PubSub } from "../pubsub/pubsub.ts";
import { SessionError } from "../view/session-error.ts";
import { sessionIdOf } from "./disconnects.ts";
import { Sealer } from "./sealer.ts";
import type { Secret } from "./secret.ts";
import type { MadeSession } from "./session.ts";
import { Signer } from "./token.ts";

/** Time for a change of the session, in milliseconds: for the store, and for the page that uses its ticket. */
export const TICKET_TIME = 10_000;
/** Time that a page may take to tell that it has read the answer, which its connection may not bring. */
const ANSWER_TIME = 2000;
/** Longest wait for another node, in milliseconds. */
const NODE_TIME = 5000;
/** Time for which other nodes read messages and tickets, in seconds: their clocks may differ. */
const MESSAGE_AGE = 60;

/** Content of a ticket, which is signed: what is made up bothers no other node. */
type TicketData = readonly [node: string, id: string];

/** Session for a page, and the visitor that its views had so far. */
interface SpentTicket {
  readonly made: MadeSession;
  readonly from: string;
}

interface Ticket {
  readonly visitor: string;
  readonly made: MadeSession;
  /** It was spent: the page has its answer. */
  spent: boolean;
  /** The session of the browser that fetched it, and those before: they have ended. */
  ends: readonly string[];
  /** It was presented with the cookies of a session that does not descend from the page's. */
  isForeign: boolean;
  timer: NodeJS.Timeout;
  done(error?: SessionError): void;
}

/** Question of a node that a page's request has reached, to the node of its view: may the ticket be spent? */
interface Ask {
  readonly ask: number;
  readonly from: string;
  readonly ticket: string;
  readonly line: readonly string[];
  readonly ends: readonly string[];
}

/** Message of one node to another, sealed. */
type NodeMessage = Ask | { readonly answer: number; readonly spent?: SpentTicket };

const random = (bytes: number) => randomBytes(bytes).toString("base64url");
const topicOf = (node: string) => `overwire:session:${node}`;
const notFetched = (why: string) => new SessionError("not_fetched", `The session was not set: ${why}`);
/** The error of a change whose view has ended. */
export const viewEnded = (): SessionError =>
  notFetched("the view has ended, and with it its page. Await it before the view redirects.");
const changedElsewhere = () =>
  new SessionError(
    "changed_elsewhere",
    "The session was not set: another tab has changed the browser's session. The page is loaded anew.",
  );

export class SessionTickets {
  readonly #pubsub: PubSub;
  readonly #sealer: Sealer;
  readonly #signer: Signer;
  readonly #node = random(12);
  readonly #tickets = new Map<string, Ticket>();
  readonly #asked = new Map<number, (spent: SpentTicket | undefined) => void>();
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
   * @param time for which it can be used, in milliseconds
   * @returns `done` resolves when the page has the cookies, with the ids of the sessions that they replaced; it rejects with a
   * SessionError if the page does not fetch them. A ticket that was spent counts as fetched, even if the page leaves before
   * it has its answer
   */
  issue(
    visitor: string,
    made: MadeSession,
    signal: AbortSignal,
    time = TICKET_TIME,
  ): { readonly ticket: string; readonly done: Promise<readonly string[]> } {
    const data: TicketData = [this.#node, random(16)];
    const ticket = this.#signer.sign(data, MESSAGE_AGE);
    const done = new Promise<readonly string[]>((resolve, reject) => {
      const over = (error?: SessionError) => {
        clearTimeout(entry.timer);
        signal.removeEventListener("abort", gone);
        this.#tickets.delete(ticket);
        // The browser has been given its cookies, whatever becomes of the page, the view and the app.
        if (error && !entry.spent) reject(error);
        else resolve(entry.ends);
      };
      const gone = () => over(viewEnded());
      const late = () =>
        over(notFetched(`its page did not fetch the cookies within ${TICKET_TIME / 1000} s.`));
      const timer = setTimeout(late, time);
      timer.unref?.();
      const entry: Ticket = {
        visitor,
        made,
        spent: false,
        ends: [],
        isForeign: false,
        timer,
        done: over,
      };
      this.#tickets.set(ticket, entry);
      signal.addEventListener("abort", gone, { once: true });
      if (signal.aborted) gone();
    });
    return { ticket, done };
  }

  /**
   * Spends a ticket.
   * @param line of the request's session: another tab of the page's browser may have replaced the one that the page began with
   * @param ends the same if it is a genuine session, otherwise none: a visitor without one has nothing to end
   * @returns undefined if there is no such ticket for the browser, or not any more
   */
  async spend(
    ticket: string,
    line: readonly string[],
    ends: readonly string[],
  ): Promise<SpentTicket | undefined> {
    const verified = this.#signer.verify<TicketData>(ticket);
    if (!verified.ok) return undefined;
    const [node] = verified.data;
    return node === this.#node ? this.#spend(ticket, line, ends) : this.#ask(node, { ticket, line, ends });
  }

  #spend(ticket: string, line: readonly string[], ends: readonly string[]): SpentTicket | undefined {
    const entry = this.#tickets.get(ticket);
    if (!entry || entry.spent) return undefined;
    const { visitor: from, made } = entry;
    const id = sessionIdOf(from);
    // More time for a session that was replaced would bring it back.
    const isOwn = made.visitor === from ? line[0] === id : line.includes(id);
    if (!isOwn) {
      entry.isForeign = true;
      return undefined;
    }
    entry.spent = true;
    entry.ends = ends;
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => entry.done(), ANSWER_TIME);
    entry.timer.unref?.();
    return { made, from };
  }

  /** The page says that it has its answer, or that it can get none. */
  fetched(ticket: string): void {
    const entry = this.#tickets.get(ticket);
    entry?.done(entry.isForeign ? changedElsewhere() : notFetched("its page could not fetch the cookies."));
  }

  async #ask(node: string, request: Omit<Ask, "ask" | "from">): Promise<SpentTicket | undefined> {
    this.listen();
    await this.#pubsub.settled?.();
    const ask = ++this.#asks;
    const answer = new Promise<SpentTicket | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), NODE_TIME);
      timer.unref?.();
      this.#asked.set(ask, (spent) => {
        clearTimeout(timer);
        resolve(spent);
      });
    });
    await this.#send(node, { ...request, ask, from: this.#node });
    return answer.finally(() => this.#asked.delete(ask));
  }

  async #send(node: string, message: NodeMessage): Promise<void> {
    this.#pubsub.publish(topicOf(node), await this.#sealer.seal({ ...message, to: node }, MESSAGE_AGE));
  }

  async #receive(sealed: unknown): Promise<void> {
    if (typeof sealed !== "string") return;
    const message = await this.#sealer.open<NodeMessage & { readonly to: string }>(sealed);
    if (message?.to !== this.#node) return;
    if ("answer" in message) return this.#asked.get(message.answer)?.(message.spent);
    const spent = this.#spend(message.ticket, message.line, message.ends);
    await this.#send(message.from, { answer: message.ask, ...(spent && { spent }) });
  }

  close(): void {
    this.#stop?.();
    this.#stop = undefined;
    for (const { done } of [...this.#tickets.values()]) done(notFetched("the app was closed."));
  }
}
