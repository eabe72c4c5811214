// Installs the workspace's dependencies with the pinned pnpm, and does nothing when they are installed already.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const PNPM = "pnpm@12.21.0";

const root = new URL("../", import.meta.url);
const inputs = [
  "package.json",
  "pnpm-lock.yaml",
  "pnpm-workspace.yaml",
  "packages/server/package.json",
  "packages/client/package.json",
  "packages/testing/package.json",
  "packages/test-support/package.json",
  "examples/package.json",
  "examples/store/package.json",
  "bench/package.json",
  "stress/package.json",
];
const stamp = new URL("node_modules/.overwire-setup", root);

const hash = createHash("sha256").update(PNPM);
for (const path of inputs) hash.update(readFileSync(new URL(path, root)));
const wanted = `${hash.digest("hex")} ${process.platform}-${process.arch}`;

const isInstalled =
  existsSync(stamp) &&
  readFileSync(stamp, "utf8") === wanted &&
  inputs
    .filter((path) => path.endsWith("/package.json"))
    .every((path) => existsSync(new URL(path.replace("package.json", "node_modules"), root)));

if (!isInstalled) {
  const result = spawnSync("npx", ["--yes", PNPM, "install", "--frozen-lockfile"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, CI: "true" },
    shell: process.platform === "win32",
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
  writeFileSync(stamp, wanted);
}
