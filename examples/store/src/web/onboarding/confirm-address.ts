/** The first step, before a log-in: the page waits until the link in the mail is opened, in whatever tab or on whatever machine. */
import { html, Link, LiveView } from "@overwire/server";
import { confirmedTopic } from "../../accounts/confirmed.ts";
import { enterInView } from "../accounts/enter.ts";
import { frame } from "../shared/frame.ts";
import { StepList } from "./step-list.ts";

const PATH = "/welcome/confirm";

export class ConfirmAddress extends LiveView<typeof PATH> {
  email = "";

  mount() {
    const { user } = this.context;
    if (user?.confirmedAt) return this.pushNavigate("/welcome");
    const email = user?.email ?? this.session.registration?.email;
    if (email === undefined) return this.redirect("/register");
    this.email = email;
    // Loaded anew: if the link was opened in this browser, the user is logged in by now.
    this.subscribe(confirmedTopic(email), () => this.redirect(PATH));
  }

  /** If the link was opened elsewhere, the browser that has registered goes on by itself. */
  async joined() {
    const { registration } = this.session;
    const user = registration && (await this.context.store.onboarding.claim(registration));
    if (user) await enterInView(this, user, { remember: false, fallback: "/welcome" });
  }

  render() {
    return frame(
      this,
      html`
        <section class="welcome stack">
          <${StepList} step="confirm" next="confirm" />
          <div class="card stack">
            <h1>Look into your mail</h1>
            <p>We have sent a mail to <strong>${this.email}</strong>. Open the link in it, on any machine: this page goes on by
              itself.</p>
            <p class="hint">Nothing came? Look among unwanted mails, or <${Link} navigate="/register">register again<//>.</p>
          </div>
        </section>`,
    );
  }
}
