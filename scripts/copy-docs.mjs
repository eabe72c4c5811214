// Puts the guides into the package of the server, so that they are of the version that is installed.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { sep } from "node:path";
import { fileURLToPath } from "node:url";

const from = fileURLToPath(new URL("../docs/", import.meta.url));
const to = fileURLToPath(new URL("../packages/server/docs/", import.meta.url));

rmSync(to, { recursive: true, force: true });
cpSync(from, to, { recursive: true });
for (const name of readdirSync(to, { recursive: true }).filter((name) => name.endsWith(".md"))) {
  const text = readFileSync(`${to}${name}`, "utf8");
  // Links into the repository lead nowhere from a package.
  const up = "\\.\\./".repeat(name.split(sep).length);
  writeFileSync(`${to}${name}`, text.replace(new RegExp(`\\[([^\\]]+)\\]\\(${up}[^)]*\\)`, "g"), "$1"));
}
