/** Messages of a form's field in the page. */
import { type Child, ownHtml as html } from "../../template/html.ts";

/**
 * What is wrong with a field, a list or a form, tied to its field by id and told by screen readers as it appears.
 * @example <input ...${fields.name.attributes}> <${FieldErrors} field=${fields.name} />
 */
export const FieldErrors = ({
  field: { errors, errorId },
}: {
  field: { readonly errors: readonly string[]; readonly errorId?: string };
}): Child =>
  errors.length > 0 &&
  html`<p id=${errorId} role="alert" class="phx-field-error">${errors.map((error) => html`<span>${error}</span> `)}</p>`;
