/** The desk's users: searched and paged in the URL. */
import { each, html, Link, LiveView, path } from "@overwire/server";
import { z } from "zod";
import { ROLES } from "../../database/tables.ts";
import type { UserPage } from "../../desk/directory.ts";
import { dateTime } from "../../shared/dates.ts";
import { searched } from "../../shared/texts.ts";
import { admin } from "../shared/guards.ts";
import { deskFrame } from "./desk-frame.ts";
import { RoleBadge } from "./role-badge.ts";

const PAGE_SIZE = 25;

const params = z.object({
  q: searched(100).catch(""),
  role: z.enum(ROLES).optional().catch(undefined),
  page: z.coerce.number().int().min(1).max(100_000).catch(1),
});
type Shown = z.infer<typeof params>;

const search = z.object({
  q: searched(100),
  role: z.union([z.literal("").transform(() => undefined), z.enum(ROLES)]),
});

export class DeskUsers extends LiveView<"/desk/users", typeof admin> {
  static guard = admin;

  shown: Shown = params.parse({});
  page: UserPage = { rows: [], total: 0 };

  async handleParams() {
    this.shown = params.parse(this.params);
    const { q, role, page } = this.shown;
    this.page = await this.context.store.directory.find({
      text: q,
      role,
      limit: PAGE_SIZE,
      offset: (page - 1) * PAGE_SIZE,
    });
  }

  search = this.event(search, ({ q, role }) => {
    this.pushPatch(pathOf({ q, role, page: 1 }), { replace: true });
  });

  render() {
    const { q, role } = this.shown;
    return deskFrame(
      this,
      html`<div class="stack">
        <h1>Users</h1>
        <form id="filter" class="row" role="search" phx-change=${this.search} phx-submit=${this.search}>
          <input type="search" name="q" value=${q} aria-label="Name or address" placeholder="Name or address"
            maxlength="100" phx-debounce="200" autocomplete="off">
          <select name="role" aria-label="Role">
            <option value="">All roles</option>
            ${ROLES.map((each) => html`<option value=${each} selected=${each === role}>${each}</option>`)}
          </select>
        </form>
        ${this.#table()}
        ${this.#pages()}
      </div>`,
    );
  }

  #table() {
    return html`
      <div class="card scroller" tabindex="0" role="region" aria-label="Table of users">
        <table id="users">
          <thead><tr><th scope="col">Name</th><th scope="col">Address</th><th scope="col">Role</th><th scope="col">Since</th></tr></thead>
          <tbody>${each(
            this.page.rows,
            ({ id }) => id,
            ({ id, name, email, role, confirmedAt, createdAt }) => html`<tr>
              <th scope="row"><${Link} navigate=${path("/desk/users/:id", { id })}>${name}<//></th>
              <td>${email} ${!confirmedAt && html`<span class="badge warn">not confirmed</span>`}</td>
              <td><${RoleBadge} role=${role} /></td>
              <td>${dateTime(createdAt)}</td>
            </tr>`,
          )}</tbody>
        </table>
        ${this.page.rows.length === 0 && html`<p class="hint nothing">No user is like this.</p>`}
      </div>`;
  }

  #pages() {
    const { shown } = this;
    const { rows, total } = this.page;
    if (rows.length === 0) return;
    const last = (shown.page - 1) * PAGE_SIZE + rows.length;
    return html`
      <nav class="row pages" aria-label="Pages">
        ${shown.page > 1 && html`<${Link} class="button" patch=${pathOf({ ...shown, page: shown.page - 1 })}>Previous<//>`}
        <p>${last - rows.length + 1} to ${last} of ${total}</p>
        ${last < total && html`<${Link} class="button" patch=${pathOf({ ...shown, page: shown.page + 1 })}>Next<//>`}
      </nav>`;
  }
}

const pathOf = ({ q, role, page }: Shown) =>
  path("/desk/users", {}, { ...(q !== "" && { q }), ...(role && { role }), ...(page > 1 && { page }) });
