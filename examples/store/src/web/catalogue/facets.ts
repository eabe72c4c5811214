/** The form beside the results: search, facets, price and order. It works without scripts, too, as a form of GET. */
import { type EventHandle, html, Link } from "@overwire/server";
import type { Facets as Values } from "../../catalogue/catalogue.ts";
import type { FacetValue } from "../../database/schema.ts";
import { eurosOf, type ShopQuery, SORTS } from "./shop-query.ts";

export interface FacetsProps {
  readonly query: ShopQuery;
  readonly values: Values;
  readonly filter: EventHandle;
  /** True if the query comes from the form itself, whose field with the focus the user is typing into. */
  readonly isTyped: boolean;
}

export const SearchForm = ({ query, values, filter, isTyped }: FacetsProps) => html`
  <form id="search" role="search" class="facets" action="/" method="get" phx-change=${filter} phx-submit=${filter}>
    <div class="field">
      <label for="q">Search</label>
      <input id="q" type="search" name="q" value=${query.q} placeholder="Cup, linen, gift …" maxlength="80"
        autocomplete="off" phx-debounce="150" phx-patch-focused=${!isTyped}>
    </div>
    <div class="field">
      <label for="sort">Order</label>
      <select id="sort" name="sort">
        ${Object.entries(SORTS).map(([value, text]) => html`<option value=${value} selected=${value === query.sort}>${text}</option>`)}
      </select>
    </div>
    <fieldset>
      <legend>Price in euros</legend>
      <div class="row">
        <input name="from" inputmode="decimal" aria-label="From" placeholder="From" maxlength="9" size="6"
          value=${eurosOf(query.from)} autocomplete="off" phx-debounce="300">
        <input name="to" inputmode="decimal" aria-label="To" placeholder="To" maxlength="9" size="6"
          value=${eurosOf(query.to)} autocomplete="off" phx-debounce="300">
      </div>
      <label class="check"><input type="checkbox" name="stock" value="in" checked=${query.stock === "in"}> In stock only</label>
    </fieldset>
    <${Choices} legend="Category" name="category[]" chosen=${query.category} values=${values.categories} />
    <${Choices} legend="Brand" name="brand[]" chosen=${query.brand} values=${values.brands} />
    <div class="row">
      <noscript><button class="primary">Show</button></noscript>
      <${Link} patch="/">Clear all<//>
    </div>
  </form>`;

interface ChoicesProps {
  readonly legend: string;
  readonly name: string;
  readonly chosen: readonly string[];
  readonly values: readonly FacetValue[];
}

const Choices = ({ legend, name, chosen, values }: ChoicesProps) => {
  // One that was chosen and has no products any more can still be taken back.
  const gone = chosen.filter((value) => !values.some((each) => each.value === value));
  const all = [...values, ...gone.map((value) => ({ value, count: 0 }))];
  return html`
    <fieldset>
      <legend>${legend}</legend>
      ${all.map(
        ({ value, count }) => html`
          <label class="check">
            <input type="checkbox" name=${name} value=${value} checked=${chosen.includes(value)}>
            <span>${value}</span> <small class="hint">${count}</small>
          </label>`,
      )}
    </fieldset>`;
};
