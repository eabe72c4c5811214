/** Notifications: an inbox, a desk that writes to one user or to all, and a bell that stays from page to page. */
import { type Child, each, html, Link, LiveView } from "@overwire/server";
import { z } from "zod";
import { Bell } from "./bell.ts";
import {
  inbox,
  inboxOf,
  markRead,
  type Notice,
  noticesLearned,
  online,
  sendNotice,
  type User,
  users,
} from "./notices.ts";

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const LONGEST = 140;

/** The demo takes the user from the URL. In your app it comes from the session. */
const query = z.object({ as: z.enum(users).catch("Ann") });

const tabs = [
  { path: "/notifications", name: "Inbox" },
  { path: "/notifications/desk", name: "Desk" },
];

interface FrameProps {
  readonly path: string;
  readonly user: User;
  readonly children?: Child;
}

/** Common base of both pages. The bell is sticky, so it is the same one on each of them. */
const Frame = ({ path, user, children }: FrameProps) => html`
  <div class="notifications">
    <div class="bar">
      <nav class="tabs" aria-label="Notifications">
        ${tabs.map((tab) => html`<${Link} navigate="${tab.path}?as=${user}" aria-current=${tab.path === path && "page"}>${tab.name}<//>`)}
      </nav>
      <p>You are <b>${user}</b></p>
      <${Bell} id="bell" class="bell" session=${{ user }} sticky />
    </div>
    ${children}
    <p class="hint">Open a tab as
      ${users.map((other) => html`<a href="${path}?as=${other}" target="_blank">${other}</a> `)}
      and put the two side by side.</p>
  </div>`;

export class Inbox extends LiveView<"/notifications"> {
  user: User = query.parse(this.params).as;
  notices: readonly Notice[] = [];

  mount() {
    for (const receiver of [this.user, "everyone"] as const)
      this.subscribe(inbox(receiver), () => this.load());
    this.subscribe(noticesLearned, () => this.load());
    this.load();
  }

  private load() {
    this.notices = inboxOf(this.user);
  }

  read = this.event(z.object({ id: z.string() }), ({ id }) => this.mark([id]));

  readAll = this.event(() => this.mark(this.notices.map(({ id }) => id)));

  private mark(ids: readonly string[]) {
    markRead(this.user, ids);
    this.load();
    // The button that had the keyboard is gone.
    this.pushEvent("focus", { to: [".unread button", "#bell a"] });
  }

  render() {
    return html`
      <${Frame} path="/notifications" user=${this.user}>
        <section class="card">
          <header class="bar">
            <h2>Inbox</h2>
            ${this.notices.some(({ read }) => !read) && html`<button class="quiet" phx-click=${this.readAll}>Mark all as read</button>`}
          </header>
          <ul class="inbox">
            ${each(
              this.notices,
              ({ id }) => id,
              (notice) => this.notice(notice),
            )}
            <li class="empty">Nothing yet. Send something from the desk.</li>
          </ul>
        </section>
      <//>`;
  }

  private notice({ id, to, text, at, read }: Notice) {
    return html`
      <li class=${{ unread: !read }}>
        <p>${text} <small>${to === "everyone" && "to everyone, "}<time datetime=${at.toISOString()}>${clock.format(at)}</time></small></p>
        ${!read && html`<button class="quiet" phx-click=${this.read({ id })} aria-label="Mark “${text}” as read">Mark as read</button>`}
      </li>`;
  }
}

export class Desk extends LiveView<"/notifications/desk"> {
  user: User = query.parse(this.params).as;
  here = this.present(online);
  to: User | "everyone" = "everyone";
  sent = "";

  send = this.event(
    z.object({ to: z.enum([...users, "everyone"]), text: z.string().trim().max(LONGEST) }),
    ({ to, text }) => {
      this.to = to;
      if (!text) return;
      sendNotice(to, text);
      this.sent = `Sent to ${to}: “${text}”`;
    },
  );

  render() {
    return html`
      <${Frame} path="/notifications/desk" user=${this.user}>
        <form id="send" class="card" phx-submit=${this.send}>
          <fieldset>
            <legend>Send to</legend>
            ${this.choice("everyone", `${this.here.size} online`)}
            ${users.map((user) => this.choice(user, this.state(user)))}
          </fieldset>
          <div class="row">
            <input name="text" aria-label="Text" placeholder="Text" maxlength=${LONGEST} required autocomplete="off">
            <button class="primary">Send</button>
          </div>
          <p role="status">${this.sent}</p>
        </form>
      <//>`;
  }

  /** The users who are offline find it in their inbox later. */
  private state(user: User): string {
    const open = this.here.get(user)?.metas.length ?? 0;
    if (open === 0) return "offline";
    return open === 1 ? "online" : `online, ${open} tabs`;
  }

  private choice(to: User | "everyone", state: string) {
    return html`
      <label class=${{ online: state !== "offline" }}>
        <input type="radio" name="to" value=${to} checked=${to === this.to}> <b>${to}</b> <small>${state}</small>
      </label>`;
  }
}
