/** Connected accounts: the providers by which a user logs in, to be connected and disconnected. */
import { each, html, LiveView } from "@overwire/server";
import { z } from "zod";
import { type Connection, LastWayIn } from "../../accounts/identities.ts";
import type { User } from "../../database/schema.ts";
import { dateTime } from "../../shared/dates.ts";
import { accountFrame } from "../accounts/account-frame.ts";
import { member, sudo } from "../shared/guards.ts";
import { ticketPath } from "./tokens.ts";

export class Connections extends LiveView<"/account/connections", typeof member> {
  static guard = member;
  connections: Connection[] = [];

  async mount() {
    await this.#load();
  }

  connect = this.event(
    z.object({ provider: z.string() }),
    ({ provider }) => {
      const { identities, services } = this.context.store;
      if (!identities.provider(provider)) return;
      const { loginId } = this.session;
      this.redirect(ticketPath(services.secret, { purpose: "connect", provider, loginId }));
    },
    { guard: sudo },
  );

  disconnect = this.event(
    z.object({ id: z.number().int() }),
    async ({ id }) => {
      const connection = this.connections.find((each) => each.id === id);
      try {
        await this.context.store.identities.disconnect(this.#user, id);
        if (connection) this.putFlash("info", `${connection.title} is disconnected.`);
      } catch (error) {
        if (!(error instanceof LastWayIn)) throw error;
        this.putFlash(
          "error",
          "This is your only way to log in. Set a password or connect another one first.",
        );
      }
      await this.#load();
    },
    { guard: sudo },
  );

  get #user(): User {
    // The guard stands before the view.
    return this.context.user as User;
  }

  async #load() {
    this.connections = await this.context.store.identities.connections(this.#user);
  }

  render() {
    const issuers = new Set(this.connections.map(({ issuer }) => issuer));
    const others = this.context.store.identities.providers.filter(({ issuer }) => !issuers.has(issuer));
    return accountFrame(
      this,
      html`<h1>Connected accounts</h1>
        ${
          this.connections.length + others.length === 0
            ? html`<p class="empty">The store has no providers to connect.</p>`
            : html`<section class="card stack" aria-label="Providers">
          <p class="hint">You can log in to the store by the accounts that you connect here, without a password.</p>
          <ul class="connections">
            ${each(
              this.connections,
              ({ id }) => id,
              ({ id, title, createdAt }) => html`<li class="row">
                <div><strong>${title}</strong> <p class="hint">Since ${dateTime(createdAt)}</p></div>
                <button phx-click=${this.disconnect({ id })} aria-label="Disconnect ${title}">Disconnect</button>
              </li>`,
            )}
            ${each(
              others,
              ({ name }) => name,
              ({ name, title }) => html`<li class="row">
                <div><strong>${title}</strong> <p class="hint">Not connected</p></div>
                <button phx-click=${this.connect({ provider: name })} aria-label="Connect ${title}">Connect</button>
              </li>`,
            )}
          </ul>
        </section>`
        }`,
    );
  }
}
