// Counts habits of language that CONTRIBUTING.md rules out, in comments, names of tests, errors and headings, and holds their number.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The most of each kind that may be left in the repository. */
const LIMITS = { headless: 0, where: 0, user: 0 };

const HEADLESS = /^(?:what|whether|where|which|how|who|whoever|whose)\b(?!.*\?)/i;
/** A headless clause after a tag or the name of a parameter. */
const TAG = /^@(?:returns|param \S+|template \S+|throws \S+)\s+/;
const PEOPLE = /\b(?:person|persons|people|nobody|somebody|anybody|whoever)\b/i;
/** Places, not conditions: "the line where the loop ends", "says where to go on". */
const PLACES =
  /\b(?:says?|tells?|told|knows?|known|finds?|found|sees?|shows?|decides?|remembers?|of|from|to|and|or|but|just|exactly|only|place|places|point|position|line|page|file|folder|URL|element|node|index|is|it|matters?|not|names?) where\b|\bwhere to\b/i;

/** Text of a source file that is prose: its comments by their first lines, and the names of its tests. */
export function* proseOf(text) {
  const lines = text.split("\n");
  let block;
  for (const [at, line] of lines.entries()) {
    const started = block === undefined && /^\s*(?:\/\*\*?|\{\/\*)\s?(.*)$/.exec(line);
    const inBlock = block !== undefined && /^\s*\*?\s?(.*)$/.exec(line);
    const own = (started || inBlock)?.[1];
    if (own !== undefined) {
      const content = own.replace(/\*\/.*$/, "").trim();
      const isOpening = block === undefined || block === "" || TAG.test(content);
      yield { line: at + 1, text: content.replace(TAG, ""), opens: isOpening && content !== "" };
      block = own.includes("*/") ? undefined : content;
      if (content === "" && block !== undefined) block = "";
      continue;
    }
    const comment = /(?:^|[\s;,{(])\/\/ ?(.*)$/.exec(line);
    if (comment && !/https?:$/.test(line.slice(0, comment.index + 1))) {
      const before = lines[at - 1] ?? "";
      const continues = /^\s*\/\//.test(before) && /^\s*\/\//.test(line) && !/[.?!:]$/.test(before.trim());
      yield { line: at + 1, text: comment[1].trim(), opens: !continues };
    }
    for (const [, , name] of line.matchAll(
      /\b(?:test|it|describe)(?:\.\w+(?:\([^)]*\))?)*\((["'`])((?:(?!\1).)*)\1/g,
    ))
      yield { line: at + 1, text: name, opens: true, isName: true };
    const name = /^\s*\]\)\((["'`])((?:(?!\1).)*)\1/.exec(line)?.[2];
    if (name) yield { line: at + 1, text: name, opens: true, isName: true };
  }
}

/** Prose of a guide: its lines, of which headings open something; code is left out. */
export function* proseOfGuide(text) {
  let isCode = false;
  for (const [at, line] of text.split("\n").entries()) {
    if (/^\s*(```|~~~)/.test(line)) isCode = !isCode;
    else if (!isCode) yield { line: at + 1, text: line.replace(/^#+ /, ""), opens: line.startsWith("#") };
  }
}

/** @returns kind and line of each habit in a text's prose */
export function* habitsIn(prose) {
  for (const { line, text, opens } of prose) {
    if (opens && HEADLESS.test(text)) yield { kind: "headless", line, text };
    const plain = text.replace(/`[^`]*`|\$\{[^}]*\}/g, "").replace(/"[^"]*"/g, "");
    if (/\bwhere\b/i.test(plain) && !PLACES.test(plain) && !(opens && HEADLESS.test(text)))
      yield { kind: "where", line, text };
    if (PEOPLE.test(plain)) yield { kind: "user", line, text };
  }
}
