/** The page for users who have an account. */
import { html, Link, LiveView } from "@overwire/server";
import { z } from "zod";
import { Field } from "../shared/field.ts";
import { frame } from "../shared/frame.ts";
import { clientOf, enterInView } from "./enter.ts";
import { limited } from "./limited.ts";
import { email } from "./schemas.ts";

export class LogIn extends LiveView<"/login"> {
  login = this.form(
    z.object({ email, password: z.string().max(200), remember: z.boolean().default(false) }),
    {
      submit: async ({ email, password, remember }): Promise<void> => {
        const { accounts } = this.context.store;
        const result = await limited(accounts.authenticate(email, password, clientOf(this)));
        if ("problem" in result) this.login.setErrors(result.problem);
        else if (result.value) await enterInView(this, result.value, { remember });
        else this.login.setErrors("This address and this password do not belong together.");
      },
    },
  );

  render() {
    const { fields, errors, change, submit } = this.login;
    return frame(
      this,
      html`<section class="narrow card stack">
        <h1>Log in</h1>
        <form id="login" class="form" phx-change=${change} phx-submit=${submit}>
          ${errors.map((error) => html`<p class="problem" role="alert">${error}</p>`)}
          <${Field} label="Email" type="email" autocomplete="username" field=${fields.email} />
          <${Field} label="Password" type="password" autocomplete="current-password" field=${fields.password} />
          <label class="check"><input ...${fields.remember.checkbox()}> Keep me logged in for 60 days</label>
          <button class="primary" phx-disable-with="One moment…">Log in</button>
        </form>
        <p class="hint">New here? <${Link} navigate="/register">Register<//></p>
      </section>`,
    );
  }
}
