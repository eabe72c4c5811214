/** A field of a form with its label, a hint and its problems. */
import { type Child, FieldErrors, type Field as FieldOf, html } from "@overwire/server";

export interface FieldProps {
  readonly label: string;
  readonly field: FieldOf;
  readonly type?: "text" | "email" | "password" | "tel";
  /** Tells browsers and password managers what the field is for. */
  readonly autocomplete?: string;
  readonly hint?: Child;
  readonly autofocus?: boolean;
}

export const Field = ({ label, field, type = "text", autocomplete, hint, autofocus }: FieldProps) => html`
  <div class="field">
    <label for=${field.id}>${label}</label>
    <input type=${type} autocomplete=${autocomplete} autofocus=${autofocus} ...${type === "password" ? field.password : field.attributes}>
    ${hint && html`<p class="hint">${hint}</p>`}
    <${FieldErrors} field=${field} />
  </div>`;
