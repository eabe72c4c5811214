/** Appointments: roles that admins give to users, and the one that the settings give to the first admin. */
import type { Audit } from "../audit/audit.ts";
import type { Role, StoreRepo, User } from "../database/schema.ts";
import { AccountError } from "./errors.ts";

export interface AppointmentsOptions {
  readonly repo: StoreRepo;
  readonly audit: Audit;
  /** Told of a user whose open pages may not be open any more. */
  readonly withdrawn: (userId: number) => void;
}

export class Appointments {
  readonly #options: AppointmentsOptions;

  constructor(options: AppointmentsOptions) {
    this.#options = options;
  }

  /**
   * @param whose finds the actor in the transaction, or refuses
   * @throws AccountError `not_allowed` if the actor is no admin; `own_role` if the user is the actor
   */
  async setRole(whose: () => Promise<User>, userId: number, role: Role): Promise<User> {
    const { repo, audit, withdrawn } = this.#options;
    const [actor, user, previous] = await repo.transaction(async () => {
      const actor = await whose();
      const { [actor.id]: giver, [userId]: before } = await this.#locked(actor.id, userId);
      if (giver?.role !== "admin") throw new AccountError("not_allowed", "Only admins give roles.");
      if (actor.id === userId)
        throw new AccountError("own_role", "Another admin has to change your own role.");
      return [actor, await repo.update("users", userId, { role }), before?.role ?? role] as const;
    });
    await audit.record(actor, "user.role_changed", `user:${userId}`, { from: previous, to: role });
    withdrawn(userId);
    return user;
  }

  /** Makes a user an admin by the settings, unless there is one: admins take such a right away for good. */
  async appointFirstAdmin({ id, role }: User): Promise<void> {
    const { repo, audit } = this.#options;
    if ((await repo.count("users", { role: "admin" })) > 0) return;
    await repo.update("users", id, { role: "admin" });
    await audit.record(undefined, "user.role_changed", `user:${id}`, { from: role, to: "admin" });
  }

  /** Users by id, held until the transaction ends: of two admins who demote each other at once, one is no admin any more. */
  async #locked(...ids: readonly number[]): Promise<Readonly<Record<number, User | undefined>>> {
    const { repo } = this.#options;
    const users: Record<number, User | undefined> = {};
    // In one order, so that two transactions never wait for each other.
    for (const id of ids.toSorted((a, b) => a - b)) users[id] = await repo.query("lockUserRow", id);
    return users;
  }
}
