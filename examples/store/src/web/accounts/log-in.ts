/** The page for users who have an account. */
import { html, Link, LiveView } from "@overwire/server";
import { z } from "zod";
import { ProviderButtons } from "../oauth/provider-buttons.ts";
import { Field } from "../shared/field.ts";
import { narrow, Problems } from "./account-frame.ts";
import { attempt } from "./attempt.ts";
import { clientOf, enterInView } from "./enter.ts";
import { email } from "./schemas.ts";

export class LogIn extends LiveView<"/login"> {
  login = this.form(
    z.object({ email, password: z.string().max(200), remember: z.boolean().default(false) }),
    {
      submit: async ({ email, password, remember }): Promise<void> => {
        const { accounts } = this.context.store;
        const result = await attempt(accounts.authenticate(email, password, clientOf(this)));
        if ("problem" in result) this.login.setErrors(result.problem);
        else if (result.value) await enterInView(this, result.value, { remember });
        else this.login.setErrors("This address and this password do not belong together.");
      },
    },
  );

  render() {
    const { fields, errors, change, submit } = this.login;
    return narrow(
      this,
      html`<h1>Log in</h1>
        <form id="login" class="form" phx-change=${change} phx-submit=${submit}>
          <${Problems} errors=${errors} />
          <${Field} label="Email" type="email" autocomplete="username" field=${fields.email} />
          <${Field} label="Password" type="password" autocomplete="current-password" field=${fields.password} />
          <label class="check"><input ...${fields.remember.checkbox()}> Keep me logged in for 60 days</label>
          <button class="primary" phx-disable-with="One moment…">Log in</button>
        </form>
        <${ProviderButtons} providers=${this.context.store.identities.providers} />
        <ul class="hint">
          <li><${Link} navigate="/login/magic">Log in by mail<//></li>
          <li><${Link} navigate="/reset">Choose another password<//></li>
          <li>New here? <${Link} navigate="/register">Register<//></li>
        </ul>`,
    );
  }
}
