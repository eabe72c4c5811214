/** Events that the server pushes: each reaches the page once, in order, or its view was mounted anew. */
import { html } from "@overwire/server";
import type { CustomEvent } from "happy-dom";
import { checkEvents, same } from "../invariants.ts";
import { WatchedView } from "../ledger.ts";
import type { Page } from "../page.ts";
import type { Scenario } from "../scenario.ts";

interface Told {
  readonly serial: number;
  readonly n: number;
}

export const pushed: Scenario = {
  name: "pushed",
  play(ledger) {
    class Pushed extends WatchedView {
      readonly ledger = ledger;
      told = 0;
      tell() {
        this.pushEvent("told", { serial: this.serial, n: ++this.told });
      }
      note = this.event((payload) => {
        this.tell();
        return this.ran((payload as { n: number }).n);
      });
      override handleInfo() {
        this.tell();
        this.tell();
      }
      render() {
        return html`<div id="root" data-serial=${this.serial} phx-hook="Line">${this.told}</div>`;
      }
    }
    const heard: Told[] = [];
    let listening: Page | undefined;
    return {
      views: { "/": Pushed },
      act(page, _n, random) {
        if (listening !== page) {
          listening = page;
          page.window.addEventListener("phx:told", (event) => {
            heard.push((event as unknown as CustomEvent).detail as Told);
          });
        }
        if (random.chance(0.5)) ledger.ask(page, "root", "note");
        else for (const view of ledger.all(Pushed)) view.send("tell");
      },
      check(page, tally) {
        const view = ledger.shown(Pushed, page.attribute("#root", "data-serial"));
        const numbers = new Map<number, number[]>();
        for (const { serial, n } of heard) numbers.set(serial, [...(numbers.get(serial) ?? []), n]);
        const problems = [...numbers].flatMap(([serial, all]) =>
          same(
            `the events of view ${serial}`,
            all,
            all.map((_, at) => at + 1),
          ),
        );
        const last = numbers.get(view?.serial ?? 0)?.length ?? 0;
        return [
          ...problems,
          ...same("events of the view that is shown", last, view?.told),
          ...checkEvents(ledger, tally),
        ];
      },
    };
  },
};
