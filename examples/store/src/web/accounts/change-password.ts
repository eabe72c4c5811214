/** The page to change the password, or to set a first one. */
import { html, LiveView } from "@overwire/server";
import { z } from "zod";
import { Field } from "../shared/field.ts";
import { sudo } from "../shared/guards.ts";
import { accountFrame, Problems } from "./account-frame.ts";
import { attempt } from "./attempt.ts";
import { newPassword } from "./schemas.ts";

export class ChangePassword extends LiveView<"/account/password", typeof sudo> {
  static guard = sudo;

  change = this.form(z.object({ password: newPassword }), {
    submit: async ({ password }): Promise<void> => {
      const result = await attempt(this.context.store.accounts.changePassword(this.session, password));
      if ("problem" in result) return this.change.setErrors(result.problem);
      this.putFlash("info", "Your password is changed, and all other browsers are logged out.");
      this.pushNavigate("/account");
    },
  });

  render() {
    const { fields, errors, change, submit } = this.change;
    return accountFrame(
      this,
      html`<h1>Change the password</h1>
        <form id="password" class="form card" phx-change=${change} phx-submit=${submit}>
          <${Problems} errors=${errors} />
          <${Field} label="New password" type="password" autocomplete="new-password" field=${fields.password}
            hint="At least 10 characters. A few words are best." />
          <p class="hint">All other browsers that are logged in will be logged out.</p>
          <button class="primary" phx-disable-with="One moment…">Change it</button>
        </form>`,
    );
  }
}
