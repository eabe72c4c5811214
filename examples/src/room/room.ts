/** A room: who is here, who is typing, and who has read up to which message. Names are kept in the session. */
import { each, html, LiveView, type PresenceEntry, type Tracked } from "@overwire/server";
import { z } from "zod";
import {
  LONGEST_NAME,
  LONGEST_TEXT,
  lobby,
  type Message,
  type Meta,
  markRead,
  read,
  readersOf,
  recentMessages,
  said,
  say,
} from "./room-store.ts";

/** A user who stops in the middle of a message is not typing for ever. */
export const TYPING_TIME = 5000;

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

export class Room extends LiveView<"/room"> {
  visitor = this.session.visitor;
  messages = recentMessages();
  people = this.present(lobby);
  private me?: Tracked<Meta>;
  private away = false;
  private stopTyping: (() => void) | undefined;

  mount() {
    const { visitor } = this;
    if (!visitor) return;
    this.subscribe(said, () => this.refresh());
    this.subscribe(read, () => this.refresh());
    this.me = this.track(lobby, visitor.id, { name: visitor.name, device: "tab" });
  }

  /** A painted page is not read yet: search engines and link previews never join. */
  joined() {
    this.refresh();
  }

  private refresh() {
    this.messages = recentMessages();
    const last = this.messages.at(-1);
    if (last && this.visitor && this.connected && !this.away) markRead(this.visitor, last.id);
  }

  private tell(change: Partial<Meta>) {
    this.me?.update((meta) => ({ ...meta, ...change }));
  }

  leave = this.event(() => {
    this.away = true;
    this.tell({ away: true });
  });

  comeBack = this.event(() => {
    this.away = false;
    this.tell({ away: false });
    this.refresh();
  });

  write = this.event(z.object({ text: z.string() }), ({ text }) => this.setTyping(text !== ""));

  say = this.event(z.object({ text: z.string().trim().max(LONGEST_TEXT) }), ({ text }) => {
    this.setTyping(false);
    if (text && this.visitor) say(this.visitor, text);
  });

  private setTyping(typing: boolean) {
    this.stopTyping?.();
    // An update is told to all nodes, so one for each key that is pressed would be too many.
    if (typing !== Boolean(this.stopTyping)) this.tell({ typing });
    this.stopTyping = typing ? this.setTimeout(() => this.setTyping(false), TYPING_TIME) : undefined;
  }

  render() {
    const { visitor } = this;
    return visitor ? this.room(visitor.name) : this.entrance();
  }

  /** A plain form: only a response over HTTP can set the cookie of a session. */
  private entrance() {
    return html`
      <form class="card entrance" method="post" action="/room/enter">
        <label for="name">Your name</label>
        <div class="row">
          <input id="name" name="name" maxlength=${LONGEST_NAME} required autocomplete="nickname">
          <button class="primary">Enter</button>
        </div>
        <p class="hint">${this.people.size === 0 ? "Nobody is" : `${this.people.size} already`} in the room.</p>
      </form>`;
  }

  private room(name: string) {
    return html`
      <div class="room" phx-window-blur=${this.leave} phx-window-focus=${this.comeBack}>
        <section class="card people" aria-labelledby="people-title">
          <h2 id="people-title">Here: ${this.people.size}</h2>
          <ul>${each(
            this.people.list(),
            ({ key }) => key,
            (entry) => this.user(entry),
          )}</ul>
        </section>
        <div class="card chat">
          <div class="log" role="log" tabindex="0" aria-label="Messages">
            <ol>${each(
              this.messages,
              ({ id }) => id,
              (message) => this.message(message),
            )}</ol>
          </div>
          <div>
            <p class="typing hint" role="status">${this.typists()}</p>
            <form class="row" id="say" phx-change=${this.write} phx-submit=${this.say}>
              <input name="text" aria-label="Message" placeholder=${`Message from ${name}`} maxlength=${LONGEST_TEXT} required autocomplete="off">
              <button class="primary">Send</button>
            </form>
          </div>
        </div>
        <section class="card terminal" aria-labelledby="terminal-title">
          <h2 id="terminal-title">Terminal</h2>
          <p class="hint">A script of the page, not a view: it joins the channel room:lobby.</p>
          <div id="terminal" phx-hook="Terminal" phx-update="ignore">
            <pre role="log" tabindex="0" aria-label="Output of the terminal"></pre>
            <form class="row">
              <input name="line" aria-label="Line for the terminal" placeholder="A message, or /who" maxlength=${LONGEST_TEXT} required autocomplete="off" disabled>
              <button type="button">Connect</button>
            </form>
          </div>
        </section>
      </div>
      <p class="hint">
        <a href="/room" target="_blank">Open a second tab</a> to be here twice, or a private window to be another user.
        Whoever looks at another window is away, and reads nothing.
      </p>`;
  }

  private user({ key, metas }: PresenceEntry<Meta>) {
    const tabs = metas.filter(({ device }) => device === "tab");
    // A terminal does not know if it is looked at.
    const away = tabs.length > 0 && tabs.every(({ away }) => away);
    const facts = [
      away && "away",
      tabs.length > 0 && (tabs.length === 1 ? "1 tab" : `${tabs.length} tabs`),
      tabs.length < metas.length && "terminal",
    ];
    return html`
      <li class=${{ away }}>
        <b>${metas[0]?.name}</b>${key === this.visitor?.id && " (you)"}
        <small>${facts.filter(Boolean).join(" · ")}</small>
      </li>`;
  }

  private message(message: Message) {
    const { from, text, at } = message;
    const me = this.visitor?.id;
    // An author has read the message, and users know of themselves.
    const readers = readersOf(message).filter(({ id }) => id !== from.id && id !== me);
    return html`
      <li class=${{ mine: from.id === me }}>
        <b>${from.name}</b> <time datetime=${at.toISOString()}>${clock.format(at)}</time>
        <p>${text}</p>
        ${readers.length > 0 && html`<small class="readers">Read by ${readers.map(({ name }) => name).join(", ")}</small>`}
      </li>`;
  }

  private typists() {
    const names = this.people
      .list()
      .filter(({ key, metas }) => key !== this.visitor?.id && metas.some(({ typing }) => typing))
      .map(({ metas }) => metas[0]?.name);
    return names.length > 0 && `${names.join(", ")} ${names.length === 1 ? "is" : "are"} typing …`;
  }
}
