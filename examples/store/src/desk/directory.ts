/** Users as admins see them: searched, page by page, each with the log-ins. */
import type { Accounts } from "../accounts/accounts.ts";
import type { Audit } from "../audit/audit.ts";
import type { Login, Role, User } from "../database/schema.ts";
import type { Services } from "../services/services.ts";

export interface UserQuery {
  /** Part of a name or address; empty for all. */
  readonly text: string;
  readonly role?: Role | undefined;
  readonly limit: number;
  readonly offset: number;
}

export interface UserPage {
  readonly rows: readonly User[];
  /** Users on all pages. */
  readonly total: number;
}

export class Directory {
  readonly #services: Pick<Services, "repo">;
  readonly #accounts: Pick<Accounts, "logins">;
  readonly #audit: Audit;

  constructor(services: Pick<Services, "repo">, accounts: Pick<Accounts, "logins">, audit: Audit) {
    this.#services = services;
    this.#accounts = accounts;
    this.#audit = audit;
  }

  /** Users by their names. */
  async find({ text, role, limit, offset }: UserQuery): Promise<UserPage> {
    const { repo } = this.#services;
    const part = { ilike: `%${text.trim().replaceAll(/[\\%_]/g, "\\$&")}%` };
    const own = role === undefined ? {} : { role };
    const where = [
      { name: part, ...own },
      { email: part, ...own },
    ];
    const [rows, total] = await Promise.all([
      repo.filter("users", where, { orderBy: { name: "asc", id: "asc" }, limit, offset }),
      repo.count("users", where),
    ]);
    return { rows, total };
  }

  get(userId: number): Promise<User | undefined> {
    return this.#services.repo.get("users", userId);
  }

  /** Log-ins of a user that count, the one seen last first. */
  logins(userId: number): Promise<Login[]> {
    return this.#accounts.logins.list(userId);
  }

  /** Ends a log-in of a user, or all of them. Open pages of it leave at once. */
  async endLogins(actor: User, userId: number, loginId?: string): Promise<void> {
    const { logins } = this.#accounts;
    if (loginId !== undefined) await logins.revoke(userId, loginId);
    else if ((await logins.deleteOthers(userId, undefined)).length > 0) logins.haveEnded(userId);
    await this.#audit.record(actor, "login.ended_by_admin", `user:${userId}`, { all: loginId === undefined });
  }
}
