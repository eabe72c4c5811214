/** The first page of a user's account. */
import { html, Link, LiveView } from "@overwire/server";
import type { Profile, User } from "../../database/schema.ts";
import { member } from "../shared/guards.ts";
import { accountFrame } from "./account-frame.ts";

export class Account extends LiveView<"/account", typeof member> {
  static guard = member;

  profile: Profile | null = null;

  async mount() {
    this.profile = await this.context.store.profiles.of(this.session.userId);
  }

  render() {
    const isComplete = Boolean(this.profile?.completedAt);
    // The guard stands before the view.
    const { name, email, passwordHash, role } = this.context.user as User;
    return accountFrame(
      this,
      html`<h1>${name}</h1>
        <dl class="card facts">
          <dt>Email</dt>
          <dd>${email} <${Link} navigate="/account/email">Change<//></dd>
          <dt>Password</dt>
          <dd>${passwordHash ? "Set" : "None"}
            <${Link} navigate="/account/password">${passwordHash ? "Change" : "Set one"}<//></dd>
          <dt>Delivery</dt>
          <dd>${isComplete ? "Kept for your orders" : "Some steps are left"}
            <${Link} navigate=${isComplete ? "/welcome/address" : "/welcome"}>${isComplete ? "Change" : "Go on"}<//></dd>
          ${role !== "customer" && html`<dt>Role</dt><dd><span class="badge good">${role}</span></dd>`}
        </dl>
        <form method="post" action="/logout"><button>Log out</button></form>`,
    );
  }
}
