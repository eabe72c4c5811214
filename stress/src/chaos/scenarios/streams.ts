/** A stream with several writers: the page shows its items, in their order. */
import { html } from "@overwire/server";
import { same } from "../invariants.ts";
import { WatchedView } from "../ledger.ts";
import type { Scenario } from "../scenario.ts";

interface Item {
  readonly id: number;
  readonly text: string;
}

export const streams: Scenario = {
  name: "streams",
  play(ledger) {
    let items: Item[] = [1, 2, 3].map((id) => ({ id, text: `item ${id}` }));
    type Change = (view: Streams) => void;
    class Streams extends WatchedView {
      readonly ledger = ledger;
      items = this.stream<Item>();
      override mount() {
        super.mount();
        this.items.insertMany(items);
      }
      override handleInfo(change: unknown) {
        (change as Change)(this);
      }
      render() {
        return html`<div id="root" data-serial=${this.serial} phx-hook="Line"><ul phx-update="stream">${this.items.each(
          (id, { text }) => html`<li id=${id}>${text}</li>`,
        )}</ul></div>`;
      }
    }
    return {
      views: { "/": Streams },
      act(_page, n, random) {
        const change = (next: Item[], tell: Change) => {
          items = next;
          for (const view of ledger.all(Streams)) view.send(tell);
        };
        const item = { id: n + 10, text: `item ${n}` };
        const [first] = items;
        const kind = random.between(0, 9);
        if (kind < 3) change([...items, item], (view) => view.items.insert(item));
        else if (kind < 6) change([item, ...items], (view) => view.items.insert(item, { at: 0 }));
        else if (kind === 6) change([item], (view) => view.items.reset([item]));
        else if (first && kind < 9) {
          const gone = random.pick(items);
          change(
            items.filter((each) => each !== gone),
            (view) => view.items.delete(gone),
          );
        } else if (first) {
          const changed = { ...first, text: `${first.text} again` };
          change(
            items.map((each) => (each === first ? changed : each)),
            (view) => view.items.insert(changed),
          );
        }
      },
      check(page) {
        const shown = [...page.window.document.querySelectorAll("li")].map((li) => [li.id, li.textContent]);
        return same(
          "the items",
          shown,
          items.map(({ id, text }) => [`items-${id}`, text]),
        );
      },
    };
  },
};
