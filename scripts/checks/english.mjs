// Counts habits of language that CONTRIBUTING.md rules out in comments, names of tests and guides: openings
// without a noun (`headless`), `where` for a condition, and vague words for the user and the author (`user`).
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The most of each kind that may be left: the words have other uses, which a pattern cannot tell apart. */
const LIMITS = { headless: 3, where: 4, user: 1 };

const HEADLESS = /^(?:what|whether|where|which|how|who|whoever|whose)\b(?!.*\?)/i;
const HEADLESS_RESULT = /@returns (?:what|whether|where|which|how|who)\b/;
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
      const content = own.replace(/\*?\/$|\*\/.*$/, "").trim();
      const isOpening = block === undefined || block === "" || TAG.test(content);
      yield { line: at + 1, text: content.replace(TAG, ""), opens: isOpening && content !== "" };
      block = line.includes("*/") ? undefined : content;
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

/**
 * Prose of a guide by its sentences; a heading, an item of a list and a cell of a table begin one too. Code is left out.
 */
export function* proseOfGuide(text) {
  let isCode = false;
  let paragraph = [];
  const blocks = [];
  const end = () => {
    if (paragraph.length > 0) blocks.push(paragraph);
    paragraph = [];
  };
  for (const [at, line] of text.split("\n").entries()) {
    if (/^\s*(```|~~~)/.test(line)) isCode = !isCode;
    if (isCode || /^ {4}\S/.test(line) || /^\s*(```|~~~)?$/.test(line)) end();
    else if (line.startsWith("|")) {
      end();
      for (const cell of line.split(/(?<!\\)\|/)) blocks.push([{ line: at + 1, text: cell }]);
    } else {
      if (/^\s*(#|[-*] |\d+\. )/.test(line)) end();
      paragraph.push({ line: at + 1, text: line.replace(/^\s*(#+|[-*]|\d+\.) /, "") });
      if (line.startsWith("#")) end();
    }
  }
  end();
  for (const lines of blocks) {
    const starts = [];
    let joined = "";
    for (const { line, text: part } of lines) {
      starts.push({ line, at: joined.length });
      joined += `${part.trim()} `;
    }
    let at = 0;
    for (const sentence of joined.split(/(?<=[.!?:]\*{0,2}) +(?=[A-Z*`"[])/)) {
      const { line } = starts.findLast((start) => start.at <= at) ?? { line: 0 };
      const plain = sentence.trim().replace(/^\*+|^\d+\. /, "");
      if (plain !== "") yield { line, text: plain, opens: true };
      at = joined.indexOf(sentence, at) + sentence.length + 1;
    }
  }
}

/** @returns kind and line of each habit in a text's prose */
export function* habitsIn(prose) {
  for (const { line, text, opens } of prose) {
    const isHeadless = (opens && HEADLESS.test(text)) || HEADLESS_RESULT.test(text);
    if (isHeadless) yield { kind: "headless", line, text };
    const plain = text.replace(/`[^`]*`|\$\{[^}]*\}|\*\w+\*/g, "").replace(/"[^"]*"/g, "");
    if (/\bwhere\b/i.test(plain) && !PLACES.test(plain) && !isHeadless) yield { kind: "where", line, text };
    if (PEOPLE.test(plain)) yield { kind: "user", line, text };
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const folders = ["packages", "examples", "bench", "stress", "scripts", "docs"];
  const files = folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name)),
    )
    .filter(
      (name) =>
        /\.(ts|mjs|md)$/.test(name) &&
        !/node_modules|dist|english\.test|server[\\/]docs|morphdom\.ts$/.test(name),
    );
  const counts = { headless: 0, where: 0, user: 0 };
  const found = [];
  for (const file of [...files, "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]) {
    const text = readFileSync(join(root, file), "utf8");
    for (const { kind, line, text: prose } of habitsIn(
      file.endsWith(".md") ? proseOfGuide(text) : proseOf(text),
    )) {
      counts[kind]++;
      found.push({ kind, message: `${file}:${line} ${kind}: ${prose}` });
    }
  }
  const isOver = ({ kind }) => counts[kind] > LIMITS[kind];
  for (const { message } of process.argv.includes("--all") ? found : found.filter(isOver))
    console.error(message);
  const shown = Object.entries(counts).map(([kind, count]) => `${count} ${kind} (limit ${LIMITS[kind]})`);
  console.log(`english: ${shown.join(", ")}`);
  process.exitCode = found.some(isOver) ? 1 : 0;
}
