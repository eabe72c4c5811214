/** Expressions in the slots of a template, read from the author's file: development's warnings name them. */
import { readFileSync } from "node:fs";
import type { CallSite } from "./call-site.ts";
import { SLOT } from "./errors.ts";

/** Templates on a line that are tried, as not every source map knows the column. */
const MOST_TRIES = 20;

/**
 * The expression of a slot as it is written.
 * @param source of the template
 * @param at place of the slot in it
 * @returns undefined if the file cannot be read, or holds another template there
 */
export function expressionAt(source: string, at: number, site: CallSite | undefined): string | undefined {
  const text = site && linesFrom(site);
  if (!text) return undefined;
  const parts = source.split(SLOT);
  const slot = source.slice(0, at).split(SLOT).length - 1;
  for (const from of [Math.max(site.column - 1, 0), 0]) {
    let start = text.indexOf("`", from);
    for (let tries = 0; start >= 0 && tries < MOST_TRIES; tries++) {
      const read = readTemplate(text, start);
      if (read && isSame(read.parts, parts)) return read.expressions[slot]?.trim();
      start = text.indexOf("`", start + 1);
    }
  }
  return undefined;
}

function linesFrom({ file, line }: CallSite): string | undefined {
  try {
    const lines = readFileSync(file, "utf8").split(/\r\n?|\n/);
    return lines.slice(line - 1).join("\n");
  } catch {
    return undefined;
  }
}

/** Escaped characters read otherwise in the file. */
const isSame = (written: readonly string[], parts: readonly string[]) =>
  written.length === parts.length &&
  written.every((part, index) => part.includes("\\") || part === parts[index]);

interface Read {
  readonly parts: readonly string[];
  readonly expressions: readonly string[];
  readonly end: number;
}

/** @param start place of the opening backtick */
function readTemplate(text: string, start: number): Read | undefined {
  const parts: string[] = [];
  const expressions: string[] = [];
  let from = start + 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "`") return { parts: [...parts, text.slice(from, at)], expressions, end: at };
    else if (text.startsWith("${", at)) {
      const end = endOfExpression(text, at + 2);
      if (end === undefined) return undefined;
      parts.push(text.slice(from, at));
      expressions.push(text.slice(at + 2, end));
      at = end;
      from = end + 1;
    }
  }
  return undefined;
}

const SKIPPED = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\*[\s\S]*?\*\/|\/\/[^\n]*/y;

/** Finds the brace that ends an expression. */
function endOfExpression(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    SKIPPED.lastIndex = at;
    const skipped = SKIPPED.exec(text)?.[0];
    const char = text[at];
    if (skipped) at += skipped.length - 1;
    else if (char === "`") {
      const inner = readTemplate(text, at);
      if (!inner) return undefined;
      at = inner.end;
    } else if (char === "{") depth++;
    else if (char === "}" && depth-- === 0) return at;
  }
  return undefined;
}
