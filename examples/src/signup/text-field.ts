/** A text field with its label, and with what is wrong with it. */
import { type Field, FieldErrors, html } from "@overwire/server";

interface TextFieldProps {
  readonly field: Field<string>;
  readonly label: string;
  readonly hint?: string;
  readonly type?: "text" | "email" | "password";
  readonly autocomplete?: string;
}

/** No error is shown while the user is still typing; a correction is seen at once. */
const debounce = ({ errors }: Field<string>) => (errors.length > 0 ? "200" : "blur");

export const TextField = ({
  field,
  label,
  hint,
  type = "text",
  autocomplete = "off",
}: TextFieldProps) => html`
  <div class="field">
    <label for=${field.id}>${label} ${hint && html`<small>${hint}</small>`}</label>
    <input type=${type} ...${type === "password" ? field.password : field.attributes} required
      autocomplete=${autocomplete} phx-debounce=${debounce(field)}>
    <${FieldErrors} field=${field} />
  </div>`;
