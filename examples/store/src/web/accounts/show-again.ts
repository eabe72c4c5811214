/** The page before dangerous ones: the user shows again who they are, by the password, at a provider, or by a mail. */
import { html, LiveView } from "@overwire/server";
import { z } from "zod";
import type { User } from "../../database/schema.ts";
import type { Provider } from "../../providers/provider.ts";
import { ticketPath } from "../oauth/tokens.ts";
import { Field } from "../shared/field.ts";
import { member } from "../shared/guards.ts";
import { accountFrame, Problems } from "./account-frame.ts";
import { attempt } from "./attempt.ts";
import { clientOf } from "./enter.ts";

export class ShowAgain extends LiveView<"/account/confirm", typeof member> {
  static guard = member;
  isSent = false;
  providers: readonly Pick<Provider, "name" | "title">[] = [];

  async mount() {
    const providers = await this.context.store.identities.confirming(this.#user);
    this.providers = providers.map(({ name, title }) => ({ name, title }));
  }

  confirm = this.form(z.object({ password: z.string().max(200) }), {
    submit: async ({ password }): Promise<void> => {
      const { accounts } = this.context.store;
      const result = await attempt(accounts.reauthenticate(this.session, password, clientOf(this)));
      if ("problem" in result) this.confirm.setErrors(result.problem);
      else if (result.value) this.redirect(this.returnTo("/account"));
      else this.confirm.setErrors({ password: "This is not your password." });
    },
  });

  ask = this.event(z.object({ provider: z.string() }), ({ provider }) => {
    if (!this.providers.some(({ name }) => name === provider)) return;
    const { loginId } = this.session;
    this.redirect(ticketPath(this.context.store.services.secret, { purpose: "confirm", provider, loginId }));
  });

  mail = this.event(async () => {
    const { store } = this.context;
    const result = await attempt(store.accounts.requestMagicLink(this.#user.email, clientOf(this)));
    if ("problem" in result) this.confirm.setErrors(result.problem);
    else this.isSent = true;
  });

  get #user(): User {
    // The guard stands before the view.
    return this.context.user as User;
  }

  render() {
    return accountFrame(
      this,
      html`<h1>Is it you?</h1>
        <section class="form card" aria-label="Ways to show it">
          <p>What comes next could do harm, so please show again that it is you.</p>
          <${Problems} errors=${this.confirm.errors} />
          ${this.#user.passwordHash !== null && this.#password()}
          ${
            this.providers.length > 0 &&
            html`<ul class="providers" aria-label="Accounts that show it">
              ${this.providers.map(({ name, title }) => html`<li><button phx-click=${this.ask({ provider: name })}>Log in again at ${title}</button></li>`)}
            </ul>`
          }
          ${
            this.isSent
              ? html`<p role="status">A mail is on its way. Open its link in this browser within 15 minutes.</p>`
              : this.#mail()
          }
        </section>`,
    );
  }

  #mail() {
    if (this.#user.passwordHash === null && this.providers.length === 0)
      return html`<p><button class="primary" phx-click=${this.mail}>Mail me a link</button></p>`;
    return html`<p class="hint">Another way:
      <button class="quiet" phx-click=${this.mail}>Mail me a link instead</button></p>`;
  }

  #password() {
    const { fields, submit } = this.confirm;
    return html`<form id="confirm" class="form" phx-submit=${submit}>
      <input type="text" autocomplete="username" name="username" value=${this.#user.email} hidden readonly>
      <${Field} label="Password" type="password" autocomplete="current-password" field=${fields.password} />
      <button class="primary" phx-disable-with="One moment…">Go on</button>
    </form>`;
  }
}
