/** Nested views that come and go: each one that the page shows is joined and works. */
import { html } from "@overwire/server";
import { checkEvents, same } from "../invariants.ts";
import { WatchedView } from "../ledger.ts";
import type { Scenario } from "../scenario.ts";

export const nested: Scenario = {
  name: "nested",
  play(ledger) {
    class Inner extends WatchedView {
      readonly ledger = ledger;
      notes = 0;
      note = this.event((payload) => {
        this.notes++;
        return this.ran((payload as { n: number }).n);
      });
      override handleInfo() {
        this.notes++;
      }
      render() {
        return html`<p id="inner-text" data-serial=${this.serial} phx-hook="Line">inner ${this.notes}</p>`;
      }
    }
    class Outer extends WatchedView {
      readonly ledger = ledger;
      isOpen = true;
      notes = 0;
      toggle = this.event(() => {
        this.isOpen = !this.isOpen;
      });
      note = this.event((payload) => {
        this.notes++;
        return this.ran((payload as { n: number }).n);
      });
      render() {
        return html`<div id="root" data-serial=${this.serial} phx-hook="Line"><b>${this.notes}</b>
          <button id="toggle" phx-click=${this.toggle}>Toggle</button>
          ${this.isOpen && html`<${Inner} id="inner" />`}</div>`;
      }
    }
    return {
      views: { "/": Outer },
      act(page, _n, random) {
        const kind = random.between(0, 6);
        if (kind < 2) page.click("#toggle");
        else if (kind < 4) ledger.ask(page, "root", "note");
        else if (kind < 6) ledger.ask(page, "inner-text", "note");
        else for (const view of ledger.all(Inner)) view.send("note");
      },
      check(page, tally) {
        const outer = ledger.shown(Outer, page.attribute("#root", "data-serial"));
        const inner = ledger.shown(Inner, page.attribute("#inner-text", "data-serial"));
        const { asked, ran } = ledger;
        const problems = [
          ...same("the outer view", page.text("b"), String(outer?.notes)),
          ...same("the inner view is there", page.find("#inner") !== null, outer?.isOpen),
          ...same("the inner view", page.text("#inner-text"), outer?.isOpen ? `inner ${inner?.notes}` : ""),
        ];
        // Events are ordered within each view only, and a closed view answers no more.
        const isGone = (n: number) => asked.some((each) => each.n === n && each.state === "rejected");
        const order = [...ran].filter((n) => !isGone(n)).sort((a, b) => a - b);
        const own = { ...ledger, ran: order, asked: asked.filter(({ n }) => !isGone(n)) };
        return [...problems, ...checkEvents(Object.assign(Object.create(ledger), own), tally)];
      },
    };
  },
};
