/** The page of a link that logs in. It waits for a click: scanners of mails open links too. */
import { html, LiveView } from "@overwire/server";
import { z } from "zod";
import { narrow, Problems, SpentLink } from "./account-frame.ts";
import { attempt } from "./attempt.ts";
import { enterInView } from "./enter.ts";

export class Magic extends LiveView<"/login/magic/:token"> {
  email: string | undefined;

  async mount() {
    const user = await this.context.store.accounts.userOfLink("magic", this.params.token);
    this.email = user?.email;
  }

  enter = this.form(z.object({ remember: z.boolean().default(false) }), {
    submit: async ({ remember }): Promise<void> => {
      const result = await attempt(this.context.store.accounts.authenticateByLink(this.params.token));
      if ("problem" in result) this.enter.setErrors(result.problem);
      else await enterInView(this, result.value, { remember });
    },
  });

  render() {
    if (this.email === undefined) return narrow(this, html`<${SpentLink} again="/login/magic" />`);
    const { fields, errors, submit } = this.enter;
    return narrow(
      this,
      html`<h1>Log in</h1>
        <p>You are about to log in as <strong>${this.email}</strong>.</p>
        <form id="enter" class="form" phx-submit=${submit}>
          <${Problems} errors=${errors} />
          <label class="check"><input ...${fields.remember.checkbox()}> Keep me logged in for 60 days</label>
          <button class="primary" phx-disable-with="One moment…">Log in</button>
        </form>`,
    );
  }
}
