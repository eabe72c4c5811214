/** The user of a connection's page: by the cookies that opened it, or those that its views have set since. */
import { SESSION, type SessionOffer } from "@overwire/client/wire";
import type { OwnerMatcher } from "../http/disconnects.ts";
import { enterSession, type SessionChange, type SessionClient } from "../runtime/session-change.ts";
import type { OpenSession } from "../runtime/session-clock.ts";
import type { ViewOwner } from "../runtime/view-owner.ts";
import type { ViewProcess } from "../runtime/view-process.ts";
import { SessionError } from "../view/session-error.ts";
import type { ConnectionHost } from "./connection-host.ts";
import { type Upgrade, withSession } from "./transport.ts";

type PageSessionHost = Pick<ConnectionHost, "changeSession" | "renewSession" | "sessionClock" | "visitor">;

const settled = Promise.resolve();

export class PageSession implements SessionClient {
  /** Has the page's cookies as they are now. */
  upgrade: Upgrade;
  #owner: ViewOwner | undefined;
  /** Set if the owner has a session. */
  #open: OpenSession | undefined;
  #isClosed = false;
  readonly #host: PageSessionHost;
  readonly #views: () => readonly (ViewProcess | undefined)[];
  /** The last change of the session. */
  #last: Promise<void> = settled;

  readonly #end: () => void;

  /**
   * @param views those of the connection
   * @param end has the page come back with the cookies that it has now
   */
  constructor(
    host: PageSessionHost,
    upgrade: Upgrade,
    views: () => readonly (ViewProcess | undefined)[],
    end: () => void,
  ) {
    this.#host = host;
    this.upgrade = upgrade;
    this.#views = views;
    this.#end = end;
  }

  /** Owner of the view that was joined last. */
  get owner(): ViewOwner | undefined {
    return this.#owner;
  }

  set owner(owner: ViewOwner | undefined) {
    this.#owner = owner;
    if (this.#isClosed || this.#open?.visitor === owner?.visitor) return;
    const { sessionClock } = this.#host;
    if (this.#open) sessionClock.leave(this.#open);
    this.#open = owner?.times && sessionClock.enter(owner.visitor, owner.times);
  }

  /** The user has done something: the session has its idle time once more. */
  active(): void {
    if (!this.#open || !this.#host.sessionClock.active(this.#open)) return;
    const offer = (offer: SessionOffer) =>
      this.#views()
        .find((each) => each?.host.connected)
        ?.renderer.answer(0, { n: offer });
    const renewed = this.#last.then(() => this.#host.renewSession(this.upgrade, offer));
    this.#last = renewed.then(
      (change) => {
        if (change) this.upgrade = withSession(this.upgrade, change);
      },
      () => {},
    );
  }

  /** The page is about to be left, as its session or a right of it is over: it keeps its drafts, since its user may log in first. */
  tellEnd(): void {
    for (const each of this.#views())
      if (each && !each.isChild) each.renderer.answer(0, { n: [SESSION, "", 0, ""] });
  }

  close(): void {
    this.#isClosed = true;
    if (this.#open) this.#host.sessionClock.leave(this.#open, this.#owner?.times);
    this.#open = undefined;
  }

  changeSession(...change: Parameters<SessionClient["changeSession"]>): Promise<SessionChange> {
    // One after the other: each is for the visitor that the one before has made.
    const changed = this.#last.then(() => this.#host.changeSession(this.upgrade, ...change));
    this.#last = changed.then(
      (change) => this.sessionChanged(change),
      (error) => {
        if (!(error instanceof SessionError) || error.code !== "changed_elsewhere") return;
        this.tellEnd();
        this.#end();
      },
    );
    return changed;
  }

  sessionChanged(change: SessionChange): void {
    if (this.#host.visitor(this.upgrade) === change.from) this.upgrade = withSession(this.upgrade, change);
    for (const each of this.#views()) {
      // A handler that runs renders the view when it ends.
      if (each && enterSession(each.init, change) && each.idle) each.post("session", () => {});
    }
    if (this.owner?.visitor === change.from) this.owner = { ...this.owner, ...change.owner };
  }

  /** Tells if the page, or a view of it, belongs to a session that is meant. */
  isMeant(matches: OwnerMatcher): boolean {
    const visitor = this.#host.visitor(this.upgrade) ?? "";
    return matches({ visitor, name: this.owner?.name }) || this.#views().some((each) => matches(each?.owner));
  }
}
