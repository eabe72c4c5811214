/** Results as rows, and rows as a Markdown table. */

/** One line of the results. */
export interface Row {
  readonly what: string;
  readonly ours: string;
  /** The ceiling or peer of the same run, with its figure. */
  readonly beside?: string;
  readonly ratio?: string;
  readonly goal?: Goal;
}

/** The goal. */
export interface Goal {
  readonly text: string;
  readonly met: boolean;
}

export const atLeast = (figure: number, wanted: number, unit = ""): Goal => ({
  text: `≥ ${wanted}${unit}`,
  met: figure >= wanted,
});

export const atMost = (figure: number, wanted: number, unit = ""): Goal => ({
  text: `≤ ${wanted}${unit}`,
  met: figure <= wanted,
});

/** A figure with three digits that mean something. */
export function digits(figure: number): string {
  const places = Math.abs(figure) >= 100 ? 0 : Math.abs(figure) >= 10 ? 1 : Math.abs(figure) >= 1 ? 2 : 3;
  return figure.toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places });
}

const heads = ["measure", "Overwire", "beside it", "ratio", "goal", "met"] as const;

export function markdown(rows: readonly Row[]): string {
  const cells = rows.map(({ what, ours, beside = "", ratio = "", goal }) => [
    what,
    ours,
    beside,
    ratio,
    goal?.text ?? "",
    goal ? (goal.met ? "yes" : "**no**") : "",
  ]);
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(heads), line(widths.map((width) => "-".repeat(width))), ...cells.map(line)].join("\n");
}
