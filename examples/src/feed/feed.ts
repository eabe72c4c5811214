/** A thousand entries behind infinite scroll: the page holds a window of them, in both directions. */
import { html, LiveView } from "@overwire/server";
import { z } from "zod";
import { COUNT, type Entry, entries } from "./journal.ts";

const PAGE = 20;
/** The page never has more: what is far away is taken off the other end. */
const WINDOW = 3 * PAGE;

export class Feed extends LiveView {
  entries = this.stream<Entry>({ domId: ({ id }) => `entry-${id}` });
  /** Entries that the page has: from the first to before the end. */
  first = 0;
  end = 0;

  mount() {
    this.addOlder();
  }

  older = this.event(() => this.addOlder());

  /**
   * A user who scrolls up faster than the entries come is past all of them, and starts again from the top.
   */
  newer = this.event(z.object({ _overran: z.boolean().default(false) }), ({ _overran }) => {
    if (_overran) this.startAgain();
    else this.addNewer();
  });

  /** The buttons are for the keyboard, which goes on at the first entry that was not there. */
  showOlder = this.event(() => {
    const next = this.end;
    this.addOlder();
    this.pushEvent("focus", { id: `entry-${next}` });
  });

  showNewer = this.event(() => {
    const next = this.first - 1;
    this.addNewer();
    this.pushEvent("focus", { id: `entry-${next}` });
  });

  private addOlder() {
    const end = Math.min(this.end + PAGE, COUNT);
    this.entries.insertMany(entries(this.end, end), { limit: -WINDOW });
    this.end = end;
    this.first = Math.max(this.first, end - WINDOW);
  }

  private addNewer() {
    const first = Math.max(this.first - PAGE, 0);
    this.entries.insertMany(entries(first, this.first), { at: 0, limit: WINDOW });
    this.first = first;
    this.end = Math.min(this.end, first + WINDOW);
  }

  private startAgain() {
    this.entries.reset(entries(0, WINDOW));
    this.first = 0;
    this.end = WINDOW;
  }

  render() {
    const isFirst = this.first === 0;
    const isLast = this.end === COUNT;
    // The gap is room to scroll up into while entries come. It stands beside the list: browsers keep their place
    // when something above it grows or goes, but not when what they are in changes its padding.
    return html`
      ${!isFirst && html`<div id="feed-gap" class="feed-gap"><button phx-click=${this.showNewer}>Show newer entries</button></div>`}
      <ol id="feed" class="feed" start=${this.first + 1} phx-update="stream" phx-viewport-overrun-target="feed-gap"
        phx-viewport-top=${!isFirst && this.newer} phx-viewport-bottom=${!isLast && this.older}>
        ${this.entries.each(Item)}
      </ol>
      <p class="feed-end">
        ${isLast ? "This is where it began." : html`<button phx-click=${this.showOlder}>Show older entries</button>`}
      </p>
      <p class="feed-place" role="status">${this.first + 1} to ${this.end} of ${COUNT}</p>`;
  }
}

const Item = (id: string, { day, title, text }: Entry) => html`
  <li id=${id} class="card" tabindex="-1">
    <time datetime=${day}>${day}</time>
    <h2>${title}</h2>
    <p>${text}</p>
  </li>`;
