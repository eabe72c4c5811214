/** A number and four buttons: state is a field, an event is a field, and a payload has a type. */
import { html, LiveView } from "@overwire/server";
import { z } from "zod";

export class Counter extends LiveView {
  count = 0;

  add = this.event(z.object({ by: z.number().int().min(-100).max(100) }), ({ by }) => {
    this.count += by;
  });

  reset = this.event(() => {
    this.count = 0;
  });

  render() {
    return html`
      <div class="card counter">
        <output class="count">${this.count}</output>
        <div class="buttons">
          <button phx-click=${this.add({ by: -1 })} aria-label="Take one away">−</button>
          <button phx-click=${this.add({ by: 1 })} class="primary" aria-label="Add one">+</button>
          <button phx-click=${this.add({ by: 10 })}>+10</button>
          <button phx-click=${this.reset} disabled=${this.count === 0}>Reset</button>
        </div>
      </div>`;
  }
}
