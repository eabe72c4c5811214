/** Events with numbers: each that was acknowledged ran once, in order, and its reply is its own. */
import { html } from "@overwire/server";
import { checkEvents, checkRender } from "../invariants.ts";
import { WatchedView } from "../ledger.ts";
import type { Scenario } from "../scenario.ts";

export const events: Scenario = {
  name: "events",
  play(ledger) {
    class Events extends WatchedView {
      readonly ledger = ledger;
      last = 0;
      clicks = 0;
      note = this.event((payload) => this.ran(this.#take(payload)));
      // Its answer comes after others have been sent.
      slowly = this.event(async (payload) => {
        const n = this.#take(payload);
        await new Promise((next) => setTimeout(next, n % 7));
        return this.ran(n);
      });
      click = this.event(() => {
        this.clicks++;
      });
      #take(payload: unknown): number {
        this.last = (payload as { n: number }).n;
        return this.last;
      }
      render() {
        return html`<div id="root" data-serial=${this.serial} phx-hook="Line"><b>${this.last}</b>
          <button id="click" phx-click=${this.click}>${this.clicks}</button></div>`;
      }
    }
    let clicked = 0;
    return {
      views: { "/": Events },
      act(page, _n, random) {
        // The client ignores a second click before the answer to the first one.
        const isBusy = page.attribute("#click", "class").includes("phx-click-loading");
        if (random.chance(0.2)) clicked += Number(page.click("#click") && !isBusy);
        else
          for (let times = random.between(1, 5); times > 0; times--)
            ledger.ask(page, "root", random.chance(0.3) ? "slowly" : "note");
      },
      check(page, tally) {
        const view = ledger.shown(Events, page.attribute("#root", "data-serial"));
        const problems = [...checkEvents(ledger, tally), ...checkRender(page, "#root", view)];
        const ran = view?.clicks ?? 0;
        if (ran > clicked || (ran < clicked && !tally.anew))
          problems.push(`${clicked} clicks ran ${ran} times`);
        return problems;
      },
    };
  },
};
