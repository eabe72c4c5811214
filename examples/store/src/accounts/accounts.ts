/**
 * Accounts: who a user is, and what a user may. Nothing here tells a stranger if an address has an account: answers are the same, and
 * so is their time, as mails are sent after them.
 */
import type { Audit } from "../audit/audit.ts";
import type { Login, Role, Token, User } from "../database/schema.ts";
import type { Mail } from "../mail/mailer.ts";
import type { Services } from "../services/services.ts";
import type { Background } from "../shared/background.ts";
import { isTaken } from "./addresses.ts";
import { AccountError, linkSpent } from "./errors.ts";
import * as letters from "./letters.ts";
import { type Attempt, Limits } from "./limits.ts";
import { type LinkKind, Links } from "./links.ts";
import { type Client, type LoginRef, Logins } from "./logins.ts";
import { type PasswordCost, Passwords } from "./passwords.ts";

export interface Registration {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

export interface AccountsOptions {
  readonly services: Services;
  readonly audit: Audit;
  readonly background: Background;
  /** Cheap in tests. */
  readonly passwordCost?: PasswordCost | undefined;
}

/** Addresses are compared and kept like this. */
export const normalEmail = (email: string): string => email.trim().toLowerCase();

export class Accounts {
  readonly logins: Logins;
  readonly #services: Services;
  readonly #audit: Audit;
  readonly #background: Background;
  readonly #passwords: Passwords;
  readonly #limits: Limits;
  readonly #links: Links;
  readonly #listeners = new Set<(userId: number) => void>();

  constructor({ services, audit, background, passwordCost }: AccountsOptions) {
    this.#services = services;
    this.#audit = audit;
    this.#background = background;
    this.#passwords = new Passwords(passwordCost);
    this.#limits = new Limits();
    this.#links = new Links(services);
    this.logins = new Logins({ ...services, withdrawn: (userId) => this.#withdrawn(userId) });
  }

  /**
   * Hears of users whose rights or log-ins were withdrawn here, after it has happened: the web asks the guards of their pages again.
   * @returns a function that ends it
   */
  onWithdrawn(listener: (userId: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Registers a user, who can log in once the address is confirmed. The owner of an address that is taken gets another mail.
   * @returns undefined if the address is taken: show the same answer
   * @throws RateLimitExceeded
   */
  async register({ email, name, password }: Registration, client?: Client): Promise<User | undefined> {
    const address = normalEmail(email);
    await this.#limits.count("register", address, client);
    const passwordHash = await this.#passwords.hash(password);
    const user = await this.#enrol({ email: address, name: name.trim(), passwordHash });
    this.#background.run(() => this.#welcome(address));
    return user;
  }

  /**
   * The user of an address and a password. The same work is done for each address, and an address that is not confirmed is as an
   * unknown one: otherwise a registration and a log-in after it would tell if the address was taken before.
   * @throws RateLimitExceeded
   */
  async authenticate(email: string, password: string, client?: Client): Promise<User | undefined> {
    const address = normalEmail(email);
    const isLast = await this.#limits.count("logIn", address, client);
    const user = await this.#services.repo.getBy("users", { email: address });
    const matches = await this.#passwords.verify(user?.passwordHash, password);
    if (user?.confirmedAt && matches) {
      await this.#limits.forget("logIn", address);
      return user;
    }
    if (isLast) await this.#audit.record(undefined, "login.limited", `address:${address}`, from(client));
    return undefined;
  }

  /** Logs a browser in. The session to set is `{ userId, loginId: login.id }`. */
  async logIn(user: User, options: Client & { readonly remember: boolean }): Promise<Login> {
    const login = await this.logins.add(user, options);
    await this.#audit.record(user, "login.begun", `user:${user.id}`, from(options));
    return login;
  }

  /** Ends the log-in of a session. */
  async logOut({ userId, loginId }: LoginRef): Promise<void> {
    if (userId !== undefined && loginId !== undefined) await this.logins.revoke(userId, loginId);
  }

  /** The user of a session, as the database has them now. Undefined if the log-in is gone or has expired. */
  async userOf(session: LoginRef): Promise<User | undefined> {
    return (await this.logins.find(session))?.user;
  }

  /**
   * Gives a user another role. Open pages that it does not allow leave at once.
   * @throws AccountError if the actor is no admin, or the user is the actor
   */
  async setRole(actor: User, userId: number, role: Role): Promise<User> {
    const { repo } = this.#services;
    const [user, previous] = await repo.transaction(async () => {
      if ((await repo.get("users", actor.id))?.role !== "admin")
        throw new AccountError("not_allowed", "Only admins give roles.");
      if (actor.id === userId)
        throw new AccountError("own_role", "Another admin has to change your own role.");
      const before = await repo.get("users", userId);
      return [await repo.update("users", userId, { role }), before?.role ?? role] as const;
    });
    await this.#audit.record(actor, "user.role_changed", `user:${userId}`, { from: previous, to: role });
    this.#withdrawn(userId);
    return user;
  }

  /** New, or registered before and never confirmed: the address is proved by no registration, so the newest one counts. */
  async #enrol(user: { email: string; name: string; passwordHash: string }): Promise<User | undefined> {
    const { repo } = this.#services;
    const [again] = await repo.updateAll("users", { email: user.email, confirmedAt: null }, user);
    if (again) {
      await this.#links.endAll(again.id);
      return again;
    }
    try {
      // A transaction of its own, so that the refusal of the address ends no other.
      return await repo.transaction(() =>
        repo.insert("users", { ...user, createdAt: this.#services.clock() }),
      );
    } catch (error) {
      if (isTaken(error)) return undefined;
      throw error;
    }
  }

  async #welcome(email: string): Promise<void> {
    const user = await this.#services.repo.getBy("users", { email });
    if (!user) return;
    if (user.confirmedAt) return this.#send(email, letters.takenLetter(user.name, this.#services.url));
    await this.#send(email, letters.confirmLetter(user.name, await this.#link("confirm", user, "/confirm")));
  }

  async #link(kind: LinkKind, user: User, path: string, sentTo?: string): Promise<string> {
    return `${this.#services.url}${path}/${await this.#links.issue(kind, user, sentTo)}`;
  }

  #send(to: string, letter: Omit<Mail, "to">): Promise<void> {
    return this.#services.mailer.send({ to, ...letter });
  }

  #withdrawn(userId: number): void {
    for (const listener of this.#listeners) listener(userId);
  }
}

const from = (client: Client | undefined) => ({ agent: client?.agent ?? "", address: client?.address ?? "" });
