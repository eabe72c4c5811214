/** Accounts at identity providers: entering the store by one, connecting one to an account, and disconnecting it. */
import { RepoError } from "@overwire/testing/drizzle";
import type { Audit } from "../audit/audit.ts";
import type { Identity, User } from "../database/schema.ts";
import type { Provider, ProviderError, ProviderUser } from "../providers/provider.ts";
import type { Services } from "../services/services.ts";
import { connectedLetter, disconnectedLetter } from "./letters.ts";
import type { OwnerMail } from "./owner-mail.ts";

/** A provider's user whose address belongs to an account, until its owner has logged in another way. */
export interface PendingIdentity {
  readonly issuer: string;
  readonly subject: string;
  /** The account with the same address: no other is offered the identity. */
  readonly userId: number;
}

/** Result of a provider's answer. */
export type Entered =
  | { readonly outcome: "known" | "registered"; readonly user: User }
  | { readonly outcome: "taken"; readonly pending: PendingIdentity }
  | { readonly outcome: "no_address" | "closed" };

/** An identity as its owner sees it. */
export interface Connection {
  readonly id: number;
  readonly title: string;
  readonly issuer: string;
  readonly createdAt: Date;
}

/** The user would have no way left to log in. */
export class LastWayIn extends Error {
  override readonly name = "LastWayIn";
  readonly code = "last_way_in";
}

/** The identity belongs to another account. */
export class IdentityTaken extends Error {
  override readonly name = "IdentityTaken";
  readonly code = "identity_taken";
}

/** Characters. Providers allow longer names than pages have room for. */
const LONGEST_NAME = 100;

export class Identities {
  readonly #services: Pick<Services, "repo" | "clock" | "providers">;
  readonly #audit: Audit;
  readonly #ownerMail: Pick<OwnerMail, "tell">;

  constructor(
    services: Pick<Services, "repo" | "clock" | "providers">,
    audit: Audit,
    ownerMail: Pick<OwnerMail, "tell">,
  ) {
    this.#services = services;
    this.#audit = audit;
    this.#ownerMail = ownerMail;
  }

  /** In the order of their buttons. */
  get providers(): readonly Provider[] {
    return this.#services.providers;
  }

  provider(name: string): Provider | undefined {
    return this.providers.find((provider) => provider.name === name);
  }

  /**
   * The account of a provider's user: theirs, or a new one. One that only has the same address is not theirs yet.
   * @param isClosed no account is made
   */
  async enter(provider: Provider, found: ProviderUser, isClosed = false): Promise<Entered> {
    const { issuer, title } = provider;
    const { subject, email } = found;
    const owner = await this.#ownerOf(issuer, subject);
    if (owner) return { outcome: "known", user: owner };
    if (email === undefined) return { outcome: "no_address" };
    const other = await this.#services.repo.getBy("users", { email });
    if (other?.confirmedAt) return { outcome: "taken", pending: { issuer, subject, userId: other.id } };
    if (isClosed) return { outcome: "closed" };
    try {
      const user = await this.#register(issuer, subject, email, found.name);
      await this.#audit.record(user, "identity.registered", `user:${user.id}`, { provider: title });
      return { outcome: "registered", user };
    } catch (error) {
      // Another request has made the account, or taken the address, since.
      if (isTaken(error)) return this.enter(provider, found);
      throw error;
    }
  }

  /** Records a flow that failed, for the operator: a user cannot mend a secret that is wrong. */
  async failed({ name }: Provider, { code, message }: ProviderError): Promise<void> {
    if (code === "denied") return;
    await this.#audit.record(undefined, "identity.failed", `provider:${name}`, { code, message });
  }

  /**
   * Connects the identity that waits for a user, who has logged in.
   * @param check as of {@link connect}
   * @throws IdentityTaken if it waits for another one, too
   */
  async accept(user: User, pending: PendingIdentity, check?: () => Promise<unknown>): Promise<void> {
    if (pending.userId !== user.id) throw new IdentityTaken("This identity waits for another account.");
    await this.connect(user, pending, check);
  }

  /**
   * Connects an identity to a user who is logged in, and tells the owner by mail. A second time changes nothing.
   * @param check refuses in the transaction by an error, such as for a log-in that has ended
   * @throws IdentityTaken
   */
  async connect(
    user: User,
    { issuer, subject }: Pick<PendingIdentity, "issuer" | "subject">,
    check: () => Promise<unknown> = async () => {},
  ): Promise<void> {
    const { repo, clock } = this.#services;
    try {
      await repo.transaction(async () => {
        await check();
        await repo.insert("identities", { userId: user.id, provider: issuer, subject, createdAt: clock() });
      });
    } catch (error) {
      if (!isTaken(error)) throw error;
      const owner = await this.#ownerOf(issuer, subject);
      if (owner?.id === user.id) return;
      throw new IdentityTaken("This identity belongs to another account.", { cause: error });
    }
    const provider = this.title(issuer);
    await this.#audit.record(user, "identity.connected", `user:${user.id}`, { provider });
    this.#ownerMail.tell(user, (name, url) => connectedLetter(name, url, provider));
  }

  /**
   * Disconnects an identity of the user, and tells the owner by mail.
   * @throws LastWayIn
   */
  async disconnect(user: User, id: number): Promise<void> {
    const { repo } = this.#services;
    const removed = await repo.transaction(async () => {
      // Of two requests the second one counts without what the first took.
      await repo.query("lockUser", user.id);
      const owner = await repo.get("users", user.id);
      if (!owner) return undefined;
      const own = await repo.filter("identities", { userId: user.id });
      const removed = own.find((identity) => identity.id === id);
      if (!removed) return undefined;
      const others = own.filter((identity) => identity !== removed && this.#isUsable(identity));
      if (owner.passwordHash === null && others.length === 0)
        throw new LastWayIn("The last way of logging in cannot be disconnected.");
      return repo.delete("identities", id);
    });
    if (!removed) return;
    const provider = this.title(removed.provider);
    await this.#audit.record(user, "identity.disconnected", `user:${user.id}`, { provider });
    this.#ownerMail.tell(user, (name, url) => disconnectedLetter(name, url, provider));
  }

  /** Tells if an identity is connected to a user. */
  async isOf(
    { id }: User,
    { issuer, subject }: Pick<PendingIdentity, "issuer" | "subject">,
  ): Promise<boolean> {
    return (await this.#ownerOf(issuer, subject))?.id === id;
  }

  /** Providers by which a user, whom they know, can show who they are. */
  async confirming(user: User): Promise<readonly Provider[]> {
    const issuers = new Set((await this.connections(user)).map(({ issuer }) => issuer));
    return this.providers.filter(({ issuer, canAskAnew }) => canAskAnew && issuers.has(issuer));
  }

  /** Identities of a user, the oldest first. */
  async connections(user: User): Promise<Connection[]> {
    const own = await this.#services.repo.filter(
      "identities",
      { userId: user.id },
      { orderBy: { id: "asc" } },
    );
    return own.map(({ id, provider: issuer, createdAt }) => ({
      id,
      title: this.title(issuer),
      issuer,
      createdAt,
    }));
  }

  /** Name of a provider; its issuer if the settings do not have it any more. */
  title(issuer: string): string {
    return this.providers.find((provider) => provider.issuer === issuer)?.title ?? issuer;
  }

  #isUsable({ provider: issuer }: Identity): boolean {
    return this.providers.some((provider) => provider.issuer === issuer);
  }

  async #ownerOf(issuer: string, subject: string): Promise<User | undefined> {
    const identity = await this.#services.repo.getBy(
      "identities",
      { provider: issuer, subject },
      { preload: { user: true } },
    );
    return identity?.user;
  }

  /** A new account, or one whose address was never confirmed: the provider's user is the first who has proved to own it. */
  #register(issuer: string, subject: string, email: string, name: string): Promise<User> {
    const { repo, clock } = this.#services;
    const now = clock();
    const proved = { name: shortened(name) || email.slice(0, email.indexOf("@")), confirmedAt: now };
    return repo.transaction(async () => {
      const [unproved] = await repo.updateAll(
        "users",
        { email, confirmedAt: null },
        { ...proved, passwordHash: null },
      );
      if (unproved) await repo.deleteAll("tokens", { userId: unproved.id });
      const user = unproved ?? (await repo.insert("users", { email, ...proved, createdAt: now }));
      await repo.insert("identities", { userId: user.id, provider: issuer, subject, createdAt: now });
      return user;
    });
  }
}

const isTaken = (error: unknown) => error instanceof RepoError && error.code === "not_unique";

/** In one line. */
const shortened = (name: string) =>
  name
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .slice(0, LONGEST_NAME);
