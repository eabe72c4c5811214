/** A panel of the dashboard: loads by itself, says when it could not, and shows what it had while it loads again. */
import { asyncResult, html, LiveComponent } from "@overwire/server";
import { askSource, type Figures, type Period, type Source } from "./dashboard-sources.ts";

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: "UTC" });
const percent = new Intl.NumberFormat("en", {
  style: "percent",
  maximumFractionDigits: 1,
  signDisplay: "exceptZero",
});

const spans: Readonly<Record<Period, string>> = {
  week: "Last 7 days",
  month: "Last 30 days",
  year: "Last 12 months",
};

/** Holds the place of the figures, so that nothing moves when they come. */
const skeleton = html`<div class="skeleton"><p>Loading…</p></div>`;

const Bars = ({ points }: { readonly points: readonly number[] }) => {
  const most = Math.max(...points);
  const bar = (point: number, at: number) => `M${at * 4} 24h3v${(-24 * point) / most}h-3z`;
  return html`
    <svg class="bars" viewBox="0 0 ${points.length * 4 - 1} 24" preserveAspectRatio="none" aria-hidden="true">
      <path d=${points.map(bar).join("")}></path>
    </svg>`;
};

interface PanelProps {
  readonly source: Source;
  readonly period: Period;
}

export class Panel extends LiveComponent<PanelProps> {
  attempts = 0;

  /** Loads once the page is connected. The signal aborts it when the panel goes, or when it loads anew. */
  figures = this.assignAsync((signal) => {
    const { source, period } = this.props;
    this.attempts++;
    return askSource(source, period, { signal, attempt: this.attempts });
  });

  update(previous: PanelProps | undefined) {
    if (previous && previous.period !== this.props.period) this.figures.reload();
  }

  reload = this.event(() => this.figures.reload());

  render() {
    const { loading, failed } = this.figures;
    const { title } = this.props.source;
    const name = `${this.id}-title`;
    // One button for both, so that the keyboard stays on it while the panel changes.
    return html`
      <section class="card panel" aria-labelledby=${name} aria-busy=${String(loading)}>
        <header>
          <h2 id=${name}>${title}</h2>
          <button class=${!failed && "quiet"} phx-click=${this.reload} aria-label="${failed ? "Try again" : "Refresh"}: ${title}">
            ${failed ? "Try again" : "Refresh"}
          </button>
        </header>
        ${failed && html`<p class="problem" role="alert">${title} cannot be reached.</p>`}
        ${asyncResult(this.figures, { loading: skeleton, ok: (figures) => this.figuresOf(figures) })}
      </section>`;
  }

  private figuresOf({ period, total, change, points, at }: Figures) {
    const { unit } = this.props.source;
    return html`
      <div class="figures">
        <p class="total">${new Intl.NumberFormat("en-IE", unit).format(total)}</p>
        <p class="compared"><b class=${change < 0 ? "less" : "more"}>${percent.format(change)}</b> against the ${period} before</p>
        <${Bars} points=${points} />
        <p class="as-of">${spans[period]}, as of <time datetime=${at.toISOString()}>${clock.format(at)}</time> UTC</p>
      </div>`;
  }
}
