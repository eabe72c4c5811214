/**
 * The secret of a project in development: made once and kept in the project, so that a restart does not log
 * users out.
 */
import { randomBytes } from "node:crypto";
import { existsSync, linkSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Below `node_modules`, which no project commits or publishes. */
const PLACE = "node_modules/.cache/overwire";
const FILE = "development-secret";
const shape = /^[\w-]{64}$/;

/**
 * Reads the project's secret, or makes it.
 * @param from a folder of the project
 * @returns undefined if none can be kept: no `node_modules` around it, a file system that cannot be written
 */
export function developmentSecret(from: string = process.cwd()): string | undefined {
  const project = projectOf(from);
  if (project === undefined) return undefined;
  const folder = join(project, PLACE);
  const file = join(folder, FILE);
  try {
    if (!existsSync(file)) make(folder, file);
    return read(file);
  } catch {
    return undefined;
  }
}

function projectOf(from: string): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    if (existsSync(join(at, "node_modules"))) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** Several processes may do it at the same time: a link puts the whole file in place, or finds that of another. */
function make(folder: string, file: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    writeFileSync(draft, randomBytes(48).toString("base64url"), { mode: 0o600, flag: "wx" });
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** A file that others could have read or put there is not used. */
function read(file: string): string | undefined {
  const found = lstatSync(file);
  const { mode, uid } = found;
  const isOwn = process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0);
  const text = isOwn && found.isFile() ? readFileSync(file, "utf8") : "";
  return shape.test(text) ? text : undefined;
}
