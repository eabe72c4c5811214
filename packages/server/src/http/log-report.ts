/** The default report: a line on the console, and of an error its stack. */
import { inspect } from "node:util";
import { Redactor } from "../runtime/redact.ts";
import type { Report } from "../runtime/services.ts";

// Line ends, terminal sequences and characters that change the direction of a line.
const unsafe = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const MOST_CHARACTERS = 1000;
/** Characters of an error with its stack and causes. */
const MOST_OF_ERROR = 10_000;

// Names of events come from clients: no line of the log may be made by one.
const printable = (text: string) => text.replace(unsafe, " ").slice(0, MOST_CHARACTERS);

const escaped = (character: string) =>
  character === "\t" ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** One readable line, with view and event. */
export function formatReport({ kind, message, view, event }: Report): string {
  const place = [view, event].filter(Boolean).join(" · ");
  return printable(`[overwire] ${kind}${place && ` in ${place}`}: ${message}`);
}

/** An error with its stack and causes, indented: no line of a message can pass for a line of the log. */
export function formatError(error: unknown): string {
  return redactor
    .text(textOf(error))
    .slice(0, MOST_OF_ERROR)
    .split(/\r?\n/)
    .map((line) => `    ${line.replace(unsafe, escaped)}`)
    .join("\n");
}

/** For reports that come by no app, and for texts that classes make of themselves. */
const redactor = new Redactor();

function textOf(error: unknown): string {
  try {
    return inspect(error, { depth: 2, maxStringLength: MOST_OF_ERROR, breakLength: Infinity });
  } catch {
    return "an error that cannot be shown";
  }
}

/** Prints a report. */
export function logReport(report: Report): void {
  const line = formatReport(report);
  console.error(report.error === undefined ? line : `${line}\n${formatError(report.error)}`);
}
