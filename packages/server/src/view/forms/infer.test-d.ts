/** Types: handlers may use the field that they are declared in. Checked by `npm run types`, never run. */
import { expectTypeOf } from "vitest";
import { z } from "zod";
import { html } from "../../template/html.ts";
import { LiveView } from "../live-view.ts";

const schema = z.object({ email: z.string() });

class Signup extends LiveView {
  signup = this.form(schema, {
    change: (form) => {
      expectTypeOf(form.value.email).toEqualTypeOf<string | undefined>();
      return this.signup.reset();
    },
    invalid: () => this.signup.setErrors("not yet"),
    submit: (value): void => this.signup.setErrors({ email: `${value.email} is taken` }),
  });
  statement = this.form(schema, {
    change: async () => this.statement.reset(),
    submit: ({ email }) => {
      this.statement.setErrors({ email });
    },
  });
  replying = this.form(schema, { submit: ({ email }) => ({ email }), invalid: () => this.replying.valid });
  again = this.event((): void => void this.again({}));

  override render() {
    expectTypeOf(this.signup.fields.email.value).toEqualTypeOf<string>();
    expectTypeOf<NonNullable<typeof this.replying.submit.reply>>().toEqualTypeOf<{ email: string }>();
    return html`<p></p>`;
  }
}
void Signup;

class Shadowing extends LiveView {
  // @ts-expect-error so that there is none to call
  form = this.form(schema);
  override render() {
    return html`<p></p>`;
  }
}
void Shadowing;
