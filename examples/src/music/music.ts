/** Tabs that are views of their own, and a player that goes on while the user moves between them. */
import { type Child, each, html, JS, Link, LiveView } from "@overwire/server";
import { Player } from "./player.ts";
import { type Track, tracks } from "./tracks.ts";

const tabs = [
  { path: "/music", name: "Tracks" },
  { path: "/music/albums", name: "Albums" },
  { path: "/music/about", name: "About" },
];

/** Common base of the views: the current tab, and the player, which is sticky and so always the same one. */
const Frame = ({ path, children }: { path: string; children?: Child }) => html`
  <nav class="tabs" aria-label="Music">
    ${tabs.map((tab) => html`<${Link} navigate=${tab.path} aria-current=${tab.path === path && "page"}>${tab.name}<//>`)}
  </nav>
  <section class="card music">${children}</section>
  <${Player} id="player" sticky />`;

/** The player's event, from outside of it: the selector says whose it is. */
const play = (id: number) => JS.push("play", { target: "#player .player", value: { id } });

const TrackList = ({ of }: { of: readonly Track[] }) => html`
  <ul class="tracks">
    ${each(
      of,
      ({ id }) => id,
      ({ id, title, album }) => html`
        <li><button phx-click=${play(id)} aria-label="Play ${title}">▶</button> <span>${title}</span> <small>${album}</small></li>`,
    )}
  </ul>`;

export class Tracks extends LiveView {
  render() {
    return html`
      <${Frame} path="/music">
        <h2>Tracks</h2>
        <${TrackList} of=${tracks} />
      <//>`;
  }
}

export class Albums extends LiveView {
  render() {
    const albums = [...new Set(tracks.map(({ album }) => album))];
    return html`
      <${Frame} path="/music/albums">
        ${albums.map(
          (album) =>
            html`<h2>${album}</h2> <${TrackList} of=${tracks.filter((track) => track.album === album)} />`,
        )}
      <//>`;
  }
}

export class About extends LiveView {
  render() {
    return html`
      <${Frame} path="/music/about">
        <h2>About</h2>
        <p>Each tab is a view with its own address; going from one to the other is one message over the socket that is open
          already. The player is a nested view that is sticky: its process and its element stay, so the music does too.</p>
      <//>`;
  }
}
