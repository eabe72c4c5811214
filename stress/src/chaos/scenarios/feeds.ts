/** A feed that goes on while lines break: all of its text is there, in order, once. */
import { html } from "@overwire/server";
import { same } from "../invariants.ts";
import { WatchedView } from "../ledger.ts";
import type { Scenario } from "../scenario.ts";

export const feeds: Scenario = {
  name: "feeds",
  play(ledger) {
    class Feeds extends WatchedView {
      readonly ledger = ledger;
      answer = this.feed<string>();
      said = "";
      #waiting: string[] = [];
      #wake = () => {};
      override mount() {
        super.mount();
        this.answer.start((signal) => this.#listen(signal));
      }
      say(text: string) {
        this.#waiting.push(text);
        this.#wake();
      }
      async *#listen(signal: AbortSignal) {
        signal.addEventListener("abort", () => this.#wake());
        while (!signal.aborted) {
          const text = this.#waiting.shift();
          if (text === undefined) await new Promise<void>((wake) => (this.#wake = wake));
          else {
            this.said += text;
            yield text;
          }
        }
      }
      get isSaid() {
        return this.#waiting.length === 0;
      }
      render() {
        return html`<div id="root" data-serial=${this.serial} phx-hook="Line"><p>${this.answer.each()}</p></div>`;
      }
    }
    const shown = (root: string) => ledger.shown(Feeds, root);
    return {
      views: { "/": Feeds },
      act(_page, n, random) {
        for (let times = random.between(1, 3); times > 0; times--)
          for (const view of ledger.all(Feeds)) view.say(`${n}.${times} `);
      },
      check(page) {
        return same("what was said", page.text("p"), shown(page.attribute("#root", "data-serial"))?.said);
      },
    };
  },
};
