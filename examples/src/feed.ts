/** A thousand entries behind infinite scroll: the page holds a window of them, in both directions. */
import { each, html, LiveView } from "@overwire/server";
import { COUNT, type Entry, entry } from "./journal.ts";

const PAGE = 20;
/** The page never has more: what is far away is taken off the other end. */
const WINDOW = 3 * PAGE;

export class Feed extends LiveView {
  first = 0;
  end = PAGE;

  older = this.event(() => this.addOlder());

  /** Who scrolls up faster than the entries come is past all of them, and starts again from the top. */
  newer = this.event(({ _overran }) => this.addNewer(_overran ? this.first : PAGE));

  /** The buttons are for the keyboard, which goes on at the first entry that was not there. */
  showOlder = this.event(() => {
    const next = this.end;
    this.addOlder();
    this.pushEvent("focus", { id: `entry-${next}` });
  });

  showNewer = this.event(() => {
    const next = this.first - 1;
    this.addNewer(PAGE);
    this.pushEvent("focus", { id: `entry-${next}` });
  });

  private addOlder() {
    this.end = Math.min(this.end + PAGE, COUNT);
    this.first = Math.max(this.first, this.end - WINDOW);
  }

  private addNewer(count: number) {
    this.first = Math.max(this.first - count, 0);
    this.end = Math.min(this.end, this.first + WINDOW);
  }

  render() {
    const isFirst = this.first === 0;
    const isLast = this.end === COUNT;
    const entries = Array.from({ length: this.end - this.first }, (_, index) => entry(this.first + index));
    // The gap is room to scroll up into while entries come. It stands beside the list: browsers keep their place
    // when something above it grows or goes, but not when what they are in changes its padding.
    return html`
      ${!isFirst && html`<div id="feed-gap" class="feed-gap"><button phx-click=${this.showNewer}>Show newer entries</button></div>`}
      <ol id="feed" class="feed" start=${this.first + 1} phx-viewport-overrun-target="feed-gap"
        phx-viewport-top=${!isFirst && this.newer} phx-viewport-bottom=${!isLast && this.older}>
        ${each(entries, ({ id }) => id, Item)}
      </ol>
      <p class="feed-end">
        ${isLast ? "This is where it began." : html`<button phx-click=${this.showOlder}>Show older entries</button>`}
      </p>
      <p class="feed-place" role="status">${this.first + 1} to ${this.end} of ${COUNT}</p>`;
  }
}

const Item = ({ id, day, title, text }: Entry) => html`
  <li id="entry-${id}" class="card" tabindex="-1">
    <time datetime=${day}>${day}</time>
    <h2>${title}</h2>
    <p>${text}</p>
  </li>`;
