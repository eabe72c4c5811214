/** Changes of sessions by views: each makes a session and a ticket for it, and goes on when the page has fetched it. */
import { SESSION, SESSION_PATH, SOCKET_PATH } from "@overwire/client/wire";
import type { Upgrade } from "../connection/transport.ts";
import type { LiveServices } from "../http/live-route.ts";
import { readVisitor } from "../http/visitor.ts";
import type { SessionChange, SessionClient } from "../runtime/session-change.ts";
import { SessionError } from "../view/session-error.ts";
import type { Session } from "../view/view-host.ts";

/** Beside the path of the page's socket, wherever the app is mounted. */
function pathBeside({ url, base = "" }: Upgrade): string {
  const { pathname } = new URL(url);
  return pathname.endsWith(SOCKET_PATH)
    ? pathname.slice(0, -SOCKET_PATH.length) + SESSION_PATH
    : base + SESSION_PATH;
}

/** @param upgrade of the page's socket; the rest as in {@link SessionClient.changeSession} */
export async function changeSession(
  { sessions, sessionTickets, disconnects, identify }: LiveServices,
  upgrade: Upgrade,
  ...[data, offer, signal]: Parameters<SessionClient["changeSession"]>
): Promise<SessionChange> {
  const what = data ? "setSession" : "clearSession";
  const made = await sessions.make(data, what);
  const from = readVisitor(upgrade.headers.get("cookie"));
  if (from === undefined) {
    throw new SessionError(
      "no_client",
      `${what} was called for a page without a visitor's cookie: its browser keeps no cookies.`,
    );
  }
  const { ticket, done } = sessionTickets.issue(from, made, signal);
  done.catch(() => {});
  offer([SESSION, pathBeside(upgrade), 0, ticket]);
  await done;
  const { visitor, data: session } = made;
  return {
    from,
    session,
    owner: { visitor, name: identify?.(session as Session) || undefined, epoch: disconnects.epoch },
    cookies: (before) => sessions.cookiesAfter(before, made, sessions.isSecure(upgrade)),
    done: () => {
      if (!data) disconnects.logOut(from);
    },
  };
}
