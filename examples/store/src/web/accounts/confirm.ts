/** The page of the link that a registration mails. Its password shows that the address's owner is the one who registered. */
import { html, Link, LiveView } from "@overwire/server";
import { z } from "zod";
import { Field } from "../shared/field.ts";
import { narrow, Problems, SpentLink } from "./account-frame.ts";
import { attempt } from "./attempt.ts";
import { clientOf, enterInView } from "./enter.ts";

export class Confirm extends LiveView<"/confirm/:token"> {
  name: string | undefined;

  async mount() {
    const user = await this.context.store.accounts.userOfLink("confirm", this.params.token);
    this.name = user?.name;
  }

  confirm = this.form(z.object({ password: z.string().max(200) }), {
    submit: async ({ password }): Promise<void> => {
      const { accounts } = this.context.store;
      const result = await attempt(accounts.confirm(this.params.token, password, clientOf(this)));
      if ("problem" in result) this.confirm.setErrors(result.problem);
      else if (result.value) await enterInView(this, result.value, { remember: false, fallback: "/welcome" });
      else this.confirm.setErrors({ password: "This is not the password of the registration." });
    },
  });

  render() {
    if (this.name === undefined) return narrow(this, html`<${SpentLink} again="/register" />`);
    const { fields, errors, submit } = this.confirm;
    return narrow(
      this,
      html`<h1>Welcome, ${this.name}</h1>
        <p>Your password confirms that it was you who registered.</p>
        <form id="confirm" class="form" phx-submit=${submit}>
          <${Problems} errors=${errors} />
          <${Field} label="Password" type="password" autocomplete="current-password" field=${fields.password} />
          <button class="primary" phx-disable-with="One moment…">Confirm and log in</button>
        </form>
        <p class="hint">Forgotten? <${Link} navigate="/reset">Choose another password<//></p>`,
    );
  }
}
