/** The page of a user's tokens for the API: created and shown once, revoked, and followed live by other open pages. */
import { each, FieldErrors, html, JS, Link, LiveView } from "@overwire/server";
import { z } from "zod";
import { apiTokensTopic, MOST_TOKENS, TooManyTokens } from "../../accounts/api-tokens.ts";
import { AccountError } from "../../accounts/errors.ts";
import type { ApiToken, User } from "../../database/schema.ts";
import { dateTime } from "../../shared/dates.ts";
import { line } from "../../shared/texts.ts";
import { sudo } from "../shared/guards.ts";
import { accountFrame } from "./account-frame.ts";

export class Tokens extends LiveView<"/account/tokens", typeof sudo> {
  static guard = sudo;

  tokens: ApiToken[] = [];
  /** The token that was just created. It is kept by this page alone, until it is left. */
  created: { readonly id: number; readonly name: string; readonly token: string } | undefined;

  async mount() {
    this.subscribe(apiTokensTopic(this.session.userId), () => this.load());
    await this.load();
  }

  create = this.form(z.object({ name: line().min(1, "A name, please.").max(50) }), {
    // A token outlives the log-in, so a page that was left open makes none.
    guard: sudo,
    submit: async ({ name }): Promise<void> => {
      try {
        const { accounts, apiTokens } = this.context.store;
        const stillMay = () => accounts.logins.holdFresh(this.session);
        this.created = { name, ...(await apiTokens.create(this.user, name, stillMay)) };
        this.create.reset();
      } catch (error) {
        if (!(error instanceof TooManyTokens || error instanceof AccountError)) throw error;
        this.create.setErrors({ name: error.message });
      }
    },
  });

  dismiss = this.event(() => {
    this.created = undefined;
  });

  revoke = this.event(z.object({ id: z.int32() }), async ({ id }) => {
    await this.context.store.apiTokens.revoke(this.user, id);
  });

  async load() {
    this.tokens = await this.context.store.apiTokens.listOf(this.user);
    if (!this.tokens.some(({ id }) => id === this.created?.id)) this.created = undefined;
  }

  get user(): User {
    // The guard stands before the view.
    return this.context.user as User;
  }

  render() {
    return accountFrame(
      this,
      html`<div class="stack tokens">
        <h1>API tokens</h1>
        <p>A program that has one of your tokens may do through the <${Link} navigate="/api">API<//> what you may do
          here.</p>
        ${this.created && this.#shown(this.created)}
        ${this.#form()}
        ${this.#list()}
      </div>`,
    );
  }

  #shown({ name, token }: { readonly name: string; readonly token: string }) {
    return html`<section class="card stack" aria-labelledby="created" role="status">
      <h2 id="created">“${name}” is ready</h2>
      <p>Copy the token now: it is not shown again.</p>
      <div class="row">
        <input id="token" class="secret" aria-label="Token" readonly value=${token} autocomplete="off">
        <button id="copy" class="primary" phx-hook="Copy" phx-update="ignore" data-copy="token">Copy</button>
        <button class="quiet" phx-click=${this.dismiss}>Done</button>
      </div>
    </section>`;
  }

  #form() {
    const { fields, change, submit } = this.create;
    return html`<form id="create" class="form card" phx-change=${change} phx-submit=${submit}>
      <div class="field">
        <label for=${fields.name.id}>Name of a new token</label>
        <input ...${fields.name.attributes} maxlength="50" autocomplete="off" placeholder="Stock keeper">
        <p class="hint">The program that will use it, for example.</p>
        <${FieldErrors} field=${fields.name} />
      </div>
      <button class="primary">Create a token</button>
    </form>`;
  }

  #list() {
    if (this.tokens.length === 0) return html`<div><p class="empty">You have no tokens.</p></div>`;
    return html`<div class="scroller"><table>
      <caption class="hint">${this.tokens.length} of at most ${MOST_TOKENS} tokens</caption>
      <thead><tr><th>Name</th><th>Begins with</th><th>Created</th><th>Last used</th><td></td></tr></thead>
      <tbody>${each(
        this.tokens,
        ({ id }) => id,
        ({ id, name, prefix, createdAt, usedAt }) => html`<tr>
          <td>${name}</td>
          <td><code>${prefix}…</code></td>
          <td>${dateTime(createdAt)}</td>
          <td>${usedAt ? dateTime(usedAt) : "never"}</td>
          <td>
            <button phx-click=${JS.showModal(`#revoke-${id}`)} aria-label=${`Revoke ${name}`}>Revoke</button>
            <dialog id=${`revoke-${id}`} class="card" aria-labelledby=${`question-${id}`} phx-click-away=${JS.close()}>
              <div class="stack">
                <h2 id=${`question-${id}`}>Revoke “${name}”?</h2>
                <p>Programs that use it are refused from now on.</p>
                <div class="row">
                  <button class="danger" phx-click=${this.revoke({ id })}>Revoke</button>
                  <button phx-click=${JS.close(`#revoke-${id}`)}>Keep it</button>
                </div>
              </div>
            </dialog>
          </td>
        </tr>`,
      )}</tbody>
    </table></div>`;
  }
}
