/** The session of a view's page, changed by the view: the page fetches its cookies, and the view goes on when it has them. */
import type { SessionOffer } from "@overwire/client/wire";
import { SessionError } from "../view/session-error.ts";
import type { Session } from "../view/view-host.ts";
import type { ViewInit } from "./view-init.ts";
import type { ViewOwner } from "./view-owner.ts";

/** A session that a page has the cookies of. */
export interface SessionChange {
  /** The visitor that the page had before. */
  readonly from: string;
  readonly session: Session;
  readonly owner: Pick<ViewOwner, "visitor" | "name" | "epoch" | "times">;
  /** The page's `cookie` header from now on. */
  cookies(before: string | null): string;
  /** To be called when all views of the page have the session. Resolves when the store has none of those that are over. */
  done(): Promise<void>;
}

/** A client whose session can be changed. */
export interface SessionClient {
  /**
   * Has the page fetch the cookies of another session.
   * @param data undefined for none
   * @param offer sends the page a ticket
   * @param signal aborted when the view has ended
   * @throws SessionError if that fails, RangeError if the session does not fit into a cookie
   */
  changeSession(
    data: Session | undefined,
    offer: (offer: SessionOffer) => void,
    signal: AbortSignal,
  ): Promise<SessionChange>;
  /** The page has the session: the client's other views get it too. */
  sessionChanged(change: SessionChange): void;
}

/** Gives a view the session of its page. @returns false if it has another one, or this one already */
export function enterSession(init: ViewInit, { from, session, owner }: SessionChange): boolean {
  if (init.owner?.visitor !== from) return false;
  init.session = init.extendSession?.(session) ?? session;
  init.owner = { ...init.owner, ...owner };
  return true;
}

/** Time for a page that has lost its connection, in milliseconds: as for one that is there. */
const BACK_TIME = 10_000;

/** The view, as far as its session is changed. */
interface SessionView {
  readonly init: ViewInit;
  /** The client that is there now. */
  readonly client: SessionClient | undefined;
  readonly rendering: boolean;
  readonly name: string;
  /** Sends the page a ticket, after the changes so far. */
  send(offer: SessionOffer): void;
}

export class SessionRequests {
  readonly #view: SessionView;
  readonly #over = new AbortController();
  /** The page may not have heard of it. */
  #offer: SessionOffer | undefined;
  /** The page has lost its connection, and may come back. */
  #isLost: boolean;
  /** Calls that wait for the page. */
  readonly #waiting = new Set<(why?: string) => void>();

  constructor(view: SessionView, isLost: boolean) {
    this.#view = view;
    this.#isLost = isLost;
  }

  /** @param what the method that was called */
  async change(data: Session | undefined, what: string): Promise<void> {
    const { init, rendering, name } = this.#view;
    if (rendering) {
      throw new SessionError(
        "in_render",
        `${name} called ${what} while it is rendered. Nothing is to happen in render(): do it in an event.`,
      );
    }
    const client = this.#view.client ?? (this.#isLost && (await this.#back(what)));
    if (!client || this.#over.signal.aborted) {
      throw new SessionError(
        "no_client",
        `${name} called ${what}, but has no page now that could get the cookies. Do it in an event, or in joined(); a handler of Hono uses app.${what}(c).`,
      );
    }
    const offer = (offer: SessionOffer) => {
      this.#offer = offer;
      this.#view.send(offer);
    };
    let change: SessionChange;
    try {
      change = await client.changeSession(data, offer, this.#over.signal);
    } finally {
      this.#offer = undefined;
    }
    enterSession(init, change);
    // The page may be back on another connection meanwhile.
    for (const each of new Set([client, this.#view.client])) each?.sessionChanged(change);
    await change.done();
  }

  /** A client that was lost is there again, which takes its time. */
  #back(what: string): Promise<SessionClient | undefined> {
    return new Promise((resolve, reject) => {
      const over = (why?: string) => {
        clearTimeout(timer);
        this.#waiting.delete(over);
        if (why === undefined) resolve(this.#view.client);
        else reject(new SessionError("not_fetched", `${what} did nothing: ${why}`));
      };
      const late = () =>
        over(`the page has lost its connection, and was not back within ${BACK_TIME / 1000} s.`);
      const timer = setTimeout(late, BACK_TIME);
      timer.unref?.();
      this.#waiting.add(over);
    });
  }

  clientLost(): void {
    this.#isLost = true;
  }

  /** A client is there, or there again. */
  clientJoined(): void {
    this.#isLost = false;
    for (const over of [...this.#waiting]) over();
    if (this.#offer) this.#view.send(this.#offer);
  }

  /** The view has ended. */
  end(): void {
    this.#over.abort();
    for (const over of [...this.#waiting]) over("the page has lost its connection, and did not come back.");
  }
}
