/** Live components in a list that changes: each has its own state, and shows it. */
import { each, html, LiveComponent } from "@overwire/server";
import { checkEvents, same } from "../invariants.ts";
import { WatchedView } from "../ledger.ts";
import type { Scenario } from "../scenario.ts";

export const components: Scenario = {
  name: "components",
  play(ledger) {
    class Row extends LiveComponent<{ view: Components; label: number; told?: number }> {
      clicks = 0;
      click = this.event(() => {
        this.clicks++;
      });
      override mount() {
        this.props.view.rows.set(this.id, this);
      }
      override terminate() {
        this.props.view.rows.delete(this.id);
      }
      get text() {
        return `${this.id} ${this.props.label} ${this.props.told ?? 0} ${this.clicks}`;
      }
      render() {
        return html`<li id=${this.id}><button phx-click=${this.click}>${this.text}</button></li>`;
      }
    }
    class Components extends WatchedView {
      readonly ledger = ledger;
      readonly rows = new Map<string, Row>();
      ids = ["row-1", "row-2", "row-3"];
      label = 0;
      note = this.event((payload) => {
        this.label++;
        return this.ran((payload as { n: number }).n);
      });
      override handleInfo(change: unknown) {
        (change as (view: Components) => void)(this);
      }
      render() {
        return html`<div id="root" data-serial=${this.serial} phx-hook="Line"><ul>${each(
          this.ids,
          (id) => id,
          (id) => html`<${Row} id=${id} view=${this} label=${this.label} />`,
        )}</ul></div>`;
      }
    }
    return {
      views: { "/": Components },
      act(page, n, random) {
        const change = (tell: (view: Components) => void) => {
          for (const view of ledger.all(Components)) view.send(tell);
        };
        const at = random.between(0, 5);
        const kind = random.between(0, 4);
        if (kind === 0) ledger.ask(page, "root", "note");
        else if (kind === 1) page.click(`li:nth-child(${1 + (at % 3)}) button`);
        else if (kind === 2) change((view) => view.ids.splice(at % (view.ids.length + 1), 0, `row-new-${n}`));
        else if (kind === 3) change((view) => view.ids.splice(at % view.ids.length, 1));
        else {
          change((view) => {
            const [id] = view.ids;
            if (id) view.sendUpdate(Row, { id, told: n });
          });
        }
      },
      check(page, tally) {
        const view = ledger.shown(Components, page.attribute("#root", "data-serial"));
        const shown = [...page.window.document.querySelectorAll("li")].map((li) => li.textContent);
        const right = view?.ids.map((id) => view.rows.get(id)?.text);
        return [...checkEvents(ledger, tally), ...same("the rows", shown, right)];
      },
    };
  },
};
