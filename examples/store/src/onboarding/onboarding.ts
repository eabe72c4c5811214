/** The onboarding: what a new user tells the store, step by step. Each step is saved, so that it can be gone on with on any machine. */
import { topic } from "@overwire/server";
import type { Profiles } from "../accounts/profiles.ts";
import type { Profile, User } from "../database/schema.ts";
import type { Address } from "../database/tables.ts";
import type { Services } from "../services/services.ts";
import { normalEmail } from "../shared/addresses.ts";
import { DAY } from "../shared/clock.ts";
import { isRegistrationOf, type Registration, registrationOf } from "./registration.ts";
import { nextStep, type Step } from "./steps.ts";

export interface OnboardingState {
  readonly user: User;
  readonly profile: Profile | null;
  /** The first step that is not taken yet. */
  readonly next: Step;
}

/** Tells the pages of a user, on all machines, that a step was taken. */
export const onboardingTopic = (userId: number) => topic<null>(`onboarding:${userId}`);

export class Onboarding {
  readonly #services: Services;
  readonly #profiles: Profiles;

  constructor(services: Services, profiles: Profiles) {
    this.#services = services;
    this.#profiles = profiles;
  }

  /** @throws Error if there is no such user */
  async of(userId: number): Promise<OnboardingState> {
    const user = await this.#services.repo.get("users", userId);
    if (!user) throw new Error(`There is no user ${userId}.`);
    // Past the cache: a page of another node may hear of a step before its cache does.
    const profile = (await this.#services.repo.get("profiles", userId)) ?? null;
    return { user, profile, next: nextStep(user, profile) };
  }

  /** For the session of a browser that has registered. The answer has the same shape if the address was taken. */
  begin(email: string, user: User | undefined): Registration {
    const until = new Date(this.#services.clock().getTime() + DAY);
    return registrationOf(normalEmail(email), user, until);
  }

  /** The user whom a browser has registered, once the address is confirmed. */
  async claim(registration: Registration): Promise<User | undefined> {
    const user = await this.#services.repo.getBy("users", { email: registration.email });
    return isRegistrationOf(registration, user, this.#services.clock()) ? user : undefined;
  }

  /** Pages and mails call the user so from then on. */
  async saveName(userId: number, displayName: string): Promise<void> {
    await this.#services.repo.update("users", userId, { name: displayName });
    await this.#save(userId, { displayName });
  }

  async saveAddress(userId: number, address: Address): Promise<void> {
    await this.#save(userId, { address });
  }

  /**
   * Begins the entry of a card. @returns the address of the gateway's page, which leads back into the step
   * @throws GatewayUnavailable
   */
  async beginCard(userId: number): Promise<string> {
    const { gateway, url: own } = this.#services;
    const { id, url } = await gateway.beginSetup({ returnUrl: `${own}/welcome/payment` });
    await this.#save(userId, { setupId: id });
    return url;
  }

  /**
   * Asks the gateway for the card that a user has entered on its page, and keeps it.
   * @returns true if there is a new one
   * @throws GatewayUnavailable
   */
  async finishCard(userId: number): Promise<boolean> {
    const { profile } = await this.of(userId);
    if (!profile?.setupId) return false;
    const paymentMethod = await this.#services.gateway.methodOf(profile.setupId);
    if (!paymentMethod) return false;
    await this.#save(userId, { paymentMethod, setupId: null, paymentSkipped: false });
    return true;
  }

  /** A means of payment is left to the first order. */
  async skipPayment(userId: number): Promise<void> {
    await this.#save(userId, { paymentSkipped: true });
  }

  async #save(userId: number, changes: Partial<Omit<Profile, "userId">>): Promise<void> {
    await this.#profiles.save(userId, changes);
    const { profile, next } = await this.of(userId);
    if (next === "done" && !profile?.completedAt)
      await this.#profiles.save(userId, { completedAt: this.#services.clock() });
    this.#services.pubsub.publish(onboardingTopic(userId), null);
  }
}
