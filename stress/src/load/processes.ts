/** Servers of the load: PostgreSQL, Redis, the payment gateway and nodes of the store, each a process of its own. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const store = fileURLToPath(new URL("../../../examples/store/dist/", import.meta.url));

/** A port on which nothing listens now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("There is no free port.");
  return address.port;
}

/** A process that can be stopped and killed, and whose output tells when it is ready. */
export class ServerProcess {
  readonly #child: ChildProcess;
  output = "";

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env, uid?: number) {
    this.#child = spawn(command, args, {
      env,
      stdio: ["ignore", "pipe", "pipe"],
      ...(uid !== undefined && { uid }),
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on("data", (text) => {
        this.output = (this.output + text).slice(-20_000);
      });
    process.once("exit", () => this.#child.kill("SIGKILL"));
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async until(isReady: () => boolean | Promise<boolean>): Promise<void> {
    const end = Date.now() + 60_000;
    while (!(await isReady())) {
      if (this.hasEnded || Date.now() > end) throw new Error(`A server did not start:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** @returns its exit code, null if a signal ended it */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (!this.hasEnded) {
      const ended = once(this.#child, "exit");
      this.#child.kill(signal);
      await ended;
    }
    return this.#child.exitCode;
  }
}

/** Starts a database in a folder of its own. PostgreSQL does not run as root. */
export async function startPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  const versions = existsSync("/usr/lib/postgresql") ? readdirSync("/usr/lib/postgresql").sort() : [];
  const bin = versions.map((version) => `/usr/lib/postgresql/${version}/bin`).at(-1);
  if (!bin) throw new Error("No PostgreSQL here: `apt-get install postgresql`.");
  const folder = mkdtempSync(join(tmpdir(), "overwire-postgres-"));
  const isRoot = process.getuid?.() === 0;
  const uid = isRoot ? Number(execFileSync("id", ["-u", "postgres"], { encoding: "utf8" })) : undefined;
  if (isRoot) execFileSync("chown", ["postgres", folder]);
  chmodSync(folder, 0o700);
  const data = join(folder, "data");
  const own = uid === undefined ? {} : { uid };
  execFileSync(`${bin}/initdb`, ["-D", data, "-A", "trust", "-U", "store"], { stdio: "ignore", ...own });
  const port = await freePort();
  const options = [
    "-D",
    data,
    "-p",
    String(port),
    "-k",
    folder,
    "-h",
    "127.0.0.1",
    "-c",
    "max_connections=100",
  ];
  const server = new ServerProcess(`${bin}/postgres`, options, process.env, uid);
  await server.until(() => server.output.includes("ready to accept connections"));
  return {
    url: `postgres://store@127.0.0.1:${port}/postgres`,
    async stop() {
      await server.end("SIGINT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function startRedis(): Promise<{ url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const server = new ServerProcess("redis-server", [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--save",
    "",
  ]);
  await server.until(() => server.output.includes("Ready to accept connections"));
  return { url: `redis://127.0.0.1:${port}`, stop: async () => void (await server.end("SIGTERM")) };
}

/** Starts a program of the store: its server, or the gateway's. */
export async function startProgram(
  file: string,
  port: number,
  env: NodeJS.ProcessEnv,
  health: string,
): Promise<ServerProcess> {
  const server = new ServerProcess(process.execPath, ["--enable-source-maps", join(store, file)], {
    ...process.env,
    ...env,
    PORT: String(port),
  });
  await server.until(() =>
    fetch(`http://127.0.0.1:${port}${health}`).then(
      ({ status }) => status < 500,
      () => false,
    ),
  );
  return server;
}
