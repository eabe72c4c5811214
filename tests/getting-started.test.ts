// Follows docs/getting-started.md and docs/recipes.md: runs their commands, writes their files, tests, builds and starts the app.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { freePort } from "@overwire/test-support/free-port";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packedProject, root, run } from "./packed-project.ts";

let project: string;
let guide: string;

/** Commands of the block under a heading. */
const commands = (heading: string): string[] => {
  const after = guide.slice(guide.indexOf(`## ${heading}`));
  return (/```sh\n([\s\S]*?)```/.exec(after)?.[1] ?? "").trim().split("\n");
};

const shell = (command: string) => run(project, "sh", "-c", command);

/** Writes the files that a guide shows. */
async function writeFiles(text: string): Promise<void> {
  for (const [, name, content] of text.matchAll(/^`([\w./-]+)`:\n\n```\w+\n([\s\S]*?)```/gm)) {
    const file = join(project, name as string);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content as string);
  }
}

beforeAll(async () => {
  guide = await readFile(join(root, "docs/getting-started.md"), "utf8");
  const packed = await packedProject();
  project = packed.project;
  for (const command of commands("Install").filter((line) => !line.startsWith("mkdir "))) {
    const local = command.replace(/@overwire\/\w+/g, (name) => packed.packages.get(name) as string);
    // The packages depend on each other, and are in no registry yet.
    const others = [...packed.packages.values()].filter(
      (file) => /install @o/.test(command) && !local.includes(file),
    );
    await shell(
      [local, ...others, ...(/install/.test(command) ? ["--no-audit --no-fund --prefer-offline"] : [])].join(
        " ",
      ),
    );
  }
  await writeFiles(guide);
}, 240_000);

afterAll(() => rm(project, { recursive: true, force: true }));

test("its tests pass, and so do those of the recipes", async () => {
  // A test may take as long as those of this repository.
  const test = "npm test -- --testTimeout=120000 --hookTimeout=120000";
  await shell(test);
  await writeFiles(await readFile(join(root, "docs/recipes.md"), "utf8"));
  await shell(test);
});

test("it is built and serves the page with its style sheet", async () => {
  const port = await freePort();
  await shell("npm run build");
  const child = spawn(process.execPath, ["dist/server.js"], {
    cwd: project,
    env: {
      ...process.env,
      PORT: String(port),
      NODE_ENV: "production",
      SECRET_KEY_BASE: "k3Jx0-9sVbn_Qw7ZtYp2LmCd5Rf8Hg1Uo4Ae6Ti",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await once(child.stdout, "data");
    const page = await fetch(`http://localhost:${port}/`);
    expect(await page.text()).toContain("<h1>Shopping</h1>");
    expect((await fetch(`http://localhost:${port}/static/app.css`)).headers.get("content-type")).toContain(
      "text/css",
    );
  } finally {
    child.kill();
    await once(child, "exit");
  }
});
