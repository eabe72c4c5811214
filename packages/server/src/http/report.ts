/** Where trouble is told if the app says nothing else: on the console. */
import type { Report } from "../process/services.ts";

// Names of events come from clients: no line of the log may be made by one.
const printable = (text: string) => text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]/g, " ").slice(0, 1000);

/** One readable line, with view and event; of a crash also where it was thrown. */
export function formatReport({ kind, message, view, event }: Report): string {
  const place = [view, event].filter(Boolean).join(" · ");
  return printable(`[overwire] ${kind}${place && ` in ${place}`}: ${message}`);
}

/** Prints a report. */
export function logReport(report: Report): void {
  if (report.error === undefined) console.error(formatReport(report));
  else console.error(formatReport(report), report.error);
}
