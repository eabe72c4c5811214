/** A room: users who have the page open see each other's messages. */
import { each, html, LiveView } from "@overwire/server";
import { z } from "zod";
import { type Message, recent, remember, said } from "./messages.ts";

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

export class Chat extends LiveView {
  messages = recent();
  name = "";

  mount() {
    this.subscribe(said, () => {
      this.messages = recent();
    });
  }

  say = this.event(
    z.object({ name: z.string().trim().max(30), text: z.string().trim().max(500) }),
    ({ name, text }) => {
      this.name = name;
      if (text) this.publish(said, remember(name || "Somebody", text));
    },
  );

  render() {
    return html`
      <div class="card chat">
        <div class="log" role="log" tabindex="0" aria-label="Messages">
          <ol>${each(
            this.messages,
            (message) => message.id,
            (message) => this.message(message),
          )}</ol>
        </div>
        <form class="row" phx-submit=${this.say}>
          <input name="name" class="name" aria-label="Your name" placeholder="Your name" value=${this.name} maxlength="30" required autocomplete="off">
          <input name="text" aria-label="Message" placeholder="Message" maxlength="500" required autocomplete="off">
          <button class="primary">Send</button>
        </form>
      </div>
      <p class="hint"><a href="/chat" target="_blank">Open a second tab</a> and talk to yourself.</p>`;
  }

  private message({ name, text, at }: Message) {
    return html`
      <li class=${{ mine: name === this.name }}>
        <b>${name}</b> <time datetime=${at.toISOString()}>${clock.format(at)}</time>
        <p>${text}</p>
      </li>`;
  }
}
