/** The page for users who have no account yet. Its answer is the same if the address has one. */
import { html, Link, LiveView } from "@overwire/server";
import { z } from "zod";
import type { User } from "../../database/schema.ts";
import { ProviderButtons } from "../oauth/provider-buttons.ts";
import { kept } from "../shared/context.ts";
import { Field } from "../shared/field.ts";
import { REGISTRATION_CLOSED } from "../shared/sentences.ts";
import { narrow, Problems } from "./account-frame.ts";
import { attempt } from "./attempt.ts";
import { clientOf } from "./enter.ts";
import { email, newPassword, userName } from "./schemas.ts";

export class Register extends LiveView<"/register"> {
  registration = this.form(z.object({ name: userName, email, password: newPassword }), {
    submit: async (registration): Promise<void> => {
      if (this.context.flags.registration_closed) return this.registration.setErrors(REGISTRATION_CLOSED);
      const result = await attempt(this.context.store.accounts.register(registration, clientOf(this)));
      if ("problem" in result) this.registration.setErrors(result.problem);
      else await this.#wait(registration.email, result.value);
    },
  });

  /** The first step of the onboarding waits for the link in the mail. */
  async #wait(email: string, user: User | undefined) {
    const registration = this.context.store.onboarding.begin(email, user);
    await this.setSession({ ...kept(this.session), registration });
    this.pushNavigate("/welcome/confirm");
  }

  render() {
    return narrow(
      this,
      html`
      <h1>Register</h1>
      ${this.context.flags.registration_closed ? html`<p>${REGISTRATION_CLOSED}</p>` : this.#form()}
      <p class="hint">You have an account? <${Link} navigate="/login">Log in<//></p>`,
    );
  }

  #form() {
    const { fields, errors, change, submit } = this.registration;
    return html`
      <form id="registration" class="form" phx-change=${change} phx-submit=${submit}>
        <${Problems} errors=${errors} />
        <${Field} label="Name" autocomplete="name" field=${fields.name} />
        <${Field} label="Email" type="email" autocomplete="username" field=${fields.email} />
        <${Field} label="Password" type="password" autocomplete="new-password" field=${fields.password}
          hint="At least 10 characters. A few words are best." />
        <button class="primary" phx-disable-with="One moment…">Register</button>
      </form>
      <${ProviderButtons} providers=${this.context.store.identities.providers} />`;
  }
}
