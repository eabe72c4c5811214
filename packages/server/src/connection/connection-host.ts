/** The app, as a connection sees it. */
import type { JoinRequest, SessionOffer } from "@overwire/client/wire";
import type { ConnectionChildren } from "../runtime/child-registry.ts";
import type { Limits, Report } from "../runtime/services.ts";
import type { SessionChange, SessionClient } from "../runtime/session-change.ts";
import type { SessionClock } from "../runtime/session-clock.ts";
import type { ViewOwner } from "../runtime/view-owner.ts";
import type { ViewProcess } from "../runtime/view-process.ts";
import type { ViewClass } from "../view/live-view.ts";
import type { RefusedView } from "./ask-again.ts";
import type { JoinResult } from "./join.ts";
import type { Upgrade } from "./transport.ts";

/** The part of the app that a connection needs. */
export interface ConnectionHost {
  readonly limits: Limits;
  readonly report: (report: Report) => void;
  mayPatch(url: URL, View: ViewClass, upgrade: Upgrade): Promise<boolean>;
  /** Asks the guards of a view again. @returns undefined if they let in */
  askAgain(viewProcess: ViewProcess, upgrade: Upgrade): Promise<RefusedView | undefined>;
  /** Tells if the owner of a view, which was not `resumed`, has been disconnected since it was made, or its session is over. */
  isDisconnected(owner: ViewOwner, resumed?: boolean): boolean;
  /** Owner by the cookies that opened a socket. */
  visitor(upgrade: Upgrade): string | undefined;
  changeSession(
    upgrade: Upgrade,
    ...change: Parameters<SessionClient["changeSession"]>
  ): Promise<SessionChange>;
  /** @returns undefined if the page has no session whose cookie knows its idle time */
  renewSession(upgrade: Upgrade, offer: (offer: SessionOffer) => void): Promise<SessionChange | undefined>;
  readonly sessionClock: SessionClock;
  /** The page says that it has fetched the session of a ticket, or cannot. */
  sessionFetched(ticket: string): void;
  /** @param pending ends a view that is still being mounted when its client has gone; the reason is an `EndReason` */
  join(
    request: JoinRequest,
    upgrade: Upgrade,
    children: ConnectionChildren,
    pending: { readonly signal: AbortSignal },
  ): JoinResult | Promise<JoinResult>;
}
