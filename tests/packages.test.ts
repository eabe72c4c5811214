// Packs the three packages and uses them as a new project would: installed by npm, type-checked, and run by node.
import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packedProject, root, run } from "./packed-project.ts";

const tsc = join(root, "node_modules/typescript/bin/tsc");

const main = `
import { createApp, html, LiveView } from "@overwire/server";
import { serve } from "@overwire/server/node";
import * as wire from "@overwire/server/wire";
import { LiveSocket } from "@overwire/client";
import { live } from "@overwire/testing";

class Counter extends LiveView {
  count = 0;
  inc = this.event(() => {
    this.count++;
  });

  override render() {
    return html\`<h1>Count: \${this.count}</h1><button phx-click=\${this.inc}>+</button>\`;
  }
}

const app = createApp({ secret: "a secret for this test of 32 bytes and some more" });
app.live("/", Counter);

const response = await app.request("/");
const page = await response.text();
if (response.status !== 200 || !page.includes("Count: 0")) throw new Error(page);

const view = await live(Counter);
const after: string = await view.element("button", "+").click();
if (!after.includes("Count: 1") || !view.hasElement("h1", "Count: 1")) throw new Error(after);
await view.close();

const joined = await live(app, "/");
const then: string = await joined.element("button", "+").click();
if (!then.includes("Count: 1")) throw new Error(then);
await joined.close();

console.log("used", typeof serve, typeof wire, typeof LiveSocket);
`;

const tsconfig = {
  compilerOptions: {
    target: "ES2022",
    lib: ["ES2023", "DOM", "DOM.Iterable"],
    module: "nodenext",
    moduleResolution: "nodenext",
    types: ["node"],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    outDir: "dist",
    rootDir: ".",
    skipLibCheck: false,
  },
  files: ["main.ts"],
};

let project: string;

beforeAll(async () => {
  const packed = await packedProject();
  project = packed.project;
  const dependencies = packed.packages.values();
  await writeFile(
    join(project, "package.json"),
    JSON.stringify({ name: "fresh", private: true, type: "module" }),
  );
  await writeFile(join(project, "tsconfig.json"), JSON.stringify(tsconfig));
  await writeFile(join(project, "main.ts"), main);
  await run(project, "npm", "install", "--no-audit", "--no-fund", "--prefer-offline", ...dependencies);
}, 180_000);

afterAll(() => rm(project, { recursive: true, force: true }));

test("a fresh project type-checks against the packed packages, and runs", async () => {
  await run(project, process.execPath, tsc, "-p", ".");
  expect(await run(project, process.execPath, "dist/main.js")).toBe("used function object function\n");
});

test("a package holds what was built, and neither sources nor tests", async () => {
  const files = await readdir(join(project, "node_modules/@overwire"), { recursive: true });
  const own = files.filter((file) => !file.includes("node_modules"));
  expect(own).toContain(join("server", "prebuilt"));
  expect(own).toContain(join("client", "dist", "index.d.ts"));
  expect(own).toContain(join("testing", "README.md"));
  expect(own.filter((file) => /\.test\.|(?<!\.d)\.ts$|tsbuildinfo/.test(file))).toEqual([]);
});

test("links of the packages' guides lead to files of the packages", async () => {
  const own = join(project, "node_modules/@overwire");
  const guides = (await readdir(own, { recursive: true })).filter(
    (name) => name.endsWith(".md") && !name.includes("node_modules"),
  );
  const links: string[] = [];
  for (const guide of guides) {
    const text = await readFile(join(own, guide), "utf8");
    for (const [, link] of text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g))
      if (link && !/^[a-z]+:/.test(link)) links.push(`${guide}: ${join(own, dirname(guide), link)}`);
  }
  expect(links.length).toBeGreaterThan(50);
  expect(links.filter((link) => !existsSync(link.split(": ")[1] as string))).toEqual([]);
});

test("source maps of the packages have their sources", async () => {
  const own = join(project, "node_modules/@overwire");
  const files = await readdir(own, { recursive: true });
  const maps = files.filter((file) => file.endsWith(".map") && !file.includes("node_modules"));
  const missing: string[] = [];
  for (const map of maps) {
    const { sources, sourcesContent = [] }: { sources: string[]; sourcesContent?: (string | null)[] } =
      JSON.parse(await readFile(join(own, map), "utf8"));
    for (const [index, source] of sources.entries())
      if (typeof sourcesContent[index] !== "string" && !existsSync(join(own, dirname(map), source)))
        missing.push(`${map}: ${source}`);
  }
  expect(maps.length).toBeGreaterThan(50);
  expect(missing).toEqual([]);
  const named: string[] = [];
  for (const file of files.filter((name) => /\.(js|d\.ts)$/.test(name) && !name.includes("node_modules"))) {
    const [, map] =
      /^\/\/# sourceMappingURL=(?!data:)(\S+)\s*$/m.exec(await readFile(join(own, file), "utf8")) ?? [];
    if (map && !existsSync(join(own, dirname(file), map))) named.push(`${file}: ${map}`);
  }
  expect(named).toEqual([]);
});
