/** The fields of an address in a form. */
import { FieldErrors, type Field as FieldOf, html } from "@overwire/server";
import { COUNTRIES } from "../../shared/countries.ts";
import { Field } from "./field.ts";

export interface AddressFieldsProps {
  readonly fields: Readonly<Record<"name" | "street" | "postcode" | "city" | "country", FieldOf>>;
}

export const AddressFields = ({ fields }: AddressFieldsProps) => html`
  <${Field} label="Name at the door" autocomplete="name" field=${fields.name} />
  <${Field} label="Street and number" autocomplete="street-address" field=${fields.street} />
  <${Field} label="Postcode" autocomplete="postal-code" field=${fields.postcode} />
  <${Field} label="City" autocomplete="address-level2" field=${fields.city} />
  <div class="field">
    <label for=${fields.country.id}>Country</label>
    <select autocomplete="country" ...${fields.country.attributes}>
      <option ...${fields.country.option("")}>Choose a country</option>
      ${Object.entries(COUNTRIES).map(([code, name]) => html`<option ...${fields.country.option(code)}>${name}</option>`)}
    </select>
    <${FieldErrors} field=${fields.country} />
  </div>`;
