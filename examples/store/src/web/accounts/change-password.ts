/** The page to change the password, or to set a first one. */
import { html, LiveView } from "@overwire/server";
import { z } from "zod";
import { Field } from "../shared/field.ts";
import { sudo } from "../shared/guards.ts";
import { accountFrame, Problems } from "./account-frame.ts";
import { attempt } from "./attempt.ts";
import { passwordIsSet } from "./password-is-set.ts";
import { newPassword } from "./schemas.ts";

export class ChangePassword extends LiveView<"/account/password", typeof sudo> {
  static guard = sudo;

  tokens = 0;

  async mount() {
    const { apiTokens } = this.context.store;
    this.tokens = (await apiTokens.listOf({ id: this.session.userId })).length;
  }

  change = this.form(z.object({ password: newPassword, revokeTokens: z.boolean().default(false) }), {
    guard: sudo,
    submit: async ({ password, revokeTokens }): Promise<void> => {
      const { accounts } = this.context.store;
      const result = await attempt(accounts.changePassword(this.session, password, { revokeTokens }));
      if ("problem" in result) return this.change.setErrors(result.problem);
      this.putFlash("info", passwordIsSet(result.value));
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
          ${
            this.tokens > 0 &&
            html`<label class="check"><input ...${fields.revokeTokens.checkbox()}>
              Also revoke my API tokens (${this.tokens}): programs that use them are refused</label>`
          }
          <p class="hint">All other browsers that are logged in will be logged out.</p>
          <button class="primary" phx-disable-with="One moment…">Change it</button>
        </form>`,
    );
  }
}
