/** The user of a connection's page: by the cookies that opened it, or those that its views have set since. */
import type { OwnerMatcher } from "../http/disconnects.ts";
import { enterSession, type SessionChange, type SessionClient } from "../runtime/session-change.ts";
import type { ViewOwner } from "../runtime/view-owner.ts";
import type { ViewProcess } from "../runtime/view-process.ts";
import type { ConnectionHost } from "./connection-host.ts";
import { type Upgrade, withSession } from "./transport.ts";

type PageSessionHost = Pick<ConnectionHost, "changeSession" | "visitor">;

const settled = Promise.resolve();

export class PageSession implements SessionClient {
  /** Has the page's cookies as they are now. */
  upgrade: Upgrade;
  /** Owner of the view that was joined last. */
  owner: ViewOwner | undefined;
  readonly #host: PageSessionHost;
  readonly #views: () => readonly (ViewProcess | undefined)[];
  /** The last change of the session. */
  #last: Promise<void> = settled;

  /** @param views those of the connection */
  constructor(host: PageSessionHost, upgrade: Upgrade, views: () => readonly (ViewProcess | undefined)[]) {
    this.#host = host;
    this.upgrade = upgrade;
    this.#views = views;
  }

  changeSession(...change: Parameters<SessionClient["changeSession"]>): Promise<SessionChange> {
    // One after the other: each is for the visitor that the one before has made.
    const changed = this.#last.then(() => this.#host.changeSession(this.upgrade, ...change));
    this.#last = changed.then(
      (change) => this.sessionChanged(change),
      () => {},
    );
    return changed;
  }

  sessionChanged(change: SessionChange): void {
    if (this.#host.visitor(this.upgrade) === change.from) this.upgrade = withSession(this.upgrade, change);
    for (const each of this.#views()) if (each) enterSession(each.init, change);
    if (this.owner?.visitor === change.from) this.owner = { ...this.owner, ...change.owner };
  }

  /** Tells if the page, or a view of it, belongs to a session that is meant. */
  isMeant(matches: OwnerMatcher): boolean {
    const visitor = this.#host.visitor(this.upgrade) ?? "";
    return matches({ visitor, name: this.owner?.name }) || this.#views().some((each) => matches(each?.owner));
  }
}
