/** The home page: what the gallery is about, and its examples in their groups. */
import { html } from "@overwire/server";
import { type Group, groups } from "../examples.ts";

const Examples = ({ name, summary, examples }: Group) => html`
  <section class="group">
    <div>
      <h2>${name}</h2>
      <p>${summary}</p>
    </div>
    <ul>
      ${examples.map(
        ({ path, name, summary }) => html`
          <li class="card"><h3><a href=${path}>${name}</a></h3><p>${summary}</p></li>`,
      )}
    </ul>
  </section>`;

const StoreLink = ({ href }: { readonly href: string }) => html`
  <section class="card feature">
    <div>
      <h2><a href=${href}>The store</a></h2>
      <p>All of it in one application: a shop with accounts, a catalogue, a cart, orders and an admin's desk, over
        PostgreSQL, as a team would build it.</p>
    </div>
    <span aria-hidden="true">→</span>
  </section>`;

/** @param store address of the store, if it runs */
export const home = (store?: string) => html`
  <div class="heading">
    <h1>Pages that live on the server</h1>
    <p>Each example is one view: a class with its state in fields, its events in fields, and a template. What changes is
      sent to the browser and patched into the page. There is no API, no client state and no build step for the page.</p>
  </div>
  ${store && html`<${StoreLink} href=${store} />`}
  ${groups.map((group) => html`<${Examples} ...${group} />`)}`;
