/** A thousand rows to sort, filter and edit. An edit shows in every tab and travels as the one cell that changed. */
import { each, html, LiveView, memo } from "@overwire/server";
import { z } from "zod";
import { COUNT, type Column, columns, edited, find, type Person, update } from "./people.ts";

const cell = z.object({
  id: z.coerce
    .number()
    .int()
    .min(0)
    .max(COUNT - 1),
  column: z.enum(columns),
});

interface Editing extends z.infer<typeof cell> {
  /** The user's text, and the reason why it is refused. */
  readonly typed?: string;
  readonly error?: string;
}

export class Table extends LiveView {
  query = "";
  sortedBy: Column = "name";
  descending = false;
  rows = find(this.query, this.sortedBy, this.descending);
  editing: Editing | undefined;

  mount() {
    this.subscribe(edited, (person) => this.replace(person));
  }

  filter = this.event(z.object({ query: z.string().max(100) }), ({ query }) => {
    this.query = query;
    this.rows = find(query, this.sortedBy, this.descending);
  });

  sort = this.event(z.object({ by: z.enum(columns) }), ({ by }) => {
    this.descending = by === this.sortedBy && !this.descending;
    this.sortedBy = by;
    this.rows = find(this.query, by, this.descending);
  });

  edit = this.event(cell, (cell) => {
    this.editing = cell;
    this.focus("editor");
  });

  /** Enter: the keyboard goes on from the cell. */
  save = this.event(z.object({ value: z.string() }), ({ value }) => {
    const id = this.cellId;
    if (this.store(value)) this.focus(id);
  });

  /** The user went elsewhere, and the focus with them. */
  leave = this.event(z.object({ value: z.string() }), ({ value }) => {
    this.store(value);
  });

  cancel = this.event(() => {
    this.focus(this.cellId);
    this.editing = undefined;
  });

  private store(value: string): boolean {
    const { editing } = this;
    if (!editing) return false;
    const person = update(editing.id, editing.column, value);
    if (typeof person === "string") {
      this.editing = { ...editing, typed: value, error: person };
      return false;
    }
    this.editing = undefined;
    this.replace(person);
    this.publish(edited, person);
    return true;
  }

  /** An edited row stays in its position until the next sort. */
  private replace(person: Person) {
    this.rows = this.rows.map((row) => (row.id === person.id ? person : row));
  }

  private get cellId() {
    return this.editing && `${this.editing.column}-${this.editing.id}`;
  }

  /** Page events are for scripts of the page; this one is for `focus.js`. */
  private focus(id: string | undefined) {
    if (id) this.pushEvent("focus", { id });
  }

  render() {
    return html`
      <form id="filter" class="row" role="search" phx-change=${this.filter} phx-submit=${this.filter}>
        <input type="search" name="query" aria-label="Filter" placeholder="Name, role or city" value=${this.query}
          maxlength="100" phx-debounce="150" autocomplete="off">
        <output>${this.rows.length} of ${COUNT}</output>
      </form>
      <div class="card scroller" tabindex="0" role="region" aria-label="People">
        <table>
          <thead><tr>${columns.map((column) => this.header(column))}</tr></thead>
          <tbody>${each(
            this.rows,
            (person) => person.id,
            (person) => this.row(person),
          )}</tbody>
        </table>
      </div>`;
  }

  private header(column: Column) {
    const order = column === this.sortedBy && (this.descending ? "descending" : "ascending");
    return html`<th scope="col" aria-sort=${order} class=${column}><button phx-click=${this.sort({ by: column })}>${column}</button></th>`;
  }

  private row(person: Person) {
    const editing = this.editing?.id === person.id ? this.editing : undefined;
    const part = (column: Column) =>
      column === editing?.column ? this.editor(person, editing) : this.cell(person, column);
    // Without memo every row would be rendered for each change of one.
    return memo([person, editing], () => html`<tr>${columns.map(part)}</tr>`);
  }

  private cell(person: Person, column: Column) {
    // phx-value-* rather than this.edit({ id, column }): of four thousand cells only what differs is sent.
    return html`<td class=${column}><button id="${column}-${person.id}" phx-click=${this.edit} phx-value-id=${person.id} phx-value-column=${column}>${person[column]}</button></td>`;
  }

  private editor(person: Person, { column, typed, error }: Editing) {
    return html`
      <td class=${column}>
        <form phx-submit=${this.save}>
          <input id="editor" name="value" value=${typed ?? person[column]} aria-label="${column} of ${person.name}" autocomplete="off"
            aria-invalid=${error && "true"} aria-describedby=${error && "error"}
            phx-blur=${this.leave} phx-keydown=${this.cancel} phx-key="Escape">
          ${error && html`<p id="error" role="alert">${error}</p>`}
        </form>
      </td>`;
  }
}
