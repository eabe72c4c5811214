/** Errors in templates: what is wrong, where, and what to write instead. */

/** Between the strings of a template, where it is shown to a person. */
const SLOT = "${…}";

/** A template that cannot be right, or a value that cannot stand where it was put. */
export class TemplateError extends Error {
  constructor(problem: string, strings: readonly string[], at: number) {
    super(`${problem}\n\n${showPlace(strings, at)}\n`);
    this.name = "TemplateError";
  }
}

/** A value that cannot stand where it was put; the slot adds where that is. */
export class BadValue extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = "TemplateError";
  }
}

/** Shows a place in a template with a caret under it. `at` counts characters, each slot as one. */
function showPlace(strings: readonly string[], at: number): string {
  let text = "";
  let caret = 0;
  let rest = at;
  strings.forEach((part, index) => {
    if (index) {
      if (rest >= 0) caret = text.length;
      text += SLOT;
      rest--;
    }
    if (rest >= 0) caret = text.length + Math.min(rest, part.length);
    text += part;
    rest -= part.length;
  });
  const start = text.lastIndexOf("\n", caret - 1) + 1;
  const end = text.indexOf("\n", caret);
  const before = text.slice(0, start).split("\n").slice(-3, -1);
  const line = text.slice(start, end < 0 ? undefined : end);
  const shown = line.length > 160 ? start + Math.max(0, caret - start - 80) : start;
  const cut = line.slice(shown - start, shown - start + 160);
  return [...before, cut, `${" ".repeat(caret - shown)}^`].map((each) => `  ${each}`).join("\n");
}
