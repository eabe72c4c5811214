/** A user at the desk: the role, which an admin may change, and the log-ins, which an admin may end. */
import { each, html, Link, LiveView, NotFound, path } from "@overwire/server";
import { z } from "zod";
import { deviceOf, placeOf } from "../../accounts/devices.ts";
import { AccountError } from "../../accounts/errors.ts";
import { loginsTopic } from "../../accounts/logins.ts";
import type { Login, User } from "../../database/schema.ts";
import { ROLES } from "../../database/tables.ts";
import { dateTime } from "../../shared/dates.ts";
import { token } from "../../shared/texts.ts";
import { admin, sudo } from "../shared/guards.ts";
import { deskFrame } from "./desk-frame.ts";
import { RoleBadge } from "./role-badge.ts";

const id = z.coerce.number().int().min(1).max(2_147_483_647);

export class DeskUser extends LiveView<"/desk/users/:id", typeof admin> {
  static guard = admin;

  shown!: User;
  logins: Login[] = [];

  async mount() {
    const user = await this.#read();
    this.shown = user;
    this.pageTitle = user.name;
    this.subscribe(loginsTopic(user.id), () => this.#readLogins());
    await this.#readLogins();
  }

  setRole = this.event(
    z.object({ role: z.enum(ROLES) }),
    async ({ role }) => {
      try {
        this.shown = await this.context.store.accounts.setRole(this.session, this.shown.id, role);
        this.putFlash("info", `${this.shown.name} is ${role} now.`);
      } catch (error) {
        if (!(error instanceof AccountError)) throw error;
        this.putFlash("error", error.message);
      }
    },
    { guard: admin.and(sudo) },
  );

  endLogin = this.event(
    z.object({ loginId: token() }),
    ({ loginId }) => this.context.store.directory.endLogins(this.actor, this.shown.id, loginId),
    { guard: admin },
  );

  endLogins = this.event(() => this.context.store.directory.endLogins(this.actor, this.shown.id), {
    guard: admin,
  });

  async #read(): Promise<User> {
    const parsed = id.safeParse(this.params.id);
    const user = parsed.success ? await this.context.store.directory.get(parsed.data) : undefined;
    if (!user) throw new NotFound("There is no such user.");
    return user;
  }

  async #readLogins() {
    this.logins = await this.context.store.directory.logins(this.shown.id);
  }

  get actor(): User {
    // The guard stands before the view.
    return this.context.user as User;
  }

  render() {
    const { name, email, role, createdAt } = this.shown;
    return deskFrame(
      this,
      html`<div class="stack">
        <h1>${name}</h1>
        <p>${email} <${RoleBadge} role=${role} /> <span class="hint">since ${dateTime(createdAt)}</span></p>
        <p class="row">
          <${Link} navigate=${path("/desk/orders", {}, { q: email })}>Orders<//>
          <${Link} navigate=${path("/desk/audit", {}, { subject: `user:${this.shown.id}` })}>Audit log<//>
        </p>
        ${this.#role()}
        ${this.#logins()}
      </div>`,
    );
  }

  #role() {
    const isSelf = this.shown.id === this.actor.id;
    return html`
      <section class="card stack" aria-labelledby="role-title">
        <h2 id="role-title">Role</h2>
        ${
          isSelf
            ? html`<p class="hint">Another admin has to change your own role.</p>`
            : html`<form id="role" class="row" phx-submit=${this.setRole}>
                <select name="role" aria-label="Role">${ROLES.map(
                  (role) => html`<option value=${role} selected=${role === this.shown.role}>${role}</option>`,
                )}</select>
                <button class="primary">Change role</button>
              </form>`
        }
      </section>`;
  }

  #logins() {
    return html`
      <section class="card stack" aria-labelledby="logins-title">
        <div class="row">
          <h2 id="logins-title">Log-ins</h2>
          ${this.logins.length > 1 && html`<button class="danger" phx-click=${this.endLogins}>End all</button>`}
        </div>
        ${this.logins.length === 0 && html`<p class="hint">This user is logged in nowhere.</p>`}
        <ul id="logins" class="lines">${each(
          this.logins,
          (login) => login.id,
          ({ id: loginId, agent, address, seenAt }) => html`
            <li>
              <p>${deviceOf(agent)}<br><span class="hint">${address && `${placeOf(address)} · `}seen ${dateTime(seenAt)}</span></p>
              <button phx-click=${this.endLogin({ loginId })} aria-label="End the log-in from ${address || "an unknown address"}">End</button>
            </li>`,
        )}</ul>
      </section>`;
  }
}
