/** An offer after a log-in: to connect the provider's user who has the address of the account. */
import { guard, html, Link, LiveView } from "@overwire/server";
import { AccountError } from "../../accounts/errors.ts";
import { IdentityTaken, type PendingIdentity } from "../../accounts/identities.ts";
import { narrow } from "../accounts/account-frame.ts";
import { storeAt } from "../shared/context.ts";
import { sudo } from "../shared/guards.ts";
import { CONNECTIONS, offerOf } from "./tokens.ts";

/** Its page is returned to after the log-in. */
const owner = guard(async (session, at) => (await storeAt(at).accounts.userOf(session)) !== undefined, {
  otherwise: "/login",
  flash: {
    info: "There is an account with your address already. Log in to it first, and then you can connect the two.",
  },
});

export class Offer extends LiveView<"/account/connections/offer/:token"> {
  static guard = owner;
  pending: PendingIdentity | undefined;

  mount() {
    const { store, user } = this.context;
    const pending = offerOf(store.services.secret, this.params.token);
    if (pending?.userId === user?.id) this.pending = pending;
    else
      this.#leave(
        "error",
        pending ? "This offer is for another account." : "This took too long. Please try again.",
      );
  }

  accept = this.event(
    async () => {
      const { store, user } = this.context;
      if (!this.pending || !user) return;
      try {
        await store.identities.accept(user, this.pending, () =>
          store.accounts.logins.holdFresh(this.session),
        );
        this.#leave("info", `You can log in by ${this.#title} now.`);
      } catch (error) {
        if (error instanceof AccountError) return this.#leave("error", error.message);
        if (!(error instanceof IdentityTaken)) throw error;
        this.#leave("error", `This user of ${this.#title} belongs to another account.`);
      }
    },
    { guard: sudo },
  );

  get #title(): string {
    return this.context.store.identities.title(this.pending?.issuer ?? "");
  }

  #leave(kind: "info" | "error", message: string): void {
    this.putFlash(kind, message);
    this.redirect(CONNECTIONS);
  }

  render() {
    return narrow(
      this,
      html`<h1>Connect ${this.#title}?</h1>
        <p>You came by ${this.#title}, which knows the address of this account. From now on you could log in by it, too.</p>
        <p class="row">
          <button class="primary" phx-click=${this.accept}>Connect ${this.#title}</button>
          <${Link} class="button" navigate="/">Not now<//>
        </p>`,
    );
  }
}
