/** Pages that mail a link: to log in without a password, and to choose another password. They answer alike for every address. */
import { html, Link, LiveView } from "@overwire/server";
import { z } from "zod";
import { Field } from "../shared/field.ts";
import { narrow, Problems } from "./account-frame.ts";
import { attempt } from "./attempt.ts";
import { clientOf } from "./enter.ts";
import { email } from "./schemas.ts";

abstract class MailLink<Path extends string> extends LiveView<Path> {
  sentTo = "";
  protected abstract readonly texts: { readonly title: string; readonly lead: string };
  protected abstract request(email: string): Promise<void>;

  link = this.form(z.object({ email }), {
    submit: async ({ email }): Promise<void> => {
      const result = await attempt(this.request(email));
      if ("problem" in result) this.link.setErrors(result.problem);
      else this.sentTo = email;
    },
  });

  render() {
    const { fields, errors, change, submit } = this.link;
    if (this.sentTo)
      return narrow(
        this,
        html`<h1>Look into your mail</h1>
          <p>If <strong>${this.sentTo}</strong> has an account here, a mail is on its way. Its link works once, for 15
            minutes.</p>
          <p class="hint"><${Link} navigate="/login">Back to the log-in<//></p>`,
      );
    return narrow(
      this,
      html`<h1>${this.texts.title}</h1>
        <p>${this.texts.lead}</p>
        <form id="link" class="form" phx-change=${change} phx-submit=${submit}>
          <${Problems} errors=${errors} />
          <${Field} label="Email" type="email" autocomplete="username" field=${fields.email} />
          <button class="primary" phx-disable-with="One moment…">Send the link</button>
        </form>
        <p class="hint"><${Link} navigate="/login">Log in with a password<//></p>`,
    );
  }
}

export class MagicLink extends MailLink<"/login/magic"> {
  texts = { title: "Log in by mail", lead: "We mail you a link that logs you in, without a password." };
  request(email: string) {
    return this.context.store.accounts.requestMagicLink(email, clientOf(this));
  }
}

export class ResetLink extends MailLink<"/reset"> {
  texts = { title: "Choose another password", lead: "We mail you a link to do so." };
  request(email: string) {
    return this.context.store.accounts.requestReset(email, clientOf(this));
  }
}
