// Holds two sizes: the bytes that a page's visitor downloads, and the lines that a reader has to take in at once.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { CLIENT_LIMITS, FUNCTION_LIMIT, LINES_LIMIT } from "./limits.mjs";
import { longFunctions } from "./long-functions.mjs";

const SOURCES = [
  "packages/server/src",
  "packages/client/src",
  "packages/testing/src",
  "examples/src",
  "examples/store/src",
  "bench/src",
  "stress/src",
];

/** Copied, not written. */
const COPIES = new Set(["packages/client/src/patch/morphdom.ts"]);
/**
 * Longer functions that are still to be cut: a file leaves this list for good. Cut by concept, as a class or as
 * functions over a state, the view alone would be 210 bytes more than every page may load.
 */
const UNCUT = new Set(["packages/client/src/net/socket.ts", "packages/client/src/view/view.ts"]);

const root = fileURLToPath(new URL("../../", import.meta.url));
const problems = [];

const prebuilt = join(root, "packages/server/prebuilt");
for (const name of readdirSync(prebuilt).filter((name) => name.endsWith(".js")))
  if (!Object.keys(CLIENT_LIMITS).some((part) => name.startsWith(`${part}-`)))
    problems.push(`${name} is a chunk that the server does not serve`);
for (const [part, limit] of Object.entries(CLIENT_LIMITS)) {
  const name = readdirSync(prebuilt).find((name) => name.startsWith(`${part}-`) && name.endsWith(".js"));
  const file = readFileSync(join(prebuilt, name));
  const gzipped = gzipSync(file, { level: 9 }).length;
  console.log(`${part}: ${gzipped} bytes gzip (limit ${limit}), ${file.length} bytes minified`);
  if (gzipped > limit) problems.push(`${name} is ${gzipped - limit} bytes over its limit`);
}

let longest = { file: "", lines: 0 };
for (const source of SOURCES.filter((path) => existsSync(join(root, path)))) {
  for (const name of readdirSync(join(root, source), { recursive: true })) {
    if (!name.endsWith(".ts") || /\.test(-d)?\.ts$/.test(name)) continue;
    const file = `${source}/${name}`;
    const text = readFileSync(join(root, file), "utf8");
    const lines = text.split("\n").length - 1;
    if (lines > longest.lines) longest = { file, lines };
    if (lines > LINES_LIMIT) problems.push(`${file} has ${lines} lines, more than ${LINES_LIMIT}`);
    if (COPIES.has(file)) continue;
    const long = longFunctions(file, text, FUNCTION_LIMIT);
    if (UNCUT.has(file)) {
      if (!long.length)
        problems.push(`${file} has no long function any more: take it off the list in sizes.mjs`);
    } else
      for (const { name, line, lines } of long)
        problems.push(`${file}:${line} ${name} has ${lines} lines, more than ${FUNCTION_LIMIT}`);
  }
}
console.log(`longest source file: ${longest.file}, ${longest.lines} lines (limit ${LINES_LIMIT})`);

for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
