/** The player: a nested view that outlives navigation. Its audio element is never replaced. */
import { html, LiveView } from "@overwire/server";
import { z } from "zod";
import { type Track, tracks } from "./tracks.ts";

export class Player extends LiveView {
  playing: Track | undefined;
  /** Counts what was played on this visit; it would start again if the player did. */
  played = 0;

  play = this.event(z.object({ id: z.number() }), ({ id }) => {
    const track = tracks.find((track) => track.id === id);
    if (!track) return;
    this.playing = track;
    this.played++;
  });

  stop = this.event(() => {
    this.playing = undefined;
  });

  render() {
    const { playing: track, played } = this;
    return html`
      <section class="player card" aria-label="Player">
        <p role="status">${track ? html`<strong>${track.title}</strong> <small>${track.album}</small>` : "Nothing plays. Choose a track."}</p>
        ${
          track &&
          html`
            <audio id="audio" src="/music/tracks/${track.id}.wav" controls autoplay loop></audio>
            <button phx-click=${this.stop}>Stop</button>`
        }
        <small class="played">${played} played</small>
      </section>`;
  }
}
