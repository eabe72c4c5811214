/** The time, pushed by the server every second. The hands of the clock are SVG attributes. */
import { each, html, LiveView } from "@overwire/server";

const cities = [
  { name: "San Francisco", zone: "America/Los_Angeles" },
  { name: "New York", zone: "America/New_York" },
  { name: "London", zone: "Europe/London" },
  { name: "Tokyo", zone: "Asia/Tokyo" },
].map(({ name, zone }) => ({
  name,
  format: new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone }),
}));

const minutes = Array.from({ length: 60 }, (_, minute) => minute);

export class Clock extends LiveView {
  now = new Date();
  running = true;

  mount() {
    // Ends with the view by itself.
    this.setInterval(() => this.tick(), 1000);
  }

  toggle = this.event(() => {
    this.running = !this.running;
    this.tick();
  });

  private tick() {
    if (this.running) this.now = new Date();
  }

  render() {
    const time = this.now.toISOString().slice(11, 19);
    const [hours = 0, mins = 0, seconds = 0] = time.split(":").map(Number);
    return html`
      <div class="card clock">
        <svg viewBox="-50 -50 100 100" aria-hidden="true">
          <circle class="face" r="48" />
          ${minutes.map((minute) => html`<line class="tick" y1="-44" y2="-41" transform="rotate(${minute * 6})" />`)}
          <line class="hours" y2="-24" transform="rotate(${hours * 30 + mins / 2})" />
          <line class="minutes" y2="-36" transform="rotate(${mins * 6 + seconds / 10})" />
          <line class="seconds" y1="8" y2="-39" transform="rotate(${seconds * 6})" />
          <circle class="pin" r="2" />
        </svg>
        <p class="time"><time datetime="${time}Z">${time}</time> <small>UTC</small></p>
        <dl class="cities">
          ${each(
            cities,
            (city) => city.name,
            (city) => html`<div><dt>${city.name}</dt><dd>${city.format.format(this.now)}</dd></div>`,
          )}
        </dl>
        <button phx-click=${this.toggle}>${this.running ? "Pause" : "Go on"}</button>
      </div>`;
  }
}
