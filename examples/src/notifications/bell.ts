/** The bell: a sticky view that counts unread notifications and shows new ones as toasts, on every page of its user. */
import { each, html, JS, Link, LiveView } from "@overwire/server";
import { z } from "zod";
import {
  type InboxChange,
  inbox,
  inboxOf,
  type Notice,
  noticesLearned,
  online,
  type User,
} from "./notices.ts";

/** Milliseconds for which a toast stays. */
export const STAY = 8000;
/** More would cover the page; the inbox has them all. */
const SHOWN = 3;

export class Bell extends LiveView {
  /** The view around it says whose bell it is. */
  user = (this.session as { readonly user: User }).user;
  notices: readonly Notice[] = [];
  toasts: readonly Notice[] = [];
  me = this.track(online, this.user, {});

  mount() {
    for (const receiver of [this.user, "everyone"] as const)
      this.subscribe(inbox(receiver), (change) => this.follow(change));
    this.subscribe(noticesLearned, () => {
      this.notices = inboxOf(this.user);
    });
    this.notices = inboxOf(this.user);
  }

  private follow(change: InboxChange) {
    this.notices = inboxOf(this.user);
    if (change.kind === "read") return this.drop(change.ids);
    const { notice } = change;
    this.toasts = [...this.toasts, notice].slice(-SHOWN);
    this.setTimeout(() => this.drop([notice.id]), STAY);
  }

  private drop(ids: readonly string[]) {
    this.toasts = this.toasts.filter(({ id }) => !ids.includes(id));
  }

  dismiss = this.event(z.object({ id: z.string() }), ({ id }) => this.drop([id]));

  dismissAll = this.event(() => {
    this.toasts = [];
  });

  render() {
    // The keyboard goes to the bell before the button that has it goes.
    const leave = JS.focus("#bell:has(.toast :focus) a").push(this.dismissAll);
    const unread = this.notices.filter(({ read }) => !read).length;
    return html`
      <${Link} class="button" navigate="/notifications?as=${this.user}" aria-label="Inbox, ${unread} unread">
        <svg viewBox="0 0 16 16" width="20" height="20" aria-hidden="true"><path d="M3 11.5h10l-1.2-2V6.7a3.8 3.8 0 0 0-7.6 0v2.8zM6.6 13.5a1.5 1.5 0 0 0 2.8 0"></path></svg>
        ${unread > 0 && html`<b class="count">${unread}</b>`}
      <//>
      <ul class="toasts" aria-live="polite" aria-label="New notifications">
        ${each(
          this.toasts,
          ({ id }) => id,
          (notice) => this.toast(notice),
        )}
      </ul>
      ${this.toasts.length > 0 && html`<i hidden phx-window-keydown=${leave} phx-key="Escape"></i>`}`;
  }

  private toast({ id, to, text }: Notice) {
    const close = JS.focus("#bell a").push(this.dismiss({ id }));
    return html`
      <li class="card toast">
        <p><small>${to === "everyone" ? "To everyone" : `To you, ${to}`}</small> ${text}</p>
        <button class="quiet" phx-click=${close} aria-label="Dismiss “${text}”">✕</button>
      </li>`;
  }
}
