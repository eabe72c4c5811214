/** Changes of sessions by views: each makes a session and a ticket for it, and goes on when the page has fetched it. */
import { SESSION, SESSION_PATH, type SessionOffer, SOCKET_PATH } from "@overwire/client/wire";
import type { Upgrade } from "../connection/transport.ts";
import { sessionIdOf } from "../http/disconnects.ts";
import type { LiveServices } from "../http/live-route.ts";
import type { MadeSession } from "../http/session.ts";
import type { SessionChange, SessionClient } from "../runtime/session-change.ts";
import { SessionError } from "../view/session-error.ts";
import type { Session } from "../view/view-host.ts";
import { forgetSessions } from "./forget-sessions.ts";
import { changeEnds, storeAnswer } from "./store-answer.ts";

/** Time in which a store deletes sessions, even if there is none left for the change, in milliseconds. */
const LEAST_TIME = 1000;

/** Beside the path of the page's socket, wherever the app is mounted. */
function pathBeside({ url, base = "" }: Upgrade): string {
  const { pathname } = new URL(url);
  return pathname.endsWith(SOCKET_PATH)
    ? pathname.slice(0, -SOCKET_PATH.length) + SESSION_PATH
    : base + SESSION_PATH;
}

/** @param upgrade of the page's socket; the rest as in {@link SessionClient.changeSession} */
export async function changeSession(
  services: LiveServices,
  upgrade: Upgrade,
  ...[data, offer, signal]: Parameters<SessionClient["changeSession"]>
): Promise<SessionChange> {
  const { sessions, disconnects } = services;
  const what = data ? "setSession" : "clearSession";
  const from = sessions.visitors.read(upgrade.headers.get("cookie"));
  if (from === undefined) {
    throw new SessionError(
      "no_client",
      `${what} was called for a page without a visitor's cookie: its browser keeps no cookies.`,
    );
  }
  const until = changeEnds();
  const making = sessions.make(data, what);
  let made: MadeSession;
  /** A visitor without a session has none to end. */
  let replaced: readonly string[];
  try {
    made = await storeAnswer(making, until, signal);
    replaced = await fetched(services, upgrade, from, made, offer, signal, until - performance.now());
  } catch (error) {
    // The store may have set it, or may still do so; the author hears of the error at once.
    const forget = ({ visitor }: MadeSession) => forgetSessions(services, [sessionIdOf(visitor)]);
    making.then(forget, () => {});
    throw error;
  }
  return {
    ...changeOf(services, upgrade, from, made),
    done: async () => {
      if (!data) for (const id of replaced) disconnects.logOut(id);
      // The page may have taken all of the time.
      await forgetSessions(services, replaced, Math.max(until, performance.now() + LEAST_TIME));
    },
  };
}

/** Has a page fetch its cookie once more, for a user who has been active. @returns undefined if it has no session */
export async function renewSession(
  services: LiveServices,
  upgrade: Upgrade,
  offer: (offer: SessionOffer) => void,
): Promise<SessionChange | undefined> {
  const made = await services.sessions.remake(upgrade.headers.get("cookie"));
  if (!made) return undefined;
  try {
    await fetched(services, upgrade, made.visitor, made, offer, new AbortController().signal);
  } catch {
    // The next activity tries again.
    return undefined;
  }
  return { ...changeOf(services, upgrade, made.visitor, made), async done() {} };
}

async function fetched(
  { sessionTickets }: LiveServices,
  upgrade: Upgrade,
  from: string,
  made: MadeSession,
  offer: (offer: SessionOffer) => void,
  signal: AbortSignal,
  time?: number,
): Promise<readonly string[]> {
  const { ticket, done } = sessionTickets.issue(from, made, signal, time);
  done.catch(() => {});
  offer([SESSION, pathBeside(upgrade), 0, ticket]);
  return done;
}

function changeOf(
  { sessions, disconnects, identify }: LiveServices,
  upgrade: Upgrade,
  from: string,
  made: MadeSession,
): Omit<SessionChange, "done"> {
  const { visitor, data: session, ends, sealed } = made;
  return {
    from,
    session,
    owner: {
      visitor,
      name: identify?.(session as Session) || undefined,
      epoch: disconnects.epoch,
      times: sealed === undefined ? undefined : { ends, idleUntil: sessions.idleFrom(Date.now()) },
    },
    cookies: (before) => sessions.cookiesAfter(before, made, sessions.isSecure(upgrade)),
  };
}
