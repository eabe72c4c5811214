// A real PostgreSQL for tests, found on the machine: started on a free port in a folder of its own, and removed with all that it holds.
import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { freePort } from "./free-port.ts";
import { describeWith } from "./requirements.ts";

const HINT =
  "Install it (`apt-get install postgresql`) or set POSTGRES_BIN_PATH to the folder of its programs.";
/** Debian keeps the programs out of the PATH, in a folder for each version. */
const DEBIAN = "/usr/lib/postgresql";

/** Folder of initdb and postgres; `undefined` if there is none. */
export function postgresPath(): string | undefined {
  const named = process.env["POSTGRES_BIN_PATH"];
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = named
    ? [named]
    : [
        ...versions.map((version) => join(DEBIAN, version, "bin")),
        ...(process.env["PATH"] ?? "").split(delimiter),
      ];
  return folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
}

/** A `describe` that is skipped, loudly, without PostgreSQL. */
export const describePostgres = (name: string, body: () => void): void =>
  describeWith("postgresql", postgresPath() !== undefined, HINT, name, body);

export interface PostgresServer {
  /** `postgres://…` of an empty database. */
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts a server that keeps nothing safe, which makes it fast. Stop it when the tests are done. */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = postgresPath();
  if (!programs) throw new Error(`No PostgreSQL here. ${HINT}`);
  const folder = mkdtempSync(join(tmpdir(), "overwire-postgres-"));
  const options: SpawnOptions = { ...unprivileged(folder), cwd: folder, stdio: ["ignore", "ignore", "pipe"] };
  const data = join(folder, "data");
  const made = spawnSync(
    join(programs, "initdb"),
    [
      "-D",
      data,
      "-U",
      "postgres",
      "-A",
      "trust",
      "-E",
      "UTF8",
      "--locale=C",
      "--no-sync",
      "--no-instructions",
    ],
    { ...options, encoding: "utf8" },
  );
  if (made.status !== 0) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`initdb has failed: ${made.error?.message ?? made.stderr}`);
  }
  const port = await freePort();
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
  };
  const child = spawn(
    join(programs, "postgres"),
    [
      ...["-D", data, "-p", String(port)],
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    options,
  );
  const end = () => void child.kill("SIGQUIT");
  process.once("exit", end);
  await ready(child);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    async stop() {
      process.off("exit", end);
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, "exit");
        end();
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root: root lends the folder to a user who may do nothing else. */
function unprivileged(folder: string): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (kind: "-u" | "-g") => Number(spawnSync("id", [kind, "nobody"], { encoding: "utf8" }).stdout);
  const [uid, gid] = [idOf("-u"), idOf("-g")];
  chownSync(folder, uid, gid);
  return { uid, gid };
}

function ready(child: ChildProcess): Promise<void> {
  let log = "";
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`PostgreSQL has ended at once:\n${log}`)));
    // Read to the end: a full pipe would stop it.
    child.stderr?.on("data", (text) => {
      log = (log + text).slice(-10_000);
      if (log.includes("ready to accept connections")) resolve();
    });
  });
}
