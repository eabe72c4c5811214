/** The list of browsers that are logged in. It is live: one that is logged out here leaves all of its pages at once. */
import { each, html, LiveView } from "@overwire/server";
import { z } from "zod";
import { deviceOf, placeOf } from "../../accounts/devices.ts";
import { loginsTopic } from "../../accounts/logins.ts";
import type { Login } from "../../database/schema.ts";
import { dateTime } from "../../shared/dates.ts";
import { TOKEN } from "../../shared/random.ts";
import { member } from "../shared/guards.ts";
import { accountFrame } from "./account-frame.ts";

export class Security extends LiveView<"/account/security", typeof member> {
  static guard = member;
  logins: readonly Login[] = [];

  async mount() {
    this.subscribe(loginsTopic(this.session.userId), () => this.load());
    await this.load();
  }

  async load() {
    this.logins = await this.context.store.accounts.logins.list(this.session.userId);
  }

  revoke = this.event(z.object({ id: z.string().regex(TOKEN) }), async ({ id }) => {
    await this.context.store.accounts.logins.revoke(this.session.userId, id);
  });

  revokeOthers = this.event(async () => {
    const { userId, loginId } = this.session;
    await this.context.store.accounts.logins.revokeOthers(userId, loginId);
  });

  render() {
    const others = this.logins.length - 1;
    return accountFrame(
      this,
      html`<h1>Security</h1>
        <section class="card stack" aria-labelledby="browsers">
          <h2 id="browsers">Browsers that are logged in</h2>
          <ul class="logins">${each(
            this.logins,
            ({ id }) => id,
            (login) => this.#login(login),
          )}</ul>
          ${
            others > 0 &&
            html`<p><button class="danger" phx-click=${this.revokeOthers}>
              Log out ${others === 1 ? "the other browser" : `all ${others} others`}</button></p>`
          }
        </section>`,
    );
  }

  #login({ id, agent, address, createdAt, seenAt }: Login) {
    const device = deviceOf(agent);
    return html`<li>
      <div>
        <strong>${device}</strong> ${id === this.session.loginId && html`<span class="badge good">This browser</span>`}
        <p class="hint">Since ${dateTime(createdAt)}${address && `, from ${placeOf(address)}`}. Last seen ${dateTime(seenAt)}.</p>
      </div>
      ${
        id !== this.session.loginId &&
        html`<button phx-click=${this.revoke({ id })} aria-label=${`Log out ${device}`}>Log out</button>`
      }
    </li>`;
  }
}
