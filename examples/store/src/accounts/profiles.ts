/** Profiles: a user's name, address and means of payment, as other pages need them. They are read through the cache. */
import { RepoError } from "@overwire/testing/drizzle";
import type { Profile } from "../database/schema.ts";
import type { Services } from "../services/services.ts";
import { MINUTE } from "../shared/clock.ts";

export type ProfileChanges = Partial<Omit<Profile, "userId">>;

const keyOf = (userId: number) => `profile:${userId}`;

export class Profiles {
  readonly #services: Pick<Services, "repo" | "cache">;

  constructor(services: Pick<Services, "repo" | "cache">) {
    this.#services = services;
  }

  /** A user's profile, null until a part of it is saved. */
  of(userId: number): Promise<Profile | null> {
    const { cache, repo } = this.#services;
    const load = async () => (await repo.get("profiles", userId)) ?? null;
    return cache.get(keyOf(userId), load, { ttl: 10 * MINUTE });
  }

  /** Saves a part of a profile. Call it after a transaction, not in one: the cache forgets the profile at once. */
  async save(userId: number, changes: ProfileChanges): Promise<Profile> {
    const profile = (await this.#change(userId, changes)) ?? (await this.#begin(userId, changes));
    await this.#services.cache.invalidate(keyOf(userId));
    return profile;
  }

  async #change(userId: number, changes: ProfileChanges): Promise<Profile | undefined> {
    const [changed] = await this.#services.repo.updateAll("profiles", { userId }, changes);
    return changed;
  }

  async #begin(userId: number, changes: ProfileChanges): Promise<Profile> {
    try {
      return await this.#services.repo.insert("profiles", { userId, ...changes });
    } catch (error) {
      // Another tab was faster.
      if (!(error instanceof RepoError && error.code === "not_unique")) throw error;
      return this.#services.repo.update("profiles", userId, changes);
    }
  }
}
