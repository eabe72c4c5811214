/** The app, as a connection sees it. */
import type { Joined } from "../http/join.ts";
import type { Nest } from "../http/nursery.ts";
import type { Upgrade } from "../http/socket.ts";
import type { Owner } from "../process/owner.ts";
import type { Limits, Report } from "../process/services.ts";
import type { ViewClass } from "../view/live-view.ts";
import type { JoinRequest } from "../wire/messages.ts";

/** The part of the app that a connection needs. */
export interface Host {
  readonly limits: Limits;
  readonly report: (report: Report) => void;
  mayPatch(url: URL, View: ViewClass, upgrade: Upgrade): Promise<boolean>;
  /** Tells if the owner of a view has been disconnected since it was made. */
  isDisconnected(owner: Owner): boolean;
  /** Owner by the cookies that opened a socket. */
  visitor(upgrade: Upgrade): string | undefined;
  /** @param pending ends a view that is still being mounted when its client has gone; the reason is an `EndReason` */
  join(
    request: JoinRequest,
    upgrade: Upgrade,
    nest: Nest,
    pending: { readonly signal: AbortSignal },
  ): Joined | Promise<Joined>;
}
