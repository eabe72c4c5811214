/** Errors in templates: what is wrong, where, and what to write instead. */

/** Stands for a slot in a template's source, its strings joined. The strings themselves are cleaned of it. */
export const SLOT = "\0";

/** How a slot is shown to a person. */
const SHOWN = "${…}";
const LINES_BEFORE = 2;
const WIDTH = 120;

/** A template that cannot be right, or a value that cannot stand where it was put. The message shows the place. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";

  /** @param at position in `source` */
  constructor(problem: string, source?: string, at = 0) {
    super(source === undefined ? problem : `${problem}\n\n${showPlace(source, at)}\n`);
  }
}

/** A value that cannot stand where it was put, thrown by who does not know where that is. */
export class BadValue extends Error {
  /** Position in the template's source, if it is another one than the slot's. */
  at: number | undefined;
}

/** The line with a caret under the place, and those before it. */
function showPlace(source: string, at: number): string {
  const start = source.lastIndexOf("\n", at - 1) + 1;
  const end = source.indexOf("\n", at);
  const before = source
    .slice(0, start)
    .replace(/^\s*\n/, "")
    .split("\n")
    .slice(0, -1);
  const line = source.slice(start, end < 0 ? undefined : end);
  const lines = [
    ...before.slice(-LINES_BEFORE),
    line,
    `${visible(source.slice(start, at)).replace(/\S/g, " ")}^`,
  ];
  const shown = lines.map(visible);
  const indents = shown.filter((each) => each.trim()).map((each) => each.search(/\S/));
  const margin = Math.min(...indents);
  const caret = (shown.at(-1) as string).length - 1;
  const from = caret > WIDTH ? caret - WIDTH / 2 : margin;
  return shown.map((each) => `  ${each.slice(from, from + WIDTH)}`.trimEnd()).join("\n");
}

const visible = (text: string) => text.replaceAll(SLOT, SHOWN).replaceAll("\t", "  ").replaceAll("\r", "");
