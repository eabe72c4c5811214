// Lints what each package publishes: the files that `npm pack` would take, and the exports that point at them.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

let wrong = 0;
for (const name of ["server", "client", "testing"]) {
  const pkgDir = fileURLToPath(new URL(`../../packages/${name}/`, import.meta.url));
  const pkg = JSON.parse(readFileSync(`${pkgDir}package.json`, "utf8"));
  const { messages } = await publint({ pkgDir, pack: "npm", strict: true });
  for (const message of messages) {
    if (message.type === "suggestion") continue;
    wrong++;
    console.error(`${pkg.name}: ${formatMessage(message, pkg, { color: false })}`);
  }
}
console.log(wrong === 0 ? "exports: three packages, nothing to mend" : `exports: ${wrong} wrong`);
process.exitCode = wrong === 0 ? 0 : 1;
