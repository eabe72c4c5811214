// Writes the tables of folders at the end of docs/architecture.md: each file with the sentence that opens it.
// With --check it only tells if they are up to date.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const PAGE = "docs/architecture.md";
const HEADING = "## Folders\n";

/** @returns the first sentence of the comment that opens a source text, otherwise an empty text */
export function openingOf(text) {
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(text)?.[1] ?? /^((?:\/\/.*\n)+)/.exec(text)?.[1] ?? "";
  const words = comment.replace(/^[ \t]*(?:\/\/|\*)? ?/gm, "").replace(/\s+/g, " ");
  return (/^.*?[.!?](?= [A-Z`]|$)/.exec(words.trim())?.[0] ?? words).trim().replace(/\.$/, "");
}

/** @returns the sections of a package, one for each folder: its files in alphabetical order, tests left out */
export function folderTables(files) {
  return [...new Set(files.map(({ path }) => dirname(path)))].map((folder) => {
    const own = files.filter(({ path }) => dirname(path) === folder);
    const rows = own.map(({ path, text }) => {
      const name = path.slice(folder.length + 1);
      return `| \`${name}\` | ${openingOf(text).replaceAll("|", "\\|")} |`;
    });
    return `### \`${folder}\`\n\n| file | contents |\n|---|---|\n${rows.join("\n")}\n`;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL("../", import.meta.url));
  const files = ["server", "client", "testing", "test-support"].flatMap((name) =>
    readdirSync(join(root, `packages/${name}/src`), { recursive: true })
      .map((file) => `${name}/src/${file.split(sep).join("/")}`)
      .filter((path) => path.endsWith(".ts") && !/\.test(-d)?\.ts$/.test(path))
      .sort((a, b) => (dirname(a) === dirname(b) ? (a < b ? -1 : 1) : dirname(a) < dirname(b) ? -1 : 1))
      .map((path) => ({ path, text: readFileSync(join(root, "packages", path), "utf8") })),
  );
  const silent = files.filter(({ text }) => !openingOf(text)).map(({ path }) => path);
  for (const path of silent) console.error(`${path} does not open with a sentence on its contents`);
  const page = readFileSync(join(root, PAGE), "utf8");
  const head = page.slice(0, page.indexOf(HEADING));
  const wanted = `${head}${HEADING}\nWritten by \`npm run map\` from the sentence that opens each file. Tests stand beside their files.\n\n${folderTables(files).join("\n")}`;
  const isOld = page !== wanted;
  if (!process.argv.includes("--check")) writeFileSync(join(root, PAGE), wanted);
  else if (isOld) console.error(`${PAGE} is out of date: run npm run map`);
  console.log(`map: ${files.length} files`);
  process.exitCode = silent.length || (isOld && process.argv.includes("--check")) ? 1 : 0;
}
