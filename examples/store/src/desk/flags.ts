/** Feature flags: switches of the store that admins turn while it runs. */
import { topic } from "@overwire/server";
import { RepoError } from "@overwire/testing/drizzle";
import type { Audit } from "../audit/audit.ts";
import type { User } from "../database/schema.ts";
import type { Services } from "../services/services.ts";
import { MINUTE } from "../shared/clock.ts";

/** All flags that the code asks for. A flag that was never set is off. */
export const FLAGS = {
  maintenance_banner: "Announces on every page that the store will be closed for a short time.",
  registration_closed: "Lets no new users register, by a provider neither. Others log in as before.",
} as const;

export type FlagName = keyof typeof FLAGS;
export type FlagStates = Readonly<Record<FlagName, boolean>>;

export interface FlagChange {
  readonly name: FlagName;
  readonly isOn: boolean;
}

/** Every switch that was turned. */
export const flagsTopic = topic<FlagChange>("flags");

const KEY = "flags";

export class Flags {
  readonly #services: Pick<Services, "repo" | "pubsub" | "cache">;
  readonly #audit: Audit;

  constructor(services: Pick<Services, "repo" | "pubsub" | "cache">, audit: Audit) {
    this.#services = services;
    this.#audit = audit;
    // A cache of one node alone hears of other nodes' switches so.
    services.pubsub.subscribe(flagsTopic, () => void services.cache.invalidate(KEY));
  }

  async isOn(name: FlagName): Promise<boolean> {
    return (await this.states())[name];
  }

  /** All flags, for pages that render by them and follow {@link flagsTopic}. */
  async states(): Promise<FlagStates> {
    const { cache, repo } = this.#services;
    return cache.get(
      KEY,
      async () => {
        const on = new Set((await repo.filter("flags", { isOn: true })).map(({ name }) => name));
        return {
          maintenance_banner: on.has("maintenance_banner"),
          registration_closed: on.has("registration_closed"),
        };
      },
      { ttl: MINUTE },
    );
  }

  /** Flags as an admin sees them. */
  async list(): Promise<readonly { name: FlagName; description: string; isOn: boolean }[]> {
    const states = await this.states();
    return flagNames.map((name) => ({ name, description: FLAGS[name], isOn: states[name] }));
  }

  async set(actor: User, name: FlagName, isOn: boolean): Promise<void> {
    const { cache, pubsub } = this.#services;
    await this.#save(name, isOn);
    await cache.invalidate(KEY);
    pubsub.publish(flagsTopic, { name, isOn });
    await this.#audit.record(actor, "flag.set", `flag:${name}`, { isOn });
  }

  async #save(name: FlagName, isOn: boolean): Promise<void> {
    const { repo } = this.#services;
    const [saved] = await repo.updateAll("flags", { name }, { isOn });
    if (saved) return;
    try {
      await repo.transaction(() => repo.insert("flags", { name, description: FLAGS[name], isOn }));
    } catch (error) {
      if (!(error instanceof RepoError && error.code === "not_unique")) throw error;
      await repo.update("flags", name, { isOn });
    }
  }
}

export const flagNames = Object.keys(FLAGS) as FlagName[];
