/**
 * Search while the user types: only the newest question counts, and the source need not finish the older
 * ones.
 */
import { html, LiveView } from "@overwire/server";
import { z } from "zod";
import { type City, findCities } from "./cities.ts";

interface Question {
  readonly text: string;
  state: "asked" | "answered" | "dropped";
}

/** Number of questions that are shown. */
const LATEST = 6;

export class Search extends LiveView {
  text = "";
  hits: readonly City[] = [];
  /** Questions to the source, the newest first. */
  questions: readonly Question[] = [];

  search = this.event(
    z.object({ text: z.string().trim().max(40) }),
    async ({ text }, { signal, wanted }) => {
      this.text = text;
      if (!text) {
        this.hits = [];
        return;
      }
      const question: Question = { text, state: "asked" };
      this.questions = [question, ...this.questions].slice(0, LATEST);
      signal.addEventListener("abort", () => {
        question.state = "dropped";
      });
      this.hits = await wanted(findCities(text, signal));
      question.state = "answered";
    },
    { overlap: "latest" },
  );

  private get waits() {
    return this.text !== "" && this.questions[0]?.state === "asked";
  }

  private get status() {
    if (!this.text) return "Type, and do not wait.";
    if (this.waits) return `Asking for “${this.text}”…`;
    return `${this.hits.length} ${this.hits.length === 1 ? "city" : "cities"} for “${this.text}”`;
  }

  render() {
    return html`
      <div class="searching">
        <div class="card search">
          <form id="search" role="search" phx-change=${this.search} phx-submit=${this.search}>
            <input type="search" name="text" aria-label="City or country" placeholder="City or country" maxlength="40"
              value=${this.text} phx-debounce="80" autocomplete="off">
          </form>
          <p role="status">${this.status}</p>
          <ul class="hits" aria-busy=${this.waits && "true"}>
            ${this.hits.map(({ name, country }) => html`<li><b>${name}</b> <span class="country">${country}</span></li>`)}
          </ul>
        </div>
        <section class="questions">
          <h2>What the source was asked</h2>
          <ol>${this.questions.map(({ text, state }) => html`<li class=${state}><span>“${text}”</span> <small>${state}</small></li>`)}</ol>
        </section>
      </div>`;
  }
}
