/** A form that the user types into: the view has the values that the user sees. */
import { html } from "@overwire/server";
import type { HTMLInputElement } from "happy-dom";
import { same } from "../invariants.ts";
import { WatchedView } from "../ledger.ts";
import type { Scenario } from "../scenario.ts";

export const typing: Scenario = {
  name: "typing",
  play(ledger) {
    class Typing extends WatchedView {
      readonly ledger = ledger;
      values = { first: "", last: "" };
      ticks = 0;
      change = this.event((payload) => {
        const { first, last } = payload as typeof this.values;
        this.values = { first, last };
      });
      override handleInfo() {
        this.ticks++;
      }
      render() {
        const { first, last } = this.values;
        return html`<div id="root" data-serial=${this.serial} phx-hook="Line">
          <form id="form" phx-change=${this.change}>
            <input name="first" value=${first}><input name="last" value=${last}>
          </form><p>${first} ${last} ${this.ticks}</p></div>`;
      }
    }
    return {
      views: { "/": Typing },
      act(page, n, random) {
        if (random.chance(0.3)) for (const view of ledger.all(Typing)) view.send("tick");
        else page.type(`[name=${random.pick(["first", "last"])}]`, `${n} `);
      },
      check(page) {
        const view = ledger.shown(Typing, page.attribute("#root", "data-serial"));
        const shown = (name: string) => (page.find(`[name=${name}]`) as HTMLInputElement).value;
        return [
          ...same("the view's values", view?.values, { first: shown("first"), last: shown("last") }),
          ...same("the text", page.text("p"), `${shown("first")} ${shown("last")} ${view?.ticks}`),
        ];
      },
    };
  },
};
