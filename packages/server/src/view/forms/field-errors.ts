/** Messages of a form's field in the page. */
import { type Child, ownHtml as html } from "../../template/html.ts";

/**
 * Errors of a field, a list or a form, tied to the field by id and read out by screen readers when they appear. The
 * elements are `<span>`s, allowed wherever text is: in a `<p>`, a `<label>`, a heading. Styles make them a block.
 * @example <input ...${fields.name.attributes}> <${FieldErrors} field=${fields.name} />
 */
export const FieldErrors = ({
  field: { errors, errorId },
}: {
  field: { readonly errors: readonly string[]; readonly errorId?: string };
}): Child =>
  errors.length > 0 &&
  html`<span id=${errorId} role="alert" class="phx-field-error">${errors.map((error) => html`<span>${error}</span> `)}</span>`;
