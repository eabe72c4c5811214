// Holds two sizes: what a page's visitor downloads, and what a reader has to take in at once.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const CLIENT_LIMIT = 14 * 1024;
const LINES_LIMIT = 400;
const SOURCES = [
  "packages/server/src",
  "packages/client/src",
  "packages/testing/src",
  "examples/src",
  "bench/src",
];

const root = fileURLToPath(new URL("../../", import.meta.url));
const problems = [];

const client = readFileSync(join(root, "packages/server/prebuilt/client.js"));
const gzipped = gzipSync(client, { level: 9 }).length;
console.log(`client: ${gzipped} bytes gzip (limit ${CLIENT_LIMIT}), ${client.length} bytes minified`);
if (gzipped > CLIENT_LIMIT) problems.push(`the client is ${gzipped - CLIENT_LIMIT} bytes over its limit`);

let longest = { file: "", lines: 0 };
for (const source of SOURCES.filter((path) => existsSync(join(root, path)))) {
  for (const name of readdirSync(join(root, source), { recursive: true })) {
    if (!name.endsWith(".ts") || /\.test(-d)?\.ts$/.test(name)) continue;
    const file = `${source}/${name}`;
    const lines = readFileSync(join(root, file), "utf8").split("\n").length - 1;
    if (lines > longest.lines) longest = { file, lines };
    if (lines > LINES_LIMIT) problems.push(`${file} has ${lines} lines, more than ${LINES_LIMIT}`);
  }
}
console.log(`longest source file: ${longest.file}, ${longest.lines} lines (limit ${LINES_LIMIT})`);

for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
