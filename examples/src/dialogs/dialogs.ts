/** Documents with a menu and two dialogs each: what opens and closes is the page's own business, what they do is the server's. */
import { each, html, JS, LiveView } from "@overwire/server";
import { z } from "zod";
import { Menu } from "./menu.ts";
import { closeModal, Modal, openModal } from "./modal.ts";

interface Document {
  readonly id: number;
  readonly name: string;
}

/** Every user may copy, so there is an end. */
const MOST = 8;

export class Dialogs extends LiveView {
  documents: readonly Document[] = [
    { id: 1, name: "Travel plans" },
    { id: 2, name: "Letter to the editor" },
    { id: 3, name: "Recipes" },
  ];
  nextId = 4;
  seconds = 0;

  mount() {
    // Patches come while dialogs are open, and leave them, what is typed, and the focus alone.
    this.setInterval(() => {
      this.seconds++;
    }, 1000);
  }

  rename = this.event(
    z.object({ id: z.coerce.number(), name: z.string().trim().min(1).max(60) }),
    ({ id, name }) => {
      this.documents = this.documents.map((document) => (document.id === id ? { id, name } : document));
    },
  );

  copy = this.event(z.object({ id: z.number() }), ({ id }) => {
    const original = this.documents.find((document) => document.id === id);
    if (!original || this.documents.length >= MOST) return;
    const copy = { id: this.nextId++, name: `Copy of ${original.name}`.slice(0, 60) };
    this.documents = this.documents.flatMap((document) =>
      document === original ? [original, copy] : [document],
    );
  });

  remove = this.event(z.object({ id: z.number() }), ({ id }) => {
    this.documents = this.documents.filter((document) => document.id !== id);
  });

  render() {
    return html`
      <section class="card dialogs" aria-labelledby="documents">
        <h2 id="documents" tabindex="-1">Documents</h2>
        <ul>
          ${each(
            this.documents,
            ({ id }) => id,
            (document) => this.document(document),
          )}
        </ul>
        ${!this.documents.length && html`<p>All gone. Reload the page to begin anew.</p>`}
      </section>`;
  }

  private document({ id, name }: Document) {
    const [menu, renaming, removing] = [`menu-${id}`, `rename-${id}`, `remove-${id}`];
    return html`
      <li class="document">
        <span>${name}</span>
        <${Menu} id=${menu} label="What to do with ${name}" items=${[
          { label: "Rename…", run: openModal(renaming, `#${menu}`) },
          { label: "Make a copy", run: this.copy({ id }) },
          { label: "Delete…", run: openModal(removing, `#${menu}`) },
        ]} />
        <${Modal} id=${renaming} title="Rename “${name}”">
          <form phx-submit=${JS.push(this.rename).concat(closeModal(renaming))}>
            <input type="hidden" name="id" value=${id}>
            <label>Name <input name="name" value=${name} required maxlength="60" autocomplete="off"></label>
            <p class="hint">Open for <output>${this.seconds}</output> s, says the server.</p>
            <p class="actions">
              <button type="button" phx-click=${closeModal(renaming)}>Cancel</button>
              <button class="primary">Rename</button>
            </p>
          </form>
        <//>
        <${Modal} id=${removing} title="Delete “${name}”?">
          <p>Nobody will find it again.</p>
          <p class="actions">
            <button phx-click=${closeModal(removing)}>Keep it</button>
            <button class="danger" phx-click=${this.remove({ id }).concat(closeModal(removing)).focus("#documents")}>Delete</button>
          </p>
        <//>
      </li>`;
  }
}
