/** A view that sets and clears the session of its page. */
import { html, SessionError } from "@overwire/server";
import { text, Watched } from "./watched.ts";

export class Account extends Watched {
  failed = 0;
  login = this.event(({ user }) => this.#change(() => this.setSession({ userId: Number(text(user)) || 0 })));
  logOut = this.event(() => this.#change(() => this.clearSession()));
  both = this.event(async () => {
    await this.#change(() => this.setSession({ userId: 1 }));
    return this.#change(() => this.clearSession());
  });
  atOnce = this.event(() =>
    Promise.all([1, 2].map((userId) => this.#change(() => this.setSession({ userId })))),
  );
  meanwhile = this.event(() => this.#change(() => this.setSession({ userId: 3 })), { overlap: "parallel" });
  look = this.event(() => this.session);
  override render() {
    return html`<p>${this.session.userId ?? "nobody"}</p><i>${this.failed}</i>`;
  }

  /** A page that does not fetch its session is no fault of the app. */
  async #change(change: () => Promise<void>): Promise<unknown> {
    try {
      await change();
    } catch (error) {
      if (!(error instanceof SessionError)) throw error;
      this.failed++;
    }
    return this.session;
  }
}
