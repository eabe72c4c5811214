/** The pages of a change of address: one asks for it, the other is that of the link mailed to the new address. */
import { html, LiveView } from "@overwire/server";
import { z } from "zod";
import { Field } from "../shared/field.ts";
import { sudo } from "../shared/guards.ts";
import { accountFrame, narrow, Problems, SpentLink } from "./account-frame.ts";
import { attempt } from "./attempt.ts";
import { clientOf } from "./enter.ts";
import { email } from "./schemas.ts";

export class ChangeEmail extends LiveView<"/account/email", typeof sudo> {
  static guard = sudo;
  sentTo = "";

  change = this.form(z.object({ email }), {
    guard: sudo,
    submit: async ({ email }): Promise<void> => {
      const { accounts } = this.context.store;
      const result = await attempt(accounts.requestEmailChange(this.session, email, clientOf(this)));
      if ("problem" in result) this.change.setErrors(result.problem);
      else this.sentTo = email;
    },
  });

  render() {
    const { fields, errors, change, submit } = this.change;
    return accountFrame(
      this,
      this.sentTo
        ? html`<h1>Look into your mail</h1>
          <p>We have sent a mail to <strong>${this.sentTo}</strong>. Until its link is opened, your address stays as it is.</p>`
        : html`<h1>Change the address</h1>
          <form id="email" class="form card" phx-change=${change} phx-submit=${submit}>
            <${Problems} errors=${errors} />
            <${Field} label="New email" type="email" autocomplete="email" field=${fields.email}
              hint="We mail a link to it." />
            <button class="primary" phx-disable-with="One moment…">Send the link</button>
          </form>`,
    );
  }
}

/** Needs no log-in, as the link may be opened on another machine: it was asked for by a user who had one. */
export class NewEmail extends LiveView<"/account/email/:token"> {
  state: "open" | "spent" | "done" = "open";

  async mount() {
    const user = await this.context.store.accounts.userOfLink("email", this.params.token);
    if (!user) this.state = "spent";
  }

  confirm = this.event(async () => {
    const result = await attempt(this.context.store.accounts.changeEmail(this.params.token));
    this.state = "problem" in result ? "spent" : "done";
  });

  render() {
    if (this.state === "spent") return narrow(this, html`<${SpentLink} again="/account/email" />`);
    if (this.state === "done")
      return narrow(this, html`<h1>Your address is changed</h1><p>Log in with it from now on.</p>`);
    return narrow(
      this,
      html`<h1>Your new address</h1>
        <p>Mails to your account will go to this address, and you will log in with it.</p>
        <button class="primary" phx-click=${this.confirm}>Change the address</button>`,
    );
  }
}
