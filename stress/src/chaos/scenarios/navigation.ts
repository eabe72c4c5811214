/** Live navigation and patches over lines that break, with a sticky view that stays: no page is loaded. */
import { html, Link, type ViewClass } from "@overwire/server";
import { same } from "../invariants.ts";
import { WatchedView } from "../ledger.ts";
import type { Scenario } from "../scenario.ts";

export const navigation: Scenario = {
  name: "navigation",
  play(ledger) {
    class Player extends WatchedView {
      readonly ledger = ledger;
      notes = 0;
      note = this.event((payload) => {
        this.notes++;
        return this.ran((payload as { n: number }).n);
      });
      render() {
        return html`<i id="player-text" data-serial=${this.serial} phx-hook="Line">${this.notes}</i>`;
      }
    }
    const views: { [path: string]: ViewClass } = {};
    const paths = ["/a", "/b", "/c"];
    for (const path of paths) {
      views[path] = class Place extends WatchedView {
        readonly ledger = ledger;
        override handleInfo(to: unknown) {
          if (String(to).startsWith(path)) this.pushPatch(String(to));
          else this.pushNavigate(String(to));
        }
        render() {
          const { x = "0" } = this.params as { x?: string };
          return html`<div id="root" data-serial=${this.serial}><h1>${path} ${x}</h1>
            ${paths.map((to) => html`<${Link} id=${`to-${to.slice(1)}`} navigate=${to}>${to}<//>`)}
            <${Link} id="next" patch=${`${path}?x=${Number(x) + 1}`}>Next<//>
            ${path !== "/c" && html`<${Player} id="player" sticky />`}</div>`;
        }
      };
    }
    return {
      views,
      path: "/a",
      act(page, n, random) {
        const kind = random.between(0, 8);
        if (kind < 2) page.click(`#to-${random.pick(["a", "b", "c"])}`);
        else if (kind < 4) page.click("#next");
        else if (kind < 6) ledger.ask(page, "player-text", "note");
        else if (kind < 8) page.travel(random.pick([1, -1]));
        // The server redirects the page.
        else {
          const to = `/${random.pick(["a", "b", "c"])}?x=${n}0`;
          for (const view of ledger.alive) if (!(view instanceof Player)) view.send(to);
        }
      },
      check(page) {
        const { pathname, searchParams } = new URL(page.window.location.href);
        const player = ledger.shown(Player, page.attribute("#player-text", "data-serial"));
        return [
          ...same("the page", page.text("h1"), `${pathname} ${searchParams.get("x") ?? "0"}`),
          ...same("the number of views", page.window.document.querySelectorAll("h1").length, 1),
          ...same("the player", page.text("#player-text"), pathname === "/c" ? "" : `${player?.notes}`),
          ...ledger.asked.filter(({ state }) => state === "pending").map(({ n }) => `event ${n} is pending`),
        ];
      },
    };
  },
};
