/** A chart of bars, drawn by the server: it needs no script, a change travels as the bars that changed, and a table says the same. */
import { each, html } from "@overwire/server";

export interface Bar {
  /** Such as `29 Nov`. */
  readonly label: string;
  readonly value: number;
}

interface BarChartProps {
  /** Id of the chart, and text above it. */
  readonly id: string;
  readonly title: string;
  /** Head of the column of labels. */
  readonly per: string;
  readonly bars: readonly Bar[];
  readonly format: (value: number) => string;
}

const [WIDTH, HEIGHT] = [600, 150];

export function BarChart({ id, title, per, bars, format }: BarChartProps) {
  const most = Math.max(...bars.map(({ value }) => value), 0);
  const step = WIDTH / bars.length;
  const placed = bars.map((bar, index) => {
    const height = Math.round((bar.value / (most || 1)) * HEIGHT);
    return { ...bar, x: index * step + step * 0.12, y: HEIGHT - height, height };
  });
  return html`
    <figure class="chart">
      <figcaption id="${id}-title">${title} <span class="hint">at most ${format(most)}</span></figcaption>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-labelledby="${id}-title">
        ${each(
          placed,
          ({ label }) => label,
          ({ label, value, x, y, height }) =>
            html`<rect x=${x} y=${y} width=${step * 0.76} height=${height} rx="2"><title>${label}: ${format(value)}</title></rect>`,
        )}
      </svg>
      <p class="axis hint"><span>${bars[0]?.label}</span> <span>${bars.at(-1)?.label}</span></p>
      <details>
        <summary>As a table</summary>
        <div class="scroller" tabindex="0" role="region" aria-labelledby="${id}-title">
          <table>
            <thead><tr><th scope="col">${per}</th><th scope="col" class="number">${title}</th></tr></thead>
            <tbody>${each(
              bars,
              ({ label }) => label,
              ({ label, value }) =>
                html`<tr><th scope="row">${label}</th><td class="number">${format(value)}</td></tr>`,
            )}</tbody>
          </table>
        </div>
      </details>
    </figure>`;
}
