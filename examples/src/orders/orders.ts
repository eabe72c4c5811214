/** A table whose state is the URL: each way to look at it can be kept, sent, reloaded, and gone back to. */
import { each, html, Link, LiveView, path } from "@overwire/server";
import { columns, findOrders, type Order, type OrderQuery, queryOfOrders, statuses } from "./order-book.ts";

const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });
const money = new Intl.NumberFormat("en-IE", { style: "currency", currency: "EUR" });

const first = queryOfOrders.parse({});

/** The first, the last, and those around the page that is shown; `undefined` for a gap. */
export function pageNumbers(page: number, pages: number): readonly (number | undefined)[] {
  const near = [...new Set([1, page - 1, page, page + 1, pages])].filter((at) => at >= 1 && at <= pages);
  return near.flatMap((at, index) =>
    index && at - (near[index - 1] as number) > 1 ? [undefined, at] : [at],
  );
}

export class Orders extends LiveView<"/orders"> {
  query = first;
  found = findOrders(first);

  filter = this.form(queryOfOrders.pick({ q: true, status: true }), {
    change: ({ output }) => this.look(output),
    submit: (output) => this.look(output),
  });

  /** Typing is one step of the history, not one for each letter. */
  private look(filter: Partial<OrderQuery> = {}) {
    this.pushPatch(this.to({ ...filter, page: 1 }), { replace: true });
  }

  /** Runs at first, and whenever the URL changes: by a link, by the form, or by the browser's buttons. */
  handleParams() {
    this.query = queryOfOrders.parse(this.params);
    this.found = findOrders(this.query);
    const { q, status } = this.query;
    const { output } = this.filter;
    // The form follows the URL, unless it leads it: then the user is typing.
    if (q !== output?.q || status !== output.status) this.filter.assign({ q, status });
  }

  /** The URL of what is shown, but for some changes. What is as at first is not in it. */
  private to(changes: Partial<OrderQuery>): string {
    const query = { ...this.query, ...changes };
    const differs = Object.entries(query).filter(
      ([name, value]) => value !== first[name as keyof OrderQuery],
    );
    return path("/orders", {}, Object.fromEntries(differs));
  }

  render() {
    const { rows, count } = this.found;
    const { fields, change, submit } = this.filter;
    return html`
      <form id="filter" class="row" role="search" phx-change=${change} phx-submit=${submit}>
        <input type="search" ...${fields.q.attributes} aria-label="Number or customer" placeholder="Number or customer"
          maxlength="60" phx-debounce="150" autocomplete="off">
        <select ...${fields.status.attributes} aria-label="Status">
          ${(["all", ...statuses] as const).map((each) => html`<option ...${fields.status.option(each)}>${each}</option>`)}
        </select>
        <output>${count} ${count === 1 ? "order" : "orders"}</output>
      </form>
      <div class="card scroller orders" tabindex="0" role="region" aria-label="Orders">
        <table>
          <thead><tr>${columns.map((column) => this.header(column))}</tr></thead>
          <tbody>
            ${each(
              rows,
              ({ number }) => number,
              (order) => this.row(order),
            )}
            ${!rows.length && html`<tr><td colspan=${columns.length}>Nothing here. <${Link} patch="/orders">Show all orders<//></td></tr>`}
          </tbody>
        </table>
      </div>
      ${this.pages()}`;
  }

  private header(column: OrderQuery["sort"]) {
    const { sort, order } = this.query;
    const sorted = column === sort && order;
    const next = sorted === "ascending" ? "descending" : "ascending";
    return html`
      <th scope="col" class=${column} aria-sort=${sorted}>
        <${Link} patch=${this.to({ sort: column, order: next, page: 1 })}>${column}<//>
      </th>`;
  }

  private row({ number, customer, placed, status, total }: Order) {
    return html`
      <tr>
        <td class="number">${number}</td>
        <td>${customer}</td>
        <td><time datetime=${placed.toISOString().slice(0, 10)}>${day.format(placed)}</time></td>
        <td><span class="badge ${status}">${status}</span></td>
        <td class="total">${money.format(total / 100)}</td>
      </tr>`;
  }

  private pages() {
    const { page } = this.query;
    const { pages } = this.found;
    const step = (to: number, text: string) =>
      to >= 1 && to <= pages
        ? html`<${Link} patch=${this.to({ page: to })} rel=${to < page ? "prev" : "next"}>${text}<//>`
        : html`<span class="off">${text}</span>`;
    return html`
      <nav class="pages" aria-label="Pages">
        ${step(page - 1, "Previous")}
        ${pageNumbers(page, pages).map((at) =>
          at
            ? html`<${Link} patch=${this.to({ page: at })} aria-label="Page ${at}" aria-current=${at === page && "page"}>${at}<//>`
            : html`<span class="off">…</span>`,
        )}
        ${step(page + 1, "Next")}
      </nav>`;
  }
}
