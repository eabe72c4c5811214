/** A million lines behind infinite scroll: the page holds a window of them, and the server none. */
import { html, LiveView } from "@overwire/server";
import { z } from "zod";
import { COUNT, type Level, type Line, levels, linesBefore, linesFrom } from "./log-lines.ts";

const PAGE = 50;
/** The page never has more: what is far away is taken off the other end. */
const WINDOW = 4 * PAGE;

const count = new Intl.NumberFormat("en-GB");
const clock = new Intl.DateTimeFormat("en-GB", { dateStyle: "short", timeStyle: "medium", timeZone: "UTC" });

const number = z.int().min(1).max(COUNT);
const domId = ({ number }: Line) => `line-${number}`;

/** Number of the line at the end that came into sight. The page tells, so the server keeps no copy. */
const edge = z
  .object({ id: z.string() })
  .transform(({ id }) => Number(id.replace("line-", "")))
  .pipe(number);

export class Logs extends LiveView {
  lines = this.stream<Line>({ domId });
  level: Level | undefined;
  /** The line that the user is near. */
  near = 1;
  /** The line that they asked for. */
  found: number | undefined;

  mount() {
    this.lines.insertMany(linesFrom(1, PAGE));
  }

  above = this.event(edge, (first) => {
    this.near = first;
    this.lines.insertMany(linesBefore(first, PAGE, this.level), { at: 0, limit: WINDOW });
  });

  below = this.event(edge, (last) => {
    this.near = last;
    this.lines.insertMany(linesFrom(last + 1, PAGE, this.level), { limit: -WINDOW });
  });

  jump = this.event(z.object({ number: z.coerce.number().pipe(number) }), ({ number }) => {
    this.found = number;
    this.show(number);
  });

  filter = this.event(z.object({ level: z.enum(levels).optional() }), ({ level }) => {
    this.level = level;
    this.show(this.near);
  });

  /** Begins anew, around a line or the next one of the level. */
  private show(number: number) {
    this.near = number;
    const before = linesBefore(number, PAGE, this.level);
    const after = linesFrom(number, PAGE, this.level);
    this.lines.reset([...before, ...after]);
    const shown = after[0] ?? before.at(-1);
    if (shown) this.pushEvent("show-line", { id: domId(shown) });
  }

  render() {
    return html`
      <div class="row">
        <form id="jump" class="row jump" phx-submit=${this.jump}>
          <input type="number" name="number" aria-label="Line" placeholder="Line" min="1" max=${COUNT} required>
          <button>Go to line</button>
        </form>
        <div class="segments" role="group" aria-label="Level">
          ${[undefined, ...levels].map(
            (level) => html`
              <button phx-click=${this.filter({ level })} aria-pressed=${String(level === this.level)}>${level ?? "all"}</button>`,
          )}
        </div>
      </div>
      <div class="card scroller lines" tabindex="0" role="region" aria-label="Log">
        <ol id="lines" phx-update="stream" phx-viewport-top=${this.above} phx-viewport-bottom=${this.below}>
          ${this.lines.each((id, line) => this.line(id, line))}
        </ol>
      </div>
      <p class="hint" role="status">Near line ${count.format(this.near)} of ${count.format(COUNT)}</p>`;
  }

  private line(id: string, { number, at, level, text }: Line) {
    return html`
      <li id=${id} class=${level} aria-current=${number === this.found && "true"}>
        <span class="number">${count.format(number)}</span>
        <time datetime=${at.toISOString()}>${clock.format(at)}</time>
        <b>${level}</b>
        <span class="text">${text}</span>
      </li>`;
  }
}
