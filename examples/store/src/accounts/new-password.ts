/** A password that is set: what ends with it, and what its user is told of it. */
import type { Audit } from "../audit/audit.ts";
import type { User } from "../database/schema.ts";
import type { Services } from "../services/services.ts";
import type { ApiTokens } from "./api-tokens.ts";
import type { Connection, Identities } from "./identities.ts";
import { passwordLetter } from "./letters.ts";
import type { Links } from "./links.ts";
import type { Logins } from "./logins.ts";
import type { OwnerMail } from "./owner-mail.ts";
import type { Passwords } from "./passwords.ts";

/** News for the user of a password that was set. */
export interface PasswordSet {
  readonly user: User;
  /** Number of API tokens that were revoked with it. */
  readonly revoked: number;
  /** Identities by which the user can still log in. */
  readonly connections: readonly Connection[];
}

export interface NewPasswordOptions {
  readonly services: Pick<Services, "repo" | "clock">;
  readonly audit: Audit;
  readonly passwords: Passwords;
  readonly links: Links;
  readonly logins: Logins;
  readonly apiTokens: ApiTokens;
  readonly identities: Pick<Identities, "connections">;
  readonly ownerMail: OwnerMail;
}

export interface Ending {
  /** Id of the log-in that goes on. */
  readonly keep: string | undefined;
  readonly revokeTokens: boolean;
}

export class NewPassword {
  readonly #options: NewPasswordOptions;

  constructor(options: NewPasswordOptions) {
    this.#options = options;
  }

  /**
   * Sets a password. All links of the user end, and all log-ins but one. Connected identities stay: for many users they are the only
   * other way in, so the mail lists them, and their owner decides.
   * @param whose finds the user in the transaction, or refuses
   */
  async set(
    password: string,
    { keep, revokeTokens }: Ending,
    whose: () => Promise<User>,
  ): Promise<PasswordSet> {
    const { services, audit, passwords, links, logins, apiTokens } = this.#options;
    const { repo, clock } = services;
    const passwordHash = await passwords.hash(password);
    const [user, revoked] = await repo.transaction(async () => {
      const { id, confirmedAt } = await whose();
      await links.endAll(id);
      await logins.deleteOthers(id, keep);
      const revoked = revokeTokens ? await apiTokens.deleteAll(id) : [];
      const changes = { passwordHash, confirmedAt: confirmedAt ?? clock() };
      return [await repo.update("users", id, changes), revoked] as const;
    });
    logins.haveEnded(user.id);
    await apiTokens.haveEnded(user, revoked);
    const connections = await this.#tell(user, revoked);
    await audit.record(user, "user.password_changed", `user:${user.id}`);
    return { user, revoked: revoked.length, connections };
  }

  /** Mails the owner. @returns the identities that the mail lists */
  async #tell(user: User, revoked: readonly { readonly name: string }[]): Promise<readonly Connection[]> {
    const { apiTokens, identities, ownerMail } = this.#options;
    const [kept, connections] = await Promise.all([apiTokens.listOf(user), identities.connections(user)]);
    ownerMail.tell(user, (name, url) => passwordLetter(name, url, { revoked, kept, connections }));
    return connections;
  }
}
