/** A dashboard whose panels load by themselves: each shows what it has as soon as it has it, and a failure is one panel's. */
import { html, LiveView } from "@overwire/server";
import { z } from "zod";
import { type Period, periods, sources } from "./dashboard-sources.ts";
import { Panel } from "./panel.ts";

export class Dashboard extends LiveView {
  period: Period = "week";

  show = this.event(z.object({ period: z.enum(periods) }), ({ period }) => {
    this.period = period;
  });

  render() {
    return html`
      <div class="dashboard">
        <div class="segments" role="group" aria-label="Period">
          ${periods.map(
            (period) =>
              html`<button phx-click=${this.show({ period })} aria-pressed=${String(period === this.period)}>${period}</button>`,
          )}
        </div>
        <div class="panels">
          ${sources.map((source) => html`<${Panel} id=${source.id} source=${source} period=${this.period} />`)}
        </div>
      </div>`;
  }
}
