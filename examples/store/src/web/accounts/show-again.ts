/** The page before dangerous ones: the user shows again who they are, by the password or by a mail. */
import { html, LiveView } from "@overwire/server";
import { z } from "zod";
import { Field } from "../shared/field.ts";
import { member } from "../shared/guards.ts";
import { accountFrame, Problems } from "./account-frame.ts";
import { attempt } from "./attempt.ts";
import { clientOf } from "./enter.ts";

export class ShowAgain extends LiveView<"/account/confirm", typeof member> {
  static guard = member;
  isSent = false;

  confirm = this.form(z.object({ password: z.string().max(200) }), {
    submit: async ({ password }): Promise<void> => {
      const { accounts } = this.context.store;
      const result = await attempt(accounts.reauthenticate(this.session, password, clientOf(this)));
      if ("problem" in result) this.confirm.setErrors(result.problem);
      else if (result.value) this.redirect(this.returnTo("/account"));
      else this.confirm.setErrors({ password: "This is not your password." });
    },
  });

  mail = this.event(async () => {
    const { store, user } = this.context;
    const result = await attempt(store.accounts.requestMagicLink(user?.email ?? "", clientOf(this)));
    if ("problem" in result) this.confirm.setErrors(result.problem);
    else this.isSent = true;
  });

  render() {
    const { fields, errors, submit } = this.confirm;
    return accountFrame(
      this,
      html`<h1>Is it you?</h1>
        <form id="confirm" class="form card" phx-submit=${submit}>
          <p>What comes next could do harm, so please show again that it is you.</p>
          <${Problems} errors=${errors} />
          <input type="text" autocomplete="username" name="username" value=${this.context.user?.email} hidden readonly>
          <${Field} label="Password" type="password" autocomplete="current-password" field=${fields.password} />
          <button class="primary" phx-disable-with="One moment…">Go on</button>
        </form>
        ${
          this.isSent
            ? html`<p role="status">A mail is on its way. Open its link in this browser within 15 minutes.</p>`
            : html`<p class="hint">No password, or forgotten?
              <button class="quiet" phx-click=${this.mail}>Mail me a link instead</button></p>`
        }`,
    );
  }
}
