/**
 * Accounts: who a user is, and what a user may. Nothing here tells a stranger if an address has an account: answers are the same, and
 * so is their time, as mails are sent after them.
 */
import type { Audit } from "../audit/audit.ts";
import type { Login, Role, User } from "../database/schema.ts";
import type { Services } from "../services/services.ts";
import { normalEmail } from "../shared/addresses.ts";
import type { Background } from "../shared/background.ts";
import { isTaken } from "./addresses.ts";
import type { ApiTokens } from "./api-tokens.ts";
import { Appointments } from "./appointments.ts";
import { confirmedTopic } from "./confirmed.ts";
import { linkSpent } from "./errors.ts";
import type { Identities } from "./identities.ts";
import type { Letter } from "./letters.ts";
import * as letters from "./letters.ts";
import { Limits } from "./limits.ts";
import { type LinkKind, Links } from "./links.ts";
import { type Client, type LoginRef, Logins, type NewLogin } from "./logins.ts";
import { NewPassword, type PasswordSet } from "./new-password.ts";
import type { OwnerMail } from "./owner-mail.ts";
import { type PasswordCost, Passwords } from "./passwords.ts";
import { deleteUnconfirmed } from "./unconfirmed.ts";

export interface Registration {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

/** An identity by which its user shows who they are. */
export interface ShownIdentity {
  readonly issuer: string;
  readonly subject: string;
  /** Time of the log-in at the provider. */
  readonly authenticatedAt?: Date | undefined;
}

export interface AccountsOptions {
  readonly services: Services;
  readonly audit: Audit;
  readonly apiTokens: ApiTokens;
  readonly identities: Pick<Identities, "connections" | "isOf">;
  readonly ownerMail: OwnerMail;
  readonly background: Background;
  /** Cheap in tests. */
  readonly passwordCost?: PasswordCost | undefined;
  /** Address of the first admin, who becomes one by a log-in. */
  readonly admin?: string | undefined;
}

export class Accounts {
  readonly logins: Logins;
  readonly #services: Services;
  readonly #audit: Audit;
  readonly #background: Background;
  readonly #passwords: Passwords;
  readonly #limits: Limits;
  readonly #links: Links;
  readonly #appointments: Appointments;
  readonly #newPassword: NewPassword;
  readonly #identities: Pick<Identities, "isOf">;
  readonly #ownerMail: OwnerMail;
  readonly #admin: string | undefined;
  readonly #listeners = new Set<(userId: number) => void>();

  constructor({ services, audit, background, passwordCost, admin, ...others }: AccountsOptions) {
    this.#admin = admin && normalEmail(admin);
    this.#services = services;
    this.#audit = audit;
    this.#background = background;
    this.#identities = others.identities;
    this.#ownerMail = others.ownerMail;
    this.#passwords = new Passwords(passwordCost);
    this.#limits = new Limits(services.counts);
    this.#links = new Links(services);
    const withdrawn = (userId: number) => this.#withdrawn(userId);
    this.logins = new Logins({ ...services, withdrawn });
    this.#appointments = new Appointments({ ...services, audit, withdrawn });
    this.#newPassword = new NewPassword({
      services,
      audit,
      passwords: this.#passwords,
      links: this.#links,
      logins: this.logins,
      ...others,
    });
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
      await this.#limits.forget("logIn", address, client);
      return user;
    }
    if (isLast) await this.#audit.record(undefined, "login.limited", `address:${address}`, from(client));
    return undefined;
  }

  /** The user of a link that would count. Pages show a button before it is spent, since scanners of mails open links. */
  async userOfLink(kind: LinkKind, token: string): Promise<User | undefined> {
    return (await this.#links.peek(kind, token))?.user;
  }

  /**
   * Confirms the address of a registration, by its link and its password: a stranger who registered with the address of another
   * user is not let in by its owner.
   * @returns undefined for another password: the link still counts
   * @throws AccountError `link_spent`; RateLimitExceeded
   */
  async confirm(token: string, password: string, client?: Client): Promise<User | undefined> {
    const user = await this.userOfLink("confirm", token);
    if (!user) throw linkSpent();
    // Apart from log-ins, of which a stranger may use all up: this one has the link.
    const counted = `confirm ${user.email}`;
    await this.#limits.count("logIn", counted, client);
    if (!(await this.#passwords.verify(user.passwordHash, password))) return undefined;
    const { repo, clock, pubsub } = this.#services;
    const confirmed = await repo.transaction(async () => {
      if (!(await this.#links.spend("confirm", token))) throw linkSpent();
      // With the password that was checked, which another registration may have replaced meanwhile.
      const registered = { id: user.id, passwordHash: user.passwordHash };
      const [confirmed] = await repo.updateAll("users", registered, { confirmedAt: clock() });
      if (!confirmed) throw linkSpent();
      return confirmed;
    });
    await this.#limits.forget("logIn", counted, client);
    pubsub.publish(confirmedTopic(confirmed.email), null);
    return confirmed;
  }

  /** Mails a link that logs in. @throws RateLimitExceeded */
  async requestMagicLink(email: string, client?: Client): Promise<void> {
    await this.#mailLink("magic", email, client, async (user) =>
      letters.magicLetter(nameOf(user), await this.#link("magic", user, "/login/magic")),
    );
  }

  /**
   * The user of a link that logs in. If the address was not confirmed before, it is now, and the password of its registration is
   * forgotten, which may be a stranger's.
   * @throws AccountError `link_spent`
   */
  async authenticateByLink(token: string): Promise<User> {
    const { repo, clock } = this.#services;
    return repo.transaction(async () => {
      const user = await this.#spend("magic", token);
      if (user.confirmedAt) return user;
      await this.#links.endAll(user.id);
      return repo.update("users", user.id, { confirmedAt: clock(), passwordHash: null });
    });
  }

  /** Mails a link to choose another password. @throws RateLimitExceeded */
  async requestReset(email: string, client?: Client): Promise<void> {
    await this.#mailLink("reset", email, client, async (user) =>
      letters.resetLetter(nameOf(user), await this.#link("reset", user, "/reset")),
    );
  }

  /**
   * Sets a password by a link, which may be the answer to a break-in: all log-ins of the user end but that of the session, all API
   * tokens are revoked, and all other links end. Connected identities stay, and the mail about it lists them.
   * @throws AccountError `link_spent`
   */
  async resetPassword(token: string, password: string, session: LoginRef = {}): Promise<PasswordSet> {
    const spend = () => this.#spend("reset", token);
    return this.#newPassword.set(password, { keep: session.loginId, revokeTokens: true }, spend);
  }

  /**
   * Sets a password. All other log-ins of the user end.
   * @param options.revokeTokens also revokes all API tokens; otherwise programs that use them go on
   * @throws AccountError `not_fresh`; `logged_out` if the log-in ends meanwhile
   */
  async changePassword(
    session: LoginRef,
    password: string,
    { revokeTokens = false }: { readonly revokeTokens?: boolean } = {},
  ): Promise<PasswordSet> {
    const { id } = await this.logins.fresh(session);
    const whose = async () => (await this.logins.holdFresh(session)).user;
    return this.#newPassword.set(password, { keep: id, revokeTokens }, whose);
  }

  /**
   * Mails a link to an address that is to be the user's. The owner of one that is taken gets another mail.
   * @throws AccountError `not_fresh`; RateLimitExceeded
   */
  async requestEmailChange(session: LoginRef, email: string, client?: Client): Promise<void> {
    const { user } = await this.logins.fresh(session);
    const address = normalEmail(email);
    await this.#limits.count("link", user.email, client);
    await this.#limits.count("link", address, undefined);
    this.#background.run(async () => {
      const owner = await this.#services.repo.getBy("users", { email: address });
      const letter = owner?.confirmedAt
        ? letters.emailTakenLetter(owner.name)
        : letters.newEmailLetter(await this.#emailLink(session, address));
      await this.#send(address, letter);
    });
  }

  /** Gives a user the address of a link. Both addresses are told. @throws AccountError `link_spent` */
  async changeEmail(token: string): Promise<User> {
    const { repo, clock } = this.#services;
    try {
      const [before, user] = await repo.transaction(async () => {
        const link = await this.#links.spend("email", token);
        const before = link && (await repo.get("users", link.userId));
        if (!before) throw linkSpent();
        await this.#links.endAll(before.id);
        // Registered by a user who has not proved to own it, as this one has.
        await repo.deleteAll("users", { email: link.sentTo, confirmedAt: null });
        return [
          before,
          await repo.update("users", before.id, { email: link.sentTo, confirmedAt: clock() }),
        ] as const;
      });
      this.#background.run(() => this.#send(before.email, letters.emailChangedLetter(user.name, user.email)));
      this.#ownerMail.tell(user, letters.emailIsNewLetter);
      await this.#audit.record(user, "user.email_changed", `user:${user.id}`);
      return user;
    } catch (error) {
      // Another user has got the address since the link was sent.
      throw isTaken(error) ? linkSpent() : error;
    }
  }

  /** The user shows again who they are, for dangerous pages. @throws RateLimitExceeded */
  async reauthenticate(session: LoginRef, password: string, client?: Client): Promise<boolean> {
    const login = await this.logins.find(session);
    if (!login) return false;
    const { email } = login.user;
    // Apart from log-ins, of which a stranger may use all up: this one is logged in.
    const counted = `again ${login.id}`;
    const isLast = await this.#limits.count("logIn", counted, client);
    const matches = await this.#passwords.verify(login.user.passwordHash, password);
    if (matches) {
      await this.#limits.forget("logIn", counted, client);
      await this.logins.refresh(login.id);
    } else if (isLast)
      await this.#audit.record(login.user, "login.limited", `address:${email}`, from(client));
    return matches;
  }

  /**
   * As {@link reauthenticate}, by an identity at whose provider the user has logged in anew.
   * @returns false if the identity is not connected to the user, or the provider does not tell when they logged in
   */
  async reauthenticateBy(session: LoginRef, identity: ShownIdentity): Promise<boolean> {
    const login = await this.logins.find(session);
    if (!login || !identity.authenticatedAt) return false;
    if (!(await this.#identities.isOf(login.user, identity))) return false;
    await this.logins.refresh(login.id, identity.authenticatedAt);
    return true;
  }

  /** Logs a browser in. The session to set is `{ userId, loginId: login.id }`. */
  async logIn(user: User, options: NewLogin): Promise<Login> {
    const login = await this.logins.add(user, options);
    if (user.email === this.#admin && user.confirmedAt && user.role !== "admin")
      await this.#appointments.appointFirstAdmin(user);
    await this.#audit.record(user, "login.begun", `user:${user.id}`, from(options));
    return login;
  }

  /** Ends the log-in of a session. */
  async logOut({ userId, loginId }: LoginRef): Promise<void> {
    if (userId !== undefined && loginId !== undefined) await this.logins.end(userId, loginId);
  }

  /** The user of a session, as the database has them now. Undefined if the log-in is gone or has expired. */
  async userOf(session: LoginRef): Promise<User | undefined> {
    return (await this.logins.find(session))?.user;
  }

  /**
   * Gives a user another role. Open pages that it does not allow leave at once.
   * @param session of the admin who gives it
   * @throws AccountError `not_fresh`, `logged_out`; `not_allowed` if the session is of no admin; `own_role` if the user is the admin
   */
  async setRole(session: LoginRef, userId: number, role: Role): Promise<User> {
    return this.#appointments.setRole(async () => (await this.logins.holdFresh(session)).user, userId, role);
  }

  /** Deletes registrations of a week ago that were never confirmed. @returns the number of users deleted */
  deleteUnconfirmed(): Promise<number> {
    return deleteUnconfirmed(this.#services, this.#audit);
  }

  /** New, or registered before and never confirmed: the address is proved by no registration, so the newest one counts. */
  async #enrol(user: { email: string; name: string; passwordHash: string }): Promise<User | undefined> {
    const { repo, clock } = this.#services;
    const registered = { ...user, createdAt: clock() };
    const again = await repo.transaction(async () => {
      const unconfirmed = { email: user.email, confirmedAt: null };
      const [again] = await repo.updateAll("users", unconfirmed, registered);
      if (again) await this.#links.endAll(again.id);
      return again;
    });
    if (again) return again;
    try {
      // A transaction of its own, so that the refusal of the address ends no other.
      return await repo.transaction(() => repo.insert("users", registered));
    } catch (error) {
      if (isTaken(error)) return undefined;
      throw error;
    }
  }

  /** Looks the address up after the answer, so that no time tells if it is known. */
  async #mailLink(
    kind: LinkKind,
    email: string,
    client: Client | undefined,
    letter: (user: User) => Promise<Letter>,
  ): Promise<void> {
    const address = normalEmail(email);
    await this.#limits.count("link", `${kind} ${address}`, client);
    this.#background.run(async () => {
      const user = await this.#services.repo.getBy("users", { email: address });
      if (user) await this.#send(address, await letter(user));
    });
  }

  async #spend(kind: LinkKind, token: string): Promise<User> {
    const owner = await this.userOfLink(kind, token);
    // Before the link is gone, so that it waits for work of the log-ins that it may end, and that work never for it.
    if (owner) await this.#services.repo.query("lockUser", owner.id);
    const link = owner && (await this.#links.spend(kind, token));
    const user = link && (await this.#services.repo.get("users", link.userId));
    if (!user) throw linkSpent();
    return user;
  }

  #emailLink(session: LoginRef, sentTo: string): Promise<string> {
    return this.#services.repo.transaction(async () => {
      const { user } = await this.logins.holdFresh(session);
      return this.#link("email", user, "/account/email", sentTo);
    });
  }

  async #welcome(email: string): Promise<void> {
    const user = await this.#services.repo.getBy("users", { email });
    if (!user) return;
    if (user.confirmedAt) return this.#send(email, letters.takenLetter(user.name, this.#services.url));
    await this.#send(email, letters.confirmLetter(await this.#link("confirm", user, "/confirm")));
  }

  async #link(kind: LinkKind, user: User, path: string, sentTo?: string): Promise<string> {
    return `${this.#services.url}${path}/${await this.#links.issue(kind, user, sentTo)}`;
  }

  #send(to: string, letter: Letter): Promise<void> {
    return this.#services.mailer.send({ to, ...letter });
  }

  #withdrawn(userId: number): void {
    for (const listener of this.#listeners) listener(userId);
  }
}

const from = (client: Client | undefined) => ({ agent: client?.agent ?? "", address: client?.address ?? "" });

/** The name of a user in mails; undefined if a stranger may have chosen it, who has registered the address of another. */
const nameOf = ({ name, confirmedAt }: User) => (confirmedAt ? name : undefined);
