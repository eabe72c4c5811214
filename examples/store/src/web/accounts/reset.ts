/** The page of a link to choose another password. */
import { html, LiveView } from "@overwire/server";
import { z } from "zod";
import { Field } from "../shared/field.ts";
import { narrow, Problems, SpentLink } from "./account-frame.ts";
import { attempt } from "./attempt.ts";
import { enterInView } from "./enter.ts";
import { counted, passwordIsSet } from "./password-is-set.ts";
import { newPassword } from "./schemas.ts";

export class Reset extends LiveView<"/reset/:token"> {
  email: string | undefined;
  tokens = 0;

  async mount() {
    const { accounts, apiTokens } = this.context.store;
    const user = await accounts.userOfLink("reset", this.params.token);
    this.email = user?.email;
    if (user) this.tokens = (await apiTokens.listOf(user)).length;
  }

  reset = this.form(z.object({ password: newPassword }), {
    submit: async ({ password }): Promise<void> => {
      const { accounts } = this.context.store;
      const result = await attempt(accounts.resetPassword(this.params.token, password, this.session));
      if ("problem" in result) return this.reset.setErrors(result.problem);
      this.putFlash("info", passwordIsSet(result.value));
      await enterInView(this, result.value.user, { remember: false });
    },
  });

  render() {
    if (this.email === undefined) return narrow(this, html`<${SpentLink} again="/reset" />`);
    const { fields, errors, change, submit } = this.reset;
    return narrow(
      this,
      html`<h1>Choose another password</h1>
        <p>For <strong>${this.email}</strong>. All browsers that are logged in will be logged out${
          this.tokens > 0 && `, and ${counted(this.tokens, "API token")} revoked`
        }.</p>
        <form id="reset" class="form" phx-change=${change} phx-submit=${submit}>
          <${Problems} errors=${errors} />
          <input type="text" autocomplete="username" name="username" value=${this.email} hidden readonly>
          <${Field} label="New password" type="password" autocomplete="new-password" field=${fields.password}
            hint="At least 10 characters. A few words are best." />
          <button class="primary" phx-disable-with="One moment…">Change it and log in</button>
        </form>`,
    );
  }
}
