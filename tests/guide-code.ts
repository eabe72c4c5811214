/** Code of the guides: their blocks as modules, run and type-checked in a folder of the repository. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));

/** A guide's text. */
export const guideOf = (name: string): string => readFileSync(join(root, `docs/${name}.md`), "utf8");

/** TypeScript blocks of a guide, or of a part of one. */
export const codeOf = (text: string): string[] =>
  [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code as string);

/** A folder for modules of a guide, in which packages are found. */
export class GuideFolder {
  readonly #path: string;

  constructor() {
    mkdirSync(join(root, ".cache"), { recursive: true });
    this.#path = mkdtempSync(join(root, ".cache/guide-"));
    // An author installs the kit's optional packages beside it.
    symlinkSync(join(root, "packages/testing/node_modules"), join(this.#path, "node_modules"));
  }

  /** @returns the path of the module that the code is written to */
  write(name: string, code: string): string {
    const file = join(this.#path, `${name}.ts`);
    writeFileSync(file, code);
    return file;
  }

  /** Fails with the messages of the compiler if a module has wrong types. */
  async checkTypes(): Promise<void> {
    const { compilerOptions } = JSON.parse(
      readFileSync(join(root, "tsconfig.json"), "utf8").replace(/^\s*\/\/.*$/gm, ""),
    ) as { compilerOptions: { paths: Record<string, string[]> } };
    const paths = Object.entries(compilerOptions.paths).map(([name, [path = ""]]) => [
      name,
      [join(root, path)],
    ]);
    const config = {
      extends: "../../tsconfig.json",
      include: ["*.ts"],
      compilerOptions: { noImplicitOverride: false, paths: Object.fromEntries(paths) },
    };
    writeFileSync(join(this.#path, "tsconfig.json"), JSON.stringify(config));
    await promisify(execFile)(process.execPath, [
      join(root, "node_modules/typescript/bin/tsc"),
      "-p",
      this.#path,
    ]).catch(({ stdout }: { stdout: string }) => expect.fail(stdout));
  }

  remove(): void {
    rmSync(this.#path, { recursive: true, force: true });
  }
}
