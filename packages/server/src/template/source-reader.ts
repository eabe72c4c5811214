/** A place that moves through a template's source. */
import { SLOT, TemplateError } from "./errors.ts";

export class SourceReader {
  readonly source: string;
  at = 0;

  constructor(source: string) {
    this.source = source;
  }

  /** Reads what a sticky pattern matches here, if anything. */
  match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  space(): void {
    this.match(/[ \t\n\r\f]+/y);
  }

  /**
   * The author's text up to `end`. If it ends in the beginning of a character reference, the following text
   * would become part of it.
   */
  reference(start: number, end: number): string {
    const text = this.source.slice(start, end);
    if (end < this.source.length && this.source[end] !== SLOT) return text;
    const begun = /&#?\w*$/.exec(text)?.[0];
    if (begun === undefined) return text;
    if (begun !== "&" && this.source[end] === SLOT) {
      this.fail(
        `${begun} would become one character with the value after it. Write ${begun}; for a character, &amp; for an &.`,
        end - begun.length,
      );
    }
    return begun === "&" ? `${text}amp;` : text;
  }

  fail(problem: string, at = this.at): never {
    throw new TemplateError(problem, this.source, at);
  }
}
