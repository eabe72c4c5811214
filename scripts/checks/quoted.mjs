// Refuses guides and TSDoc whose numbers are not those of the code: limits, defaults of options, sizes of the client.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CLIENT_LIMITS, FUNCTION_LIMIT, LINES_LIMIT } from "./limits.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (file) => readFileSync(join(root, file), "utf8");

const UNITS = { s: 1000, seconds: 1000, days: 24 * 60 * 60 * 1000, KB: 1024, KiB: 1024, MiB: 1024 * 1024 };
/** A number as the guides write it: "1,000", "128 KiB", "30 seconds". */
const QUANTITY = `\\d[\\d,.]*(?: (?:${Object.keys(UNITS).join("|")})\\b)?`;

/** @returns the number that a text begins with, in milliseconds or bytes if it has a unit, otherwise undefined */
export function quantity(text) {
  const [, digits, unit] =
    new RegExp(`^(\\d[\\d,]*(?:\\.\\d+)?)(?: (${Object.keys(UNITS).join("|")})\\b)?`).exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits.replaceAll(",", "")) * (UNITS[unit] ?? 1);
}

/** @returns each number that a text gives for a limit, by its name: in a table's row, or before its name in brackets */
export function* limitsIn(text) {
  for (const [row, names, values] of text.matchAll(/^\| (`\w+`(?:, `\w+`)*) \| ([^|]+) \|/gm)) {
    const list = values.split(/, (?=\d)/);
    for (const [at, name] of names.split(", ").entries())
      if (/^\d/.test(list[at] ?? "")) yield { name: name.slice(1, -1), given: list[at], quote: row };
  }
  const inBrackets = new RegExp(`(${QUANTITY})(?:,| of them,)? ?\\(?\`limits\\.(\\w+)\``, "g");
  for (const [quote, given, name] of text.matchAll(inBrackets)) yield { name, given, quote };
}

/** @returns a line for each number of a text that is not the one of the code */
export function wrongLimits(file, text, limits) {
  const problems = [];
  for (const { name, given, quote } of limitsIn(text)) {
    if (!(name in limits)) continue;
    const value = quantity(given);
    if (value !== limits[name])
      problems.push(`${file} gives ${given} for ${name}, which is ${limits[name]}: ${quote}`);
  }
  return problems;
}

const sources = readdirSync(join(root, "packages"), { recursive: true })
  .map((name) => `packages/${name.replaceAll("\\", "/")}`)
  .filter((name) => /^packages\/\w+\/src\/.*\.ts$/.test(name) && !name.endsWith(".test.ts"));

/** @returns a number of the source file of that name, found by a pattern's first group */
function inSource(file, pattern) {
  const texts = sources.filter((name) => basename(name) === file).map(read);
  const digits = texts.map((text) => pattern.exec(text)?.[1]).find((found) => found !== undefined);
  if (digits === undefined)
    throw new Error(`${file} has no ${pattern}: change scripts/checks/quoted.mjs with it.`);
  return Number(digits.replaceAll("_", ""));
}
const constant = (file, name) => inSource(file, new RegExp(`\\b${name} = ([\\d_]+);`));

/** Places that quote a number of the code: a pattern whose first group is the number. */
const QUOTES = [
  ["README.md", /of (\d+ KB) \(and/, CLIENT_LIMITS.client],
  ["README.md", /\(and (\d+ KB) more/, CLIENT_LIMITS.features],
  ["CONTRIBUTING.md", /stays within (\d+ KB) gzip/, CLIENT_LIMITS.client],
  ["CONTRIBUTING.md", /later within (\d+ KB)/, CLIENT_LIMITS.features],
  ["CONTRIBUTING.md", /file within (\d+)\s+lines/, LINES_LIMIT],
  ["CONTRIBUTING.md", /function within (\d+)/, FUNCTION_LIMIT],
  [
    "docs/app.md",
    /A form or query string may have ([\d,]+) fields/,
    () => constant("query.ts", "MAX_FIELDS"),
  ],
  ["docs/app.md", /a field's name ([\d,]+) characters/, () => constant("used-input.ts", "MAX_NAME")],
  ["docs/app.md", /a query string ([\d,]+) characters/, () => constant("query.ts", "MAX_QUERY")],
  ["docs/app.md", /may have ([\d,]+) characters \(`maxLength`\)/, () => constant("form.ts", "MAX_LENGTH")],
  ["docs/app.md", /form ([\d,]+) \(`maxSize`\)/, () => 4 * constant("form.ts", "MAX_LENGTH")],
  ["docs/app.md", /beyond (\d+ KB) of rules/, () => constant("initial-styles.ts", "MAX_RULES")],
  ["docs/app.md", /feeds itself, by ([\d,]+) messages/, () => constant("message-chain.ts", "LONGEST_CHAIN")],
  ["docs/forms.md", /`maxLength` characters \(([\d,]+)\)/, () => constant("form.ts", "MAX_LENGTH")],
  ["docs/forms.md", /([\d,]+) fields and rows/, () => constant("node.ts", "MAX_NODES")],
  ["docs/connection.md", /than (\d+ KiB) of changes/, () => constant("unacked-stream-changes.ts", "MOST")],
  [
    "docs/connection.md",
    /more than (\d+ KiB); or live/,
    () => constant("unacked-stream-changes.ts", "MOST_AT_FIRST"),
  ],
  ["docs/deployment.md", /server stops, default ([\d,]+) \|/, () => constant("serve.ts", "DEADLINE")],
  [
    "docs/presence.md",
    /have at most\s+([\d,]+) characters together/,
    () => 1024 * inSource("meta-copy.ts", /MOST_CHARACTERS = (\d+) \* 1024/),
  ],
  ["docs/presence.md", /longer than (\d+ seconds)/, () => constant("fetch.ts", "FETCH_TIME")],
  [
    "docs/presence.md",
    /`presence.silence`, (\d+ seconds) by default/,
    () => inSource("options.ts", /silence: ([\d_]+)/),
  ],
  ["docs/protocol.md", /may have, if they are not ([\d,]+)/, (limits) => limits.messageSize],
  ["docs/slow-data.md", /further than ([\d,]+) chunks/, () => constant("feed-reader.ts", "MOST_CHUNKS")],
  ["docs/slow-data.md", /chunks or ([\d,]+) characters/, () => constant("feed-reader.ts", "MOST_TEXT")],
  ["docs/uploads.md", /A message names ([\d,]+) files/, () => constant("parse-entries.ts", "MOST_FILES")],
  ["docs/uploads.md", /as errors, up to ([\d,]+)/, () => constant("entries.ts", "SURPLUS")],
  ["docs/uploads.md", /Names have ([\d,]+) characters/, () => constant("parse-entries.ts", "NAME")],
  ["docs/uploads.md", /relative paths ([\d,]+)/, () => constant("parse-entries.ts", "PATH")],
  ["docs/uploads.md", /`clientMeta` ([\d,]+)/, () => constant("parse-entries.ts", "META")],
  ...["maxEntries", "maxFileSize", "chunkSize", "chunkTimeout"].map((option) => [
    "docs/uploads.md",
    new RegExp(`\\| \`${option}\` \\| ([\\d,]+) \\|`),
    () => inSource("options.ts", new RegExp(`options\\.${option}, ([\\d_]+)[,)]`)),
  ]),
];

const markdownIn = (folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `${folder}/${name}`);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { defaultLimits } = await import("../../packages/server/dist/runtime/services.js");
  /** Times of `limits` are milliseconds, but for this one, whose unit is the second. */
  const limits = { ...defaultLimits, tokenAge: defaultLimits.tokenAge * 1000 };
  const guides = ["README.md", ...markdownIn("docs")];
  const problems = guides.flatMap((file) => wrongLimits(file, read(file), limits));

  const services = read(sources.find((name) => name.endsWith("/runtime/services.ts")));
  for (const [, given, name] of services.matchAll(/Default (\d[^;.]*?)[;.][^/]*?\*\/\s+readonly (\w+):/g))
    if (quantity(given) !== limits[name]) problems.push(`services.ts documents ${given} for ${name}`);

  for (const [file, pattern, value] of QUOTES) {
    const wanted = typeof value === "function" ? value(limits) : value;
    const given = pattern.exec(read(file).replace(/\n {0,4}(?=\S)/g, " "))?.[1];
    if (given === undefined) problems.push(`${file} does not quote ${pattern} any more`);
    else if (quantity(given) !== wanted)
      problems.push(`${file} quotes ${given} at ${pattern}, which is ${wanted}`);
  }
  for (const problem of problems) console.error(problem);
  console.log(
    `quoted: ${problems.length ? `${problems.length} wrong` : "numbers of the guides are those of the code"}`,
  );
  process.exitCode = problems.length ? 1 : 0;
}
