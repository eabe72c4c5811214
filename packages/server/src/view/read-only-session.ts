/** A session as authors read it in development: an assignment, which no cookie would hear of, says what to write instead. */
import { isProduction } from "../template/mode.ts";
import type { Session } from "./session.ts";
import { SessionError } from "./session-error.ts";

const watched = new WeakMap<Session, Session>();

function refuse(name: string | symbol): never {
  throw new SessionError(
    "read_only",
    `session.${String(name)} was changed, but a session is read-only: it is in a cookie, which only setSession writes. Write: await this.setSession({ ...this.session, ${String(name)}: value }), or app.setSession(c, …) in a handler of Hono.`,
  );
}

const readOnly: ProxyHandler<Session> = {
  set: (_, name) => refuse(name),
  defineProperty: (_, name) => refuse(name),
  deleteProperty: (_, name) => refuse(name),
};

function watch(session: Session): Session {
  let proxy = watched.get(session);
  if (!proxy) watched.set(session, (proxy = new Proxy(session, readOnly)));
  return proxy;
}

/** @returns a function that makes sessions read-only; undefined in production */
export const watchSessions = (): ((session: Session) => Session) | undefined =>
  isProduction() ? undefined : watch;
