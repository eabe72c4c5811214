/** A chart library of the page in a hook: the server sends points, the library draws, and a click comes back as an event. */
import { each, html, LiveView } from "@overwire/server";
import { z } from "zod";
import { HISTORY, measure, type Point } from "./traffic.ts";

interface Mark extends Point {
  readonly id: number;
}

/** A user marks remarkable points, but a page has an end. */
const MOST = 8;

const clock = (at: number) => new Date(at * 1000).toISOString().slice(11, 19);

export class Charts extends LiveView {
  points: readonly Point[] = [];
  marks: readonly Mark[] = [];
  running = true;
  asTable = false;
  nextId = 1;

  mount() {
    const now = Math.floor(Date.now() / 1000);
    this.points = Array.from({ length: HISTORY }, (_, index) => measure(now - HISTORY + index));
    this.setInterval(() => this.tick(), 1000);
  }

  private get latest(): Point {
    return this.points.at(-1) as Point;
  }

  private tick() {
    if (!this.running) return;
    const point = measure(this.latest.at + 1);
    this.points = [...this.points.slice(1), point];
    // Only the new point travels; the library has the others.
    this.pushEvent("point", point);
  }

  /** The hook asks when it starts, and again when it was reconnected: what it draws is not part of the page's HTML. */
  load = this.event(() => ({ points: this.points }));

  mark = this.event(z.object({ at: z.number().int() }), ({ at }) => {
    const point = this.points.find((point) => point.at === at);
    if (point && !this.marks.some((mark) => mark.at === at))
      this.marks = [...this.marks, { id: this.nextId++, ...point }].slice(-MOST);
  });

  remove = this.event(z.object({ id: z.number() }), ({ id }) => {
    this.marks = this.marks.filter((mark) => mark.id !== id);
  });

  toggle = this.event(() => {
    this.running = !this.running;
  });

  /** The element of the hook comes and goes, and its chart with it. */
  show = this.event(z.object({ table: z.boolean() }), ({ table }) => {
    this.asTable = table;
  });

  render() {
    return html`
      <div class="card chart">
        ${this.asTable ? this.table() : html`<div id="chart" phx-hook="Chart" phx-update="ignore" role="img" aria-label="Requests a second in the last minute"></div>`}
        <div class="row">
          <button phx-click=${this.toggle}>${this.running ? "Pause" : "Go on"}</button>
          <button phx-click=${this.show({ table: !this.asTable })}>${this.asTable ? "Show as a chart" : "Show as a table"}</button>
          <button phx-click=${this.mark({ at: this.latest.at })}>Mark the latest</button>
          <p><strong>${this.latest.requests}</strong> requests a second</p>
        </div>
      </div>
      <section class="card marks" aria-labelledby="marks">
        <h2 id="marks">Marked</h2>
        ${!this.marks.length && html`<p>Click a point of the chart to keep it here.</p>`}
        <ul>
          ${each(
            this.marks,
            ({ id }) => id,
            ({ id, at, requests }) => html`
              <li>
                <time datetime="${clock(at)}Z">${clock(at)}</time> <span>${requests} requests</span>
                <button class="quiet" phx-click=${this.remove({ id })} aria-label="Remove the mark of ${clock(at)}">✕</button>
              </li>`,
          )}
        </ul>
      </section>`;
  }

  private table() {
    return html`
      <div class="points" tabindex="0" role="region" aria-label="Requests a second in the last minute">
        <table>
          <thead><tr><th scope="col">Time</th><th scope="col">Requests</th></tr></thead>
          <tbody>
            ${each(
              [...this.points].reverse(),
              ({ at }) => at,
              ({ at, requests }) => html`<tr><td>${clock(at)}</td><td>${requests}</td></tr>`,
            )}
          </tbody>
        </table>
      </div>`;
  }
}
