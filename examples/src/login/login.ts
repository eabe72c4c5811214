/** Logging in and out, wholly in views: the page fetches its cookie, and log-out ends all pages of the session. */
import { html, Link, LiveView, presence } from "@overwire/server";
import { z } from "zod";
import { demo, memberOf, verify } from "./members.ts";

declare module "@overwire/server" {
  interface Session {
    member?: string;
  }
}

const ACCOUNT = "/login/account";

const credentials = z.object({
  email: z.string().trim().min(1, "An address is needed.").max(200, "At most 200 characters."),
  password: z.string().min(1, "A password is needed.").max(200, "At most 200 characters."),
});

/** The pages that each member has open. */
const open = presence("login");

export class Login extends LiveView {
  wrong = false;

  login = this.form(credentials, {
    submit: ({ email, password }) => this.enter(email, password),
  });

  private async enter(email: string, password: string): Promise<void> {
    const member = await verify(email, password);
    this.wrong = !member;
    if (!member) return this.pushEvent("focus", { id: this.login.fields.password.id });
    await this.setSession({ member: member.id });
    this.putFlash("info", `Welcome, ${member.name}.`);
    this.pushNavigate(ACCOUNT);
  }

  mount() {
    if (memberOf(this.session.member)) this.pushNavigate(ACCOUNT);
  }

  render() {
    const { fields, change, submit } = this.login;
    const field = (name: "email" | "password") => {
      const { id, errors, attributes } = fields[name];
      const own = name === "password" ? fields.password.password : attributes;
      return html`<input type=${name} ...${own} required autocomplete=${name === "email" ? "username" : "current-password"}>
        ${errors[0] && html`<p class="wrong" id="${id}-error">${errors[0]}</p>`}`;
    };
    return html`
      <form id="login" class="card login" phx-change=${change} phx-submit=${submit} novalidate>
        ${this.flash.info && html`<p class="told" role="status">${this.flash.info}</p>`}
        <div class="field"><label for=${fields.email.id}>Email</label>${field("email")}</div>
        <div class="field"><label for=${fields.password.id}>Password</label>${field("password")}</div>
        ${this.wrong && html`<p class="wrong" role="alert">No account has this address and password.</p>`}
        <button class="primary" phx-disable-with="Logging in…">Log in</button>
        <p class="demo">Try <b>${demo.email}</b> with the password <b>${demo.password}</b>.</p>
      </form>`;
  }
}

export class Account extends LiveView {
  member = memberOf(this.session.member);
  pages = this.present(open);

  logOut = this.event(async () => {
    await this.clearSession();
    this.putFlash("info", "You are logged out, here and in all your tabs.");
    this.pushNavigate("/login");
  });

  mount() {
    const { member } = this;
    if (!member) return this.pushNavigate("/login");
    this.track(open, member.id, {});
  }

  render() {
    const { member } = this;
    const count = (member && this.pages.get(member.id)?.metas.length) || 1;
    return html`
      <section class="card account">
        ${this.flash.info && html`<p class="told" role="status">${this.flash.info}</p>`}
        <span class="face" aria-hidden="true">${member?.name[0]}</span>
        <div>
          <h2>${member?.name}</h2>
          <p class="email">${member?.email}</p>
        </div>
        <p class="open">${count === 1 ? "This is the only page that you have open here." : html`You have <b>${count} pages</b> open here.`}
          <a href=${ACCOUNT} target="_blank">Open another tab</a>, and log out in one of them: all end at once.</p>
        <p class="actions">
          <${Link} class="button" navigate="/login">To the form<//>
          <button class="primary" phx-click=${this.logOut} phx-disable-with="Logging out…">Log out</button>
        </p>
      </section>`;
  }
}
