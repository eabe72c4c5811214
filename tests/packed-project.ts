/** The three packages as npm has them: packed, and installed by name into a project outside of the repository. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root = fileURLToPath(new URL("../", import.meta.url));

/** Runs a command. @throws Error with all that it printed */
export async function run(cwd: string, command: string, ...args: string[]): Promise<string> {
  const shell = process.platform === "win32";
  const { npm_config_frozen_lockfile: _, ...env } = process.env;
  try {
    const { stdout } = await promisify(execFile)(command, args, { cwd, env, shell, maxBuffer: 1 << 26 });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(" ")}\n${stdout}\n${stderr}`);
  }
}

/** @returns an empty folder, and the packed packages by their names */
export async function packedProject(): Promise<{ project: string; packages: Map<string, string> }> {
  const project = await mkdtemp(join(tmpdir(), "overwire-pack-"));
  const tarballs = join(project, "tarballs");
  await mkdir(tarballs);
  for (const name of ["server", "client", "testing"])
    await run(join(root, "packages", name), "npm", "pack", "--silent", "--pack-destination", tarballs);
  const files = await readdir(tarballs);
  const packages = files.map((file): [string, string] => [
    `@overwire/${/^overwire-(\w+)-/.exec(file)?.[1]}`,
    join(tarballs, file),
  ]);
  return { project, packages: new Map(packages) };
}
