/** Log-ins: a row for each browser of a user. A session counts as long as its row is there and has not expired. */
import { type PubSub, topic } from "@overwire/server";
import type { Login, StoreRepo, User } from "../database/schema.ts";
import { type Clock, DAY, HOUR, MINUTE } from "../shared/clock.ts";
import { randomToken } from "../shared/random.ts";
import { AccountError } from "./errors.ts";

/** A browser, as far as it is known. */
export interface Client {
  /** Its own description. */
  readonly agent: string;
  /** Its network address; empty if it is not known. */
  readonly address: string;
}

/** A log-in as a session names it. */
export interface LoginRef {
  readonly userId?: number | undefined;
  readonly loginId?: string | undefined;
}

export type LoginOfUser = Login & { readonly user: User };

/** Told when log-ins of a user come, go, or were seen. */
export const loginsTopic = (userId: number) => topic<null>(`logins:${userId}`);

const REMEMBERED = 60 * DAY;
const NOT_REMEMBERED = 12 * HOUR;
/** Dangerous pages ask again after this time. */
const SUDO = 10 * MINUTE;

/** Stands for the time of a log-in whose user may not have shown who they are: a provider has remembered them, or does not tell. */
export const NOT_SHOWN = new Date(0);

export interface NewLogin extends Client {
  /** Stays for weeks, not for hours. */
  readonly remember: boolean;
  /** Time at which the user has shown who they are. Default: now */
  readonly authenticatedAt?: Date | undefined;
}

export interface LoginsOptions {
  readonly repo: StoreRepo;
  readonly clock: Clock;
  readonly pubsub: PubSub;
  /** Told of a user whose open pages may not be open any more. */
  readonly withdrawn: (userId: number) => void;
}

export class Logins {
  readonly #options: LoginsOptions;

  constructor(options: LoginsOptions) {
    this.#options = options;
  }

  async add(user: User, { agent, address, remember, authenticatedAt }: NewLogin): Promise<Login> {
    const { repo } = this.#options;
    const now = this.#options.clock();
    await repo.deleteAll("logins", { userId: user.id, expiresAt: { lte: now } });
    const login = await repo.insert("logins", {
      id: randomToken(),
      userId: user.id,
      agent: agent.slice(0, 300),
      address,
      createdAt: now,
      seenAt: now,
      authenticatedAt: earlier(authenticatedAt ?? now, now),
      expiresAt: new Date(now.getTime() + (remember ? REMEMBERED : NOT_REMEMBERED)),
    });
    this.#changed(user.id);
    return login;
  }

  /** The log-in of a session, with its user. That it was seen is written once a minute at most. */
  async find({ userId, loginId }: LoginRef): Promise<LoginOfUser | undefined> {
    if (userId === undefined || loginId === undefined) return undefined;
    const { repo } = this.#options;
    const now = this.#options.clock();
    const login = await repo.get("logins", loginId, { preload: { user: true } });
    if (!login || login.userId !== userId || login.expiresAt <= now) return undefined;
    if (now.getTime() - login.seenAt.getTime() >= MINUTE) {
      await repo.updateAll("logins", { id: loginId }, { seenAt: now });
      this.#changed(userId);
    }
    return login;
  }

  /** The log-in of a session whose user has shown a short time ago who they are. @throws AccountError `not_fresh` */
  async fresh(session: LoginRef): Promise<LoginOfUser> {
    return this.#checkFresh(await this.find(session));
  }

  /**
   * The log-in of a session, in the transaction of what it allows: no new password and no revocation ends it before that has ended. One
   * that ends while work goes on, as by a reset after a break-in, so leaves no password, token or identity of its own behind.
   * @throws AccountError `logged_out`
   */
  async hold(session: LoginRef): Promise<LoginOfUser> {
    if (session.userId !== undefined) await this.#options.repo.query("lockUser", session.userId);
    const login = await this.find(session);
    if (login) return login;
    throw new AccountError("logged_out", "You were logged out meanwhile. Please log in, and try again.");
  }

  /** As {@link hold} and {@link fresh}. @throws AccountError `logged_out`, `not_fresh` */
  async holdFresh(session: LoginRef): Promise<LoginOfUser> {
    return this.#checkFresh(await this.hold(session));
  }

  #checkFresh(login: LoginOfUser | undefined): LoginOfUser {
    if (login && this.isFreshLogin(login)) return login;
    throw new AccountError("not_fresh", "Please show again that it is you.");
  }

  /** Log-ins that count, the one seen last first. */
  list(userId: number): Promise<Login[]> {
    const now = this.#options.clock();
    return this.#options.repo.filter(
      "logins",
      { userId, expiresAt: { gt: now } },
      { orderBy: { seenAt: "desc", id: "asc" } },
    );
  }

  /** Ends a log-in that its user may not trust, and with it a change of address that it may have asked for. */
  async revoke(userId: number, loginId: string): Promise<void> {
    const { repo } = this.#options;
    const ended = await repo.transaction(async () => {
      await repo.query("lockUser", userId);
      await repo.deleteAll("tokens", { userId, kind: "email" });
      return repo.deleteAll("logins", { userId, id: loginId });
    });
    if (ended.length > 0) this.haveEnded(userId);
  }

  /** Ends a log-in. Pages of its browser leave at once. Another user's is left alone. */
  async end(userId: number, loginId: string): Promise<void> {
    const ended = await this.#options.repo.deleteAll("logins", { userId, id: loginId });
    if (ended.length > 0) this.haveEnded(userId);
  }

  /** Ends all log-ins of a user but one, as {@link revoke}. */
  async revokeOthers(userId: number, except: string): Promise<void> {
    const { repo } = this.#options;
    const ended = await repo.transaction(async () => {
      await repo.query("lockUser", userId);
      return this.deleteOthers(userId, except);
    });
    if (ended.length > 0) this.haveEnded(userId);
  }

  /** Ends log-ins whose time is over. Pages that are open since before leave, as a guard is asked when a page opens. */
  async endExpired(): Promise<void> {
    const { repo, clock } = this.#options;
    const ended = await repo.deleteAll("logins", { expiresAt: { lte: clock() } });
    for (const userId of new Set(ended.map(({ userId }) => userId))) this.haveEnded(userId);
  }

  /** As {@link revokeOthers}, in a transaction that has the user's lock, after whose end {@link haveEnded} is to be called. */
  async deleteOthers(userId: number, except: string | undefined): Promise<Login[]> {
    const { repo } = this.#options;
    const where = except === undefined ? { userId } : { userId, id: { not: except } };
    await repo.deleteAll("tokens", { userId, kind: "email" });
    return repo.deleteAll("logins", where);
  }

  /** Tells open pages that log-ins of a user have ended. */
  haveEnded(userId: number): void {
    this.#options.withdrawn(userId);
    this.#changed(userId);
  }

  /** Tells if the user has shown who they are a short time ago. */
  isFreshLogin({ authenticatedAt }: Login): boolean {
    return this.#options.clock().getTime() - authenticatedAt.getTime() < SUDO;
  }

  /** As {@link isFreshLogin}, of the log-in of a session. */
  async isFresh(session: LoginRef): Promise<boolean> {
    const login = await this.find(session);
    return login !== undefined && this.isFreshLogin(login);
  }

  /** The user of a log-in has shown again who they are. @param at default: now */
  async refresh(loginId: string, at?: Date): Promise<void> {
    const now = this.#options.clock();
    const authenticatedAt = earlier(at ?? now, now);
    await this.#options.repo.updateAll("logins", { id: loginId }, { authenticatedAt });
  }

  #changed(userId: number): void {
    this.#options.pubsub.publish(loginsTopic(userId), null);
  }
}

/** A provider's clock may be ahead. */
const earlier = (a: Date, b: Date) => (a < b ? a : b);
