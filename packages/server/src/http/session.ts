/** An app's data of a user between requests: an encrypted cookie, or the sessions an app already has. */
import type { Context } from "hono";
import type { SessionTimes } from "../runtime/session-clock.ts";
import { SessionError } from "../view/session-error.ts";
import type { Session } from "../view/view-host.ts";
import {
  cookieName,
  dropPrefixed,
  MAX_COOKIE,
  readCookie,
  SESSION_COOKIE,
  withCookies,
  writeCookie,
} from "./cookies.ts";
import { sessionIdOf } from "./disconnects.ts";
import { EndedSessions } from "./ended-sessions.ts";
import { ENV_JOIN, ENV_SESSION, type OverwireEnv } from "./env.ts";
import { invalidOption } from "./invalid-option.ts";
import { type IsSecure, secureBy } from "./proxy-headers.ts";
import { Sealer } from "./sealer.ts";
import type { Secret } from "./secret.ts";
import type { SessionStore } from "./session-store.ts";
import { newVisitor, VisitorCookie } from "./visitor.ts";

/** Options of the encrypted session cookie. */
export interface SessionOptions {
  /** Name of the cookie, and the beginning of those beside it. Two apps on one host need different ones. Default `ow_session`. */
  readonly cookie?: string | undefined;
  /** Lifetime of a session since it was set, in seconds, whatever its user does. Default 14 days. */
  readonly maxAge?: number | undefined;
  /** Time after which a session ends if its user does nothing, in seconds. Default: none. */
  readonly idle?: number | undefined;
  /** Keeps sessions on the server; the cookie has none of their data then. Default: all of it is in the cookie, encrypted. */
  readonly store?: SessionStore | undefined;
}

/**
 * Source of a view's `session`: Overwire's encrypted cookie and its options, or a function that takes it from
 * the app's own sessions.
 * @example createApp({ session: (c) => ({ userId: c.get("user")?.id }) })
 */
export type SessionOption = SessionOptions | ((c: Context) => Session | Promise<Session>);

/** Number of sessions before it that a session knows. */
const MOST_BEFORE = 8;

/**
 * Content of the cookie: the visitor that it was made for, the data if no store has it, when it is idle, in milliseconds, and the
 * ids of the sessions that it replaced, the newest first.
 */
type Sealed = {
  readonly v: string;
  readonly d?: Session;
  readonly i?: number;
  readonly p?: readonly string[];
};
/** As it comes out of it: with the end of the session, in seconds. */
type Opened = Sealed & { readonly exp: number };

/** A session that is set, with a visitor of a new id: data of the old one is worth nothing to an attacker who planted it. */
export interface MadeSession {
  readonly visitor: string;
  readonly data: Session;
  /** Value of the cookie; undefined if there is no session any more. */
  readonly sealed: string | undefined;
  /** End of the session, in milliseconds since 1970. */
  readonly ends: number;
}

/** @throws TypeError for what is no time */
function checkSeconds(name: string, seconds: number): number {
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw invalidOption(`session.${name} is a number of seconds above 0, but got ${seconds}.`);
}

/** In seconds. */
const DAY = 24 * 60 * 60;

const none: Session = Object.freeze({});

/** A session as a store gave it. Another text is that of something else: no session, and nothing that an error should show. */
function readStored(text: string): Session | undefined {
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === "object" && data !== null && !Array.isArray(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Reads and writes the sessions of one app. Costs nothing without a session cookie. */
export class Sessions {
  readonly isSecure: IsSecure;
  readonly ended = new EndedSessions();
  readonly #sealer: Sealer;
  readonly #own: ((c: Context) => Session | Promise<Session>) | undefined;
  /** Name of the session's cookie. */
  readonly cookie: string;
  readonly visitors: VisitorCookie;
  readonly #maxAge: number;
  /** In seconds. */
  readonly idle: number | undefined;
  readonly store: SessionStore | undefined;
  /** Tells if sockets on this node keep a session alive, which its cookie in a handshake may not know. */
  isAlive: (id: string) => boolean = () => false;
  readonly #times = new WeakMap<Context, SessionTimes>();
  readonly #renewed = new WeakSet<Context>();
  /** Sessions, or only visitors, that handlers of a running request have set. */
  readonly #set = new WeakMap<Context, { readonly v: string; readonly d?: Session }>();

  constructor(secret: Secret, option: SessionOption = {}, isSecure: IsSecure = secureBy()) {
    this.isSecure = isSecure;
    this.#own = typeof option === "function" ? option : undefined;
    const own: SessionOptions = typeof option === "function" ? {} : option;
    const { cookie = SESSION_COOKIE, maxAge = 14 * 24 * 60 * 60, idle, store } = own;
    this.cookie = cookie;
    this.visitors = new VisitorCookie(cookie);
    // Apps with one secret do not read each other's sessions, even if a user renames the cookies.
    this.#sealer = new Sealer(secret, cookie === SESSION_COOKIE ? "session" : `session ${cookie}`);
    this.#maxAge = checkSeconds("maxAge", maxAge);
    this.idle = idle === undefined ? undefined : Math.min(checkSeconds("idle", idle), maxAge);
    this.store = store;
  }

  /** The author's function has the sessions. */
  get isOwn(): boolean {
    return this.#own !== undefined;
  }

  /** The visitor of a request, undefined if it has none yet. */
  visitor(c: Context, cookies: string | undefined): string | undefined {
    return this.#set.get(c)?.v ?? this.visitors.read(cookies, this.isSecure(c.req.raw));
  }

  /** The visitor of a request; who has none is given one by the answer. */
  ensureVisitor(c: Context): string {
    const known = this.visitor(c, c.req.header("cookie"));
    if (known !== undefined) return known;
    const v = newVisitor();
    this.#set.set(c, { v });
    c.header("set-cookie", this.visitorCookie(c, v), { append: true });
    return v;
  }

  /** The header that gives a visitor without a session its id. */
  visitorCookie(c: Context, visitor: string): string {
    return this.visitors.write(visitor, this.isSecure(c.req.raw));
  }

  /** The session of a request; a promise only if there is something to decrypt, or the app's own function returns one. */
  read(c: Context, cookies: string | undefined = c.req.header("cookie")): Session | Promise<Session> {
    if (this.#own) return (c.env as OverwireEnv | undefined)?.[ENV_SESSION]?.session ?? this.#own(c);
    const set = this.#set.get(c);
    if (set?.d) return set.d;
    const secure = this.isSecure(c.req.raw);
    const sealed = readCookie(cookies, this.cookie, secure);
    return sealed ? this.#read(c, sealed, this.visitors.read(cookies, secure)) : none;
  }

  /**
   * Ids of the session of a request, and of those that it replaced one after the other, the newest first.
   * @param signedIn its {@link signedInLine}
   */
  async line(c: Context, signedIn?: readonly string[]): Promise<readonly string[]> {
    const visitor = this.visitors.read(c.req.header("cookie"), this.isSecure(c.req.raw));
    signedIn ??= await this.signedInLine(c);
    return signedIn.length > 0 || visitor === undefined ? signedIn : [sessionIdOf(visitor)];
  }

  /** As {@link line}, if it begins with a genuine session: visitors that a client makes up have nothing to end. */
  async signedInLine(c: Context): Promise<readonly string[]> {
    const cookies = c.req.header("cookie");
    const secure = this.isSecure(c.req.raw);
    const sealed = readCookie(cookies, this.cookie, secure);
    const opened =
      sealed === undefined ? undefined : await this.#open(sealed, this.visitors.read(cookies, secure));
    return opened ? [sessionIdOf(opened.v), ...(opened.p ?? [])] : [];
  }

  /** The end of the session that was read, or set, in a request. */
  times(c: Context): SessionTimes | undefined {
    return this.#times.get(c);
  }

  /** The answer to a request has a cookie with more time, or what the author's function has set. */
  mayHaveSet(c: Context): boolean {
    return this.isOwn || this.#renewed.has(c);
  }

  async #read(c: Context, sealed: string, visitor: string | undefined): Promise<Session> {
    // Expired, of another secret, or made up: a user without a session, not an error.
    const opened = await this.#open(sealed, visitor);
    if (!opened) return none;
    let { d: data } = opened;
    const ends = opened.exp * 1000;
    const id = sessionIdOf(opened.v);
    const isJoin = (c.env as OverwireEnv | undefined)?.[ENV_JOIN] !== undefined;
    const now = Date.now();
    const times = { ends, idleUntil: this.idleFrom(now) };
    if (this.store) {
      data = readStored((await this.store.get(id)) ?? "");
      if (!data) return none;
      if (this.idle !== undefined && !isJoin) await this.touch(id, ends);
    } else if (this.idle !== undefined) {
      const { i: idleUntil = times.idleUntil } = opened;
      if (idleUntil <= now && !this.isAlive(id)) return none;
      // A page that comes back by itself is nothing that its user does.
      if (isJoin) times.idleUntil = Math.max(idleUntil, now);
      else if (idleUntil < now + this.idle * 900) await this.#renew(c, opened);
    }
    this.#times.set(c, times);
    return data ?? none;
  }

  /** Content of a cookie that is valid for a visitor. */
  async #open(sealed: string, visitor: string | undefined): Promise<Opened | undefined> {
    if (visitor === undefined || this.ended.has(visitor)) return undefined;
    const opened = await this.#sealer.open<Opened>(sealed);
    // A session that was kept in the other way is over.
    return opened?.v === visitor && (opened.d === undefined) === (this.store !== undefined)
      ? opened
      : undefined;
  }

  /** Writes the idle time down again, in the answer to a request. */
  async #renew(c: Context, { v, d, p, exp }: Opened): Promise<void> {
    if (this.#renewed.has(c)) return;
    this.#renewed.add(c);
    const sealed = await this.#seal({ v, ...(d && { d }), ...(p && { p }) }, exp);
    const options = { secure: this.isSecure(c.req.raw), maxAge: exp - Date.now() / 1000 };
    c.header("set-cookie", writeCookie(this.cookie, sealed, options), { append: true });
  }

  /** End of the idle time of a user who does something now. */
  idleFrom(now: number): number {
    return this.idle === undefined ? Infinity : now + this.idle * 1000;
  }

  /** Gives a stored session its idle time once more. */
  async touch(id: string, ends: number): Promise<void> {
    const rest = (ends - Date.now()) / 1000;
    await this.store?.touch(id, Math.max(1, Math.min(this.idle ?? rest, rest)));
  }

  #seal(content: Sealed, exp: number): Promise<string> {
    const idle = this.idle !== undefined && !this.store && { i: Date.now() + this.idle * 1000 };
    return this.#sealer.seal({ ...content, ...idle }, exp - Math.floor(Date.now() / 1000));
  }

  /**
   * Makes a session for a new visitor.
   * @param data undefined for none
   * @throws SessionError if the app has sessions of its own, RangeError if it does not fit into a cookie
   */
  async make(data: Session | undefined, what = "setSession"): Promise<MadeSession> {
    if (this.#own) {
      throw new SessionError(
        "own_sessions",
        `${what} writes Overwire's cookie, but createApp was given a session function: set the session where that function reads it.`,
      );
    }
    const visitor = newVisitor();
    const exp = Math.floor(Date.now() / 1000 + this.#maxAge);
    const ends = exp * 1000;
    if (!data) return { visitor, data: none, sealed: undefined, ends };
    // As the next request finds it.
    const text = JSON.stringify(data);
    const own = JSON.parse(text) as Session;
    const { store } = this;
    const sealed = await this.#seal({ v: visitor, ...(!store && { d: own }) }, exp);
    const { length } = writeCookie(this.cookie, sealed, { secure: true, maxAge: this.#maxAge });
    if (length > MAX_COOKIE) {
      throw new RangeError(
        `The session makes a cookie of ${length} bytes and browsers take ${MAX_COOKIE}. Keep an id in it, and the rest in your database; or keep sessions in a store.`,
      );
    }
    await store?.set(sessionIdOf(visitor), text, this.idle ?? this.#maxAge);
    return { visitor, data: own, sealed, ends };
  }

  /** Makes the cookie of a client's session with its idle time once more; undefined if there is none. */
  async remake(cookies: string | null): Promise<MadeSession | undefined> {
    const visitor = this.visitors.read(cookies);
    const sealed = readCookie(cookies, this.cookie);
    const opened = sealed === undefined ? undefined : await this.#open(sealed, visitor);
    if (!opened?.d) return undefined;
    const { v, d, exp } = opened;
    return { visitor: v, data: d, sealed: await this.#seal({ v, d }, exp), ends: exp * 1000 };
  }

  /** A session is over, or was never fetched: nothing of it is kept. @param id the public one */
  async forget(id: string): Promise<void> {
    await this.store?.delete(id);
  }

  /** The cookie of a session that takes the place of others. */
  async #descending({ visitor, data, sealed, ends }: MadeSession, line: readonly string[]) {
    if (sealed === undefined || line.length === 0) return sealed;
    const p = (line[0] === sessionIdOf(visitor) ? line.slice(1) : line).slice(0, MOST_BEFORE);
    const all = await this.#seal({ v: visitor, ...(!this.store && { d: data }), p }, ends / 1000);
    const { length } = writeCookie(this.cookie, all, { secure: true, maxAge: this.#maxAge });
    return length > MAX_COOKIE ? sealed : all;
  }

  /** Puts a session into the answer of a request. */
  async put(c: Context, made: MadeSession, line?: readonly string[]): Promise<void> {
    const { visitor, data, ends } = made;
    const sealed = await this.#descending(made, line ?? (await this.line(c)));
    const secure = this.isSecure(c.req.raw);
    const cookies = c.req.header("cookie");
    const add = (cookie: string | undefined) => cookie && c.header("set-cookie", cookie, { append: true });
    this.#set.set(c, { v: visitor, d: data });
    const given = (c.env as OverwireEnv | undefined)?.[ENV_SESSION];
    if (given) given.session = undefined;
    if (sealed !== undefined) this.#times.set(c, { ends, idleUntil: this.idleFrom(Date.now()) });
    const maxAge = sealed === undefined ? 0 : Math.ceil((ends - Date.now()) / 1000);
    add(writeCookie(this.cookie, sealed ?? "", { secure, maxAge }));
    // It has to outlive the browser's window with the session that is bound to it, and the session by the time in which its open
    // pages log in again.
    add(this.visitors.write(visitor, secure, sealed === undefined ? undefined : maxAge + DAY));
    if (secure) return;
    for (const name of [this.cookie, this.visitors.name]) add(dropPrefixed(cookies, name));
  }

  /** The `cookie` header of a client that has got a session. */
  cookiesAfter(before: string | null, { visitor, sealed }: MadeSession, secure: boolean): string {
    const names = [this.cookie, this.visitors.name];
    const gone = names.flatMap((name) => [name, cookieName(name, true)]);
    const [session, own] = names.map((name) => cookieName(name, secure)) as [string, string];
    return withCookies(before, gone, { ...(sealed !== undefined && { [session]: sealed }), [own]: visitor });
  }

  /**
   * Sets the session of a request, or ends it.
   * @param data undefined for none
   * @returns id of the session before, for {@link forget}
   */
  async write(c: Context, data: Session | undefined): Promise<readonly string[]> {
    const before = this.visitor(c, c.req.header("cookie"));
    await this.put(c, await this.make(data, data ? "setSession" : "clearSession"));
    return before === undefined ? [] : [sessionIdOf(before)];
  }
}
