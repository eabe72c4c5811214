/** A drawing board: who is at it is a view, by presence; the cursors and strokes travel by a channel, from page to page. */
import { each, html, LiveView, type PresenceEntry } from "@overwire/server";
import { z } from "zod";
import {
  HEIGHT,
  ink,
  inks,
  LONGEST_NAME,
  type Meta,
  newcomer,
  newPainter,
  painters,
  ticketOf,
  WIDTH,
} from "./board-store.ts";

const Dot = ({ color }: { readonly color: string }) => html`
  <svg viewBox="0 0 10 10" width="14" height="14" aria-hidden="true"><circle cx="5" cy="5" r="4.5" fill=${color}></circle></svg>`;

export class Board extends LiveView {
  readonly painter = newPainter();
  people = this.present(painters);
  meta = newcomer(this.people.list().flatMap(({ metas }) => metas));
  private me = this.track(painters, this.painter, this.meta);

  change = this.event(
    z.object({ name: z.string().trim().max(LONGEST_NAME), color: ink }),
    ({ name, color }) => {
      this.meta = { name: name || this.meta.name, color };
      this.me.update(this.meta);
    },
  );

  /** The script asks each time it connects its channel, so a ticket need not live long. */
  ticket = this.event(() => ({ ticket: ticketOf(this.painter) }));

  render() {
    const { name, color } = this.meta;
    return html`
      <section class="card board" aria-label="Drawing board">
        <ul class="painters" aria-label="Who is here">${each(
          this.people.list(),
          ({ key }) => key,
          (entry) => this.person(entry),
        )}</ul>
        <form id="painter" class="row" phx-change=${this.change} phx-submit=${this.change}>
          <input name="name" aria-label="Your name" value=${name} maxlength=${LONGEST_NAME} phx-debounce="300" autocomplete="off">
          <fieldset class="inks">
            <legend>Ink</legend>
            ${inks.map(
              (ink) => html`
                <label title=${ink.name}>
                  <input type="radio" name="color" value=${ink.color} checked=${ink.color === color} aria-label=${ink.name}>
                  <${Dot} color=${ink.color} />
                </label>`,
            )}
          </fieldset>
        </form>
        <div id="board" phx-hook="Board" phx-update="ignore" data-painter=${this.painter} data-color=${color}>
          <div class="paper">
            <canvas width=${WIDTH} height=${HEIGHT} tabindex="0" role="application" aria-label="Paper" aria-describedby="board-keys"></canvas>
            <div class="cursors"></div>
          </div>
          <div class="row">
            <p role="status">Connecting …</p>
            <button type="button" disabled>Clear</button>
          </div>
        </div>
      </section>
      <p class="hint" id="board-keys">
        Draw with a mouse, a pen or a finger; or with the keyboard: arrows move, Space puts the pen down and lifts it.
        <a href="/board" target="_blank">Open a second tab</a> to be two.
      </p>`;
  }

  private person({ key, metas }: PresenceEntry<Meta>) {
    return metas.map(
      ({ name, color }) =>
        html`<li><${Dot} color=${color} /> <span>${name}${key === this.painter && " (you)"}</span></li>`,
    );
  }
}
