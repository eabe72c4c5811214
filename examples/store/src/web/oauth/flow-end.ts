/** Ends of a flow: each is a redirect to a page of the store, with a message. */
import type { OverwireApp } from "@overwire/server";
import type { Context } from "hono";
import { AccountError } from "../../accounts/errors.ts";
import { IdentityTaken } from "../../accounts/identities.ts";
import { type LoginRef, NOT_SHOWN } from "../../accounts/logins.ts";
import type { User } from "../../database/schema.ts";
import {
  type Provider,
  ProviderError,
  type ProviderFailure,
  type ProviderUser,
} from "../../providers/provider.ts";
import type { Store } from "../../store/store.ts";
import { enterInHandler } from "../accounts/enter.ts";
import { REGISTRATION_CLOSED } from "../shared/sentences.ts";
import { CONNECTIONS, offerPath, SHOW_AGAIN } from "./tokens.ts";

const SENTENCES: Record<ProviderFailure, (title: string) => string> = {
  denied: (title) => `You have not allowed ${title} to log you in.`,
  unavailable: (title) => `${title} cannot be reached at the moment. Please try again later.`,
  invalid: (title) => `The answer of ${title} does not count. Please try again.`,
  unproved: (title) =>
    `${title} does not tell that you have just logged in there. Please choose another way.`,
};

export class FlowEnd {
  readonly #app: OverwireApp;
  readonly #store: Store;
  readonly #c: Context;
  readonly #provider: Provider;

  constructor(app: OverwireApp, store: Store, c: Context, provider: Provider) {
    this.#app = app;
    this.#store = store;
    this.#c = c;
    this.#provider = provider;
  }

  failed(message: string, to = "/login"): Response {
    this.#app.putFlash(this.#c, "error", message);
    return this.#c.redirect(to);
  }

  /** @throws the error, if it is none of the provider */
  async failedBy(error: unknown, to: string): Promise<Response> {
    if (!(error instanceof ProviderError)) throw error;
    await this.#store.identities.failed(this.#provider, error);
    return this.failed(SENTENCES[error.code](this.#provider.title), to);
  }

  /** Logs a user in, with a new account if there is none. */
  async enter(found: ProviderUser): Promise<Response> {
    const { title } = this.#provider;
    const { identities, flags } = this.#store;
    const isClosed = await flags.isOn("registration_closed");
    const entered = await identities.enter(this.#provider, found, isClosed);
    switch (entered.outcome) {
      case "closed":
        return this.failed(REGISTRATION_CLOSED);
      case "no_address":
        return this.failed(`${title} has no confirmed address of yours. Confirm it there, or register here.`);
      case "taken":
        return this.#c.redirect(offerPath(this.#store.services.secret, entered.pending));
      case "registered":
        this.#app.putFlash(this.#c, "info", `Welcome, ${entered.user.name}! Your account is ready.`);
    }
    return enterInHandler(this.#app, this.#c, entered.user, {
      remember: false,
      // The provider may have remembered the user for weeks: only the time that it tells counts.
      authenticatedAt: found.authenticatedAt ?? NOT_SHOWN,
      fallback: entered.outcome === "registered" ? "/welcome" : "/",
    });
  }

  /** Takes a log-in at the provider as one here: its user has shown again who they are. */
  async confirm(session: LoginRef, found: ProviderUser): Promise<Response> {
    const { title, issuer } = this.#provider;
    if (await this.#store.accounts.reauthenticateBy(session, { issuer, ...found }))
      return this.#c.redirect(this.#app.returnTo(this.#c, "/account"));
    return this.failed(`This user of ${title} is not connected to your account.`, SHOW_AGAIN);
  }

  /** Connects the provider's user to one who is logged in. */
  async connect(user: User, session: LoginRef, { subject }: ProviderUser): Promise<Response> {
    const { title, issuer } = this.#provider;
    try {
      const { accounts, identities } = this.#store;
      // It may have ended while the provider was asked.
      await identities.connect(user, { issuer, subject }, () => accounts.logins.hold(session));
    } catch (error) {
      if (error instanceof AccountError) return this.failed(error.message);
      if (!(error instanceof IdentityTaken)) throw error;
      return this.failed(`This user of ${title} belongs to another account.`, CONNECTIONS);
    }
    this.#app.putFlash(this.#c, "info", `You can log in by ${title} now.`);
    return this.#c.redirect(CONNECTIONS);
  }
}
