// Follows the chapters of docs/store from an empty folder: after each one its files have the right types and their tests pass.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root, run } from "./packed-project.ts";

const chapters = (await readdir(join(root, "docs/store"))).filter((name) => /^\d-/.test(name)).sort();

let project: string;

beforeAll(async () => {
  await mkdir(join(root, ".cache"), { recursive: true });
  project = await mkdtemp(join(root, ".cache/tutorial-"));
  await writeFile(join(project, "package.json"), JSON.stringify({ name: "shop", type: "module" }));
  // Packages as the chapters install them: all are dependencies of the store.
  await symlink(join(root, "examples/store/node_modules"), join(project, "node_modules"));
});
afterAll(() => rm(project, { recursive: true, force: true }));

/** A later chapter replaces files of an earlier one, or adds to them. */
async function writeFiles(chapter: string): Promise<void> {
  const text = await readFile(join(root, "docs/store", chapter), "utf8");
  for (const [, add, name = "", content = ""] of text.matchAll(
    /^(Add to )?`([\w./-]+)`:\n\n```\w+\n([\s\S]*?)```/gm,
  )) {
    await mkdir(dirname(join(project, name)), { recursive: true });
    await (add ? appendFile : writeFile)(join(project, name), content);
  }
}

for (const [at, chapter] of chapters.entries())
  test(`the code of ${chapter} has the right types, and its tests pass`, async () => {
    const left = ["src", "test", "migrations"].map((name) =>
      rm(join(project, name), { recursive: true, force: true }),
    );
    await Promise.all(left);
    for (const each of chapters.slice(0, at + 1)) await writeFiles(each);
    await run(project, process.execPath, join(root, "node_modules/typescript/bin/tsc"), "-p", project);
    await run(
      project,
      process.execPath,
      join(root, "node_modules/vitest/vitest.mjs"),
      "run",
      "--root",
      project,
      // Each as long as those of this repository.
      "--testTimeout=120000",
      "--hookTimeout=120000",
    );
  }, 240_000);

test("the shop of the last chapter is built and served", async () => {
  await run(
    project,
    process.execPath,
    join(root, "node_modules/typescript/bin/tsc"),
    "-p",
    "tsconfig.build.json",
  );
  const child = spawn(process.execPath, ["dist/server.js"], {
    cwd: project,
    env: {
      ...process.env,
      PORT: "0",
      NODE_ENV: "production",
      SECRET_KEY_BASE: "k3Jx0-9sVbn_Qw7ZtYp2LmCd5Rf8Hg1Uo4Ae6Ti",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const url = /http:\S+/.exec(String(line))?.[0];
    expect(await (await fetch(`${url}/?q=cup`)).text()).toContain("Green cup");
    expect((await fetch(`${url}/health`)).status).toBe(200);
  } finally {
    child.kill();
    await once(child, "exit");
  }
  // A database that was not closed counts on behind a gap.
  const last = `import { PGlite } from "@electric-sql/pglite";
    const database = await PGlite.create({ dataDir: "data" });
    console.log((await database.query("select last_value from products_id_seq")).rows[0].last_value);
    await database.close();`;
  expect(await run(project, process.execPath, "--input-type=module", "-e", last)).toBe("4\n");
}, 240_000);

test("each package that the code imports was installed by a chapter before", async () => {
  const installed = new Set<string>();
  for (const chapter of chapters) {
    const text = await readFile(join(root, "docs/store", chapter), "utf8");
    for (const [, names = ""] of text.matchAll(/^npm install (?:--save-dev )?(.+)$/gm))
      for (const name of names.split(" ")) installed.add(name);
    const imported = [...text.matchAll(/from "((?:@[\w-]+\/)?[\w-]+)/g)].map(([, name = ""]) => name);
    expect(imported.filter((name) => name !== "node" && !installed.has(name))).toEqual([]);
  }
});

test("each folder that the last chapter names is in the store", async () => {
  const text = await readFile(join(root, "docs/store", chapters.at(-1) ?? ""), "utf8");
  const rows = text.split("\n").filter((line) => /^\| [1-7]/.test(line));
  const folders = rows.flatMap((row) =>
    [...(row.split("|")[3] ?? "").matchAll(/`([\w/]+)`/g)].map(([, name]) => name),
  );
  expect(folders.length).toBeGreaterThan(15);
  expect(folders.filter((name) => !existsSync(join(root, "examples/store", name ?? "")))).toEqual([]);
});
