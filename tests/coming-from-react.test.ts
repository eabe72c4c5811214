// Tries docs/coming-from-react.md: its code has the right types, runs, and does what the guide says.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { LiveView } from "@overwire/server";
import { live } from "@overwire/testing";
import { afterAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const guide = readFileSync(join(root, "docs/coming-from-react.md"), "utf8");
mkdirSync(join(root, ".cache"), { recursive: true });
const folder = mkdtempSync(join(root, ".cache/guide-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const files = [...guide.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code], index) => {
  const file = join(folder, `block-${index}.ts`);
  writeFileSync(file, code as string);
  return file;
});
const modules = await Promise.all(files.map((file) => import(/* @vite-ignore */ file)));

const open = (name: string) => {
  const View: { new (): LiveView } = modules.find((each) => name in each)?.[name];
  return live(View, { onError: "raise" });
};

test("its code has the right types", async () => {
  const config = {
    extends: "../../tsconfig.json",
    include: ["*.ts"],
    compilerOptions: { paths: {} as object },
  };
  const { compilerOptions } = JSON.parse(
    readFileSync(join(root, "tsconfig.json"), "utf8").replace(/^\s*\/\/.*$/gm, ""),
  ) as { compilerOptions: { paths: Record<string, string[]> } };
  config.compilerOptions.paths = Object.fromEntries(
    Object.entries(compilerOptions.paths).map(([name, [path = ""]]) => [name, [join(root, path)]]),
  );
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  await promisify(execFile)(process.execPath, [
    join(root, "node_modules/typescript/bin/tsc"),
    "-p",
    folder,
  ]).catch(({ stdout }: { stdout: string }) => expect.fail(stdout));
}, 60_000);

test("todos are added and done", async () => {
  const view = await open("Todos");
  await view.form("form", { text: "Write a view" }).submit();
  await view.element("li button", "Write a view").click();
  expect(view.text("li.done")).toBe("Write a view");
});

test("a profile is loaded and saved", async () => {
  const view = await open("Profile");
  await view.settled();
  expect(view.text("h1")).toBe("Ada");
  expect(await view.element("button").click()).toContain("saved");
  await view.close();
});

test("a component counts", async () => {
  const view = await open("Page");
  expect(await view.element("button").click()).toContain("6");
});
