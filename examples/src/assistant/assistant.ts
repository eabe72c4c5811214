/** A conversation whose answers come token by token, and can be stopped. */
import { html, JS, LiveView } from "@overwire/server";
import { z } from "zod";
import { answerTo, suggestions } from "./language-model.ts";

interface Message {
  readonly id: number;
  readonly by: "You" | "Assistant";
  readonly text: string;
}

/** The page keeps no more messages; the server keeps none. */
const KEPT = 50;

export class Assistant extends LiveView {
  messages = this.stream<Message>();
  answer = this.feed<string>();
  /** The question of the current answer, or the last one. */
  question: string | undefined;
  /** Text of the answer so far. It becomes a message when the next question comes. */
  said = "";
  nextId = 1;

  ask = this.event(z.object({ question: z.string().trim().min(1).max(300) }), ({ question }) => {
    if (this.answer.running) return;
    if (this.said) this.add("Assistant", this.said);
    this.add("You", question);
    this.question = question;
    this.start(question);
  });

  askAgain = this.event(() => {
    if (this.question && !this.answer.running) this.start(this.question);
  });

  stop = this.event(() => this.answer.stop());

  private add(by: Message["by"], text: string) {
    this.messages.insert({ id: this.nextId++, by, text }, { limit: -KEPT });
  }

  private start(question: string) {
    this.said = "";
    this.answer.start((signal) => this.listen(question, signal));
  }

  private async *listen(question: string, signal: AbortSignal) {
    for await (const token of answerTo(question, { signal })) {
      // A token may have been on its way when another answer began.
      if (signal.aborted) return;
      this.said += token;
      yield token;
    }
  }

  render() {
    const { running, failed } = this.answer;
    // A user who stops an answer, or has sent a question, wants to write the next one.
    const ask = JS.push(this.ask).focus("#question");
    const stop = JS.push(this.stop).focus("#question");
    return html`
      <div class="card chat assistant">
        <div class="log" role="region" tabindex="0" aria-label="Conversation">
          <div>
            ${!this.question && html`<p>Ask something. The answer comes word by word, and you can stop it.</p>`}
            <ol id="messages" phx-update="stream">${this.messages.each(Item)}</ol>
            <div class="answer" hidden=${!this.question}>
              <div class="bubble">
                <b>Assistant</b>
                <p id="answer" aria-live="polite" aria-busy=${String(running)}>${this.answer.each()}</p>
              </div>
              ${failed && html`<p class="problem" role="alert">The assistant broke down. Ask again, or ask something else.</p>`}
              <p class="again">
                <span role="status">${running && "Writing…"}</span>
                ${!running && html`<button class="quiet" phx-click=${this.askAgain}>Ask again</button>`}
              </p>
            </div>
          </div>
        </div>
        <form id="ask" class="row" phx-submit=${ask}>
          <input id="question" name="question" aria-label="Your question" placeholder="Your question" maxlength="300" required autocomplete="off">
          <button class="primary" disabled=${running}>Ask</button>
          <button type="button" phx-click=${stop} disabled=${!running}>Stop</button>
        </form>
      </div>
      <div class="row suggestions" role="group" aria-label="Suggestions">
        ${suggestions.map((question) => html`<button phx-click=${this.ask({ question })} disabled=${running}>${question}</button>`)}
      </div>`;
  }
}

const Item = (id: string, { by, text }: Message) => html`
  <li id=${id} class=${by === "You" && "mine"}>
    <b>${by}</b>
    <p>${text}</p>
  </li>`;
