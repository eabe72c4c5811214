/** A typical page: a form, numbered events, pushed events, a component and a nested view at once. */
import { html, Link, LiveComponent } from "@overwire/server";
import type { CustomEvent, HTMLInputElement } from "happy-dom";
import { checkEvents, same } from "../invariants.ts";
import { type Ledger, ON_PURPOSE, WatchedView } from "../ledger.ts";
import type { Page } from "../page.ts";
import type { Scenario } from "../scenario.ts";

/** An event that a view pushed. */
interface Told {
  readonly serial: number;
  readonly n: number;
}

const innerView = (ledger: Ledger) =>
  class Inner extends WatchedView {
    readonly ledger = ledger;
    ticks = 0;
    override handleInfo() {
      this.ticks++;
    }
    render() {
      return html`<i id="inner-text" data-serial=${this.serial}>${this.ticks}</i>`;
    }
  };

/** Records the events that the views of a page push. */
function hear(page: Page, heard: Told[]): void {
  page.window.addEventListener("phx:told", (event) => {
    heard.push((event as unknown as CustomEvent).detail as Told);
  });
}

const play =
  (crashes: boolean): Scenario["play"] =>
  (ledger) => {
    class Counter extends LiveComponent<{ view: Mixed }> {
      clicks = 0;
      click = this.event(() => {
        this.clicks++;
        this.props.view.clicks++;
      });
      render() {
        return html`<button id="click" phx-click=${this.click}>${this.clicks}</button>`;
      }
    }
    const Inner = innerView(ledger);
    class Mixed extends WatchedView {
      readonly ledger = ledger;
      name = "";
      clicks = 0;
      told = 0;
      last = 0;
      change = this.event((payload) => {
        ({ name: this.name } = payload as { name: string });
      });
      note = this.event((payload) => {
        ({ n: this.last } = payload as { n: number });
        this.pushEvent("told", { serial: this.serial, n: ++this.told });
        return this.ran(this.last);
      });
      crash = this.event((payload) => {
        this.ran((payload as { n: number }).n);
        throw new Error(`crashed ${ON_PURPOSE}`);
      });
      override handleInfo() {
        this.pushEvent("told", { serial: this.serial, n: ++this.told });
      }
      render() {
        const { x = "0" } = this.params as { x?: string };
        return html`<div id="root" data-serial=${this.serial} phx-hook="Line"><b>${x} ${this.clicks} ${this.last}</b>
          <form id="form" phx-change=${this.change}><input name="name" value=${this.name}></form>
          <${Counter} id="counter" view=${this} /> <${Inner} id="inner" />
          <${Link} id="next" patch=${`/?x=${Number(x) + 1}`}>Next<//></div>`;
      }
    }
    const heard: Told[] = [];
    let listening: Page | undefined;
    return {
      views: { "/": Mixed },
      act(page, n, random) {
        if (listening !== page) {
          listening = page;
          hear(page, heard);
        }
        const kind = random.between(0, 9);
        if (crashes && random.chance(0.1)) ledger.ask(page, "root", "crash");
        else if (kind < 3) ledger.ask(page, "root", "note");
        else if (kind < 5) page.type("[name=name]", `${n} `);
        else if (kind < 7) page.click("#click");
        // While a view that has crashed waits for its next try, a link loads the page.
        else if (kind === 7 && !crashes) page.click("#next");
        else for (const view of [...ledger.all(Mixed), ...ledger.all(Inner)]) view.send("tick");
      },
      check(page, tally) {
        const view = ledger.shown(Mixed, page.attribute("#root", "data-serial"));
        const inner = ledger.shown(Inner, page.attribute("#inner-text", "data-serial"));
        const x = new URL(page.window.location.href).searchParams.get("x") ?? "0";
        const own = heard.filter(({ serial }) => serial === view?.serial).map(({ n }) => n);
        return [
          ...same("the text", page.text("b"), `${x} ${view?.clicks} ${view?.last}`),
          ...same("the component", page.text("#click"), String(view?.clicks)),
          ...same("the nested view", page.text("#inner-text"), String(inner?.ticks)),
          ...same("the form", view?.name, (page.find("[name=name]") as HTMLInputElement).value),
          ...same(
            "the pushed events",
            own,
            Array.from({ length: view?.told ?? 0 }, (_, at) => at + 1),
          ),
          ...checkEvents(ledger, tally),
        ];
      },
    };
  };

export const mixed: Scenario = { name: "mixed", play: play(false) };

/** The same with views that crash and a server that is restarted: the typed text is kept nevertheless. */
export const restarts: Scenario = { name: "restarts", restarts: true, play: play(true) };
