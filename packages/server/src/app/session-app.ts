/** The part of an app that knows its users: sessions in handlers that are no views, and their end. */
import { type Context, type Env, Hono } from "hono";
import { sessionIdOf } from "../http/disconnects.ts";
import { ENV_SESSION, type OverwireEnv } from "../http/env.ts";
import type { LiveServices } from "../http/live-route.ts";
import { checkSession } from "../view/check-arguments.ts";
import { watchSessions } from "../view/read-only-session.ts";
import type { Session } from "../view/view-host.ts";
import { forgetSessions } from "./forget-sessions.ts";

export class SessionApp<E extends Env> extends Hono<E> {
  readonly #services: LiveServices;

  constructor(services: LiveServices) {
    super();
    this.#services = services;
  }

  /** The session of a request, for handlers that are not views. */
  async getSession(c: Context): Promise<Readonly<Session>> {
    const { sessions, responseHeaders } = this.#services;
    const session = await sessions.read(c);
    if (Object.keys(session).length > 0) responseHeaders.personal(c.req.raw);
    return watchSessions()?.(session) ?? session;
  }

  /**
   * Sets the session, in a cookie that only the app can read. The visitor gets a new id: pages that are open
   * join again by loading anew, and a session that an attacker planted before is worth nothing. Views have a method of the
   * same name.
   * @throws RangeError if it does not fit in a cookie, SessionError if the app has sessions of its own
   * @example
   * app.post("/login", async (c) => {
   *   await app.setSession(c, { userId: 7 });
   *   return c.redirect("/");
   * });
   */
  async setSession(c: Context, data: Session): Promise<void> {
    checkSession(data);
    const { sessions, flashCookies, responseHeaders } = this.#services;
    responseHeaders.personal(c.req.raw);
    const before = await sessions.write(c, data);
    flashCookies.rebind(c);
    await forgetSessions(this.#services, before);
  }

  /**
   * Ends the session, and with it all of its live views and channels, on all nodes. Their pages come back without it, through
   * middleware and `onMount`. Views have a method of the same name.
   * @throws SessionError if the app has sessions of its own
   * @example
   * app.post("/logout", async (c) => {
   *   await app.clearSession(c);
   *   return c.redirect("/login");
   * });
   */
  async clearSession(c: Context): Promise<void> {
    const { sessions, flashCookies, responseHeaders, disconnects } = this.#services;
    const ended = await sessions.signedInLine(c);
    responseHeaders.personal(c.req.raw);
    const before = await sessions.write(c, undefined);
    flashCookies.rebind(c);
    for (const id of ended) disconnects.logOut(id);
    await forgetSessions(this.#services, before);
  }

  /**
   * The page that a guard refused before its user logged in, once: a path of this app. Views have a method of the same name.
   * @param fallback if there is none
   * @example
   * app.post("/login", async (c) => {
   *   await app.setSession(c, { userId: 7 });
   *   return c.redirect(app.returnTo(c, "/"));
   * });
   */
  returnTo(c: Context, fallback = "/"): string {
    return this.#services.returnTo.take(c) ?? fallback;
  }

  /**
   * Ends every live view and every socket of a user or of a session, on all nodes. Their pages come back by themselves, with
   * the cookies that they have now, through middleware and `onMount`.
   * @param id the name that `createApp({ identify })` gives, or a {@link sessionId}
   * @example app.disconnect(`user:${user.id}`);
   */
  disconnect(id: string): void {
    this.#services.disconnects.disconnect(id);
  }

  /**
   * Asks the guards of a user's or a session's open views and channels again, on all nodes: a right may have been withdrawn.
   * Those that do not pass are redirected or end, the others go on with their state.
   * @param id the name that `createApp({ identify })` gives, or a {@link sessionId}
   * @example
   * await users.demote(user.id);
   * app.recheck(`user:${user.id}`);
   */
  recheck(id: string): void {
    this.#services.rechecks.recheck(id);
  }

  /**
   * Id of a visitor's session, for {@link disconnect}: it changes whenever the session is set. It is no secret.
   * @returns undefined for a visitor that has none yet
   */
  sessionId(c: Context): string | undefined {
    const visitor = this.#services.sessions.visitor(c, c.req.header("cookie"));
    return visitor === undefined ? undefined : sessionIdOf(visitor);
  }

  /**
   * The network address from which a request came, as the app believes its proxies (`createApp({ trustProxy })`): the key of a
   * limit, or something to show to the user. Of IPv6 it is the first half, as one client commonly has the other.
   * @returns "" if it is not known
   * @example app.liveSession({ session: (c) => ({ address: app.clientAddress(c) }) }, (app) => { … });
   */
  clientAddress(c: Context): string {
    return this.#services.addressOf(c.req.raw, c.env);
  }

  /**
   * An environment in which views find this session, until one is set, for tests: `app.request("/", {}, app.withSession({ userId: 7 }))`.
   * A socket that joins from such a page needs it as `env` of its {@link Upgrade}.
   */
  withSession(session: Session): object {
    return { [ENV_SESSION]: { session } } satisfies OverwireEnv;
  }
}
