// A real redis-server for tests, found on the machine: started on a free port, stopped, killed, and back on the same port.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { freePort } from "./free-port.ts";
import { type RedisLine, startRedisLine } from "./redis-line.ts";
import { describeWith } from "./requirements.ts";
import { type Reply, request, toReply } from "./resp.ts";

const HINT = "Install redis (`apt-get install redis-server`) or set REDIS_SERVER_PATH to an executable.";

/** Path of redis-server: REDIS_SERVER_PATH, or one on the PATH; `undefined` if there is none. */
export function redisServerPath(): string | undefined {
  const named = process.env["REDIS_SERVER_PATH"];
  if (named) return existsSync(named) ? named : undefined;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.map((folder) => join(folder, "redis-server")).find((path) => existsSync(path));
}

/** A `describe` that is skipped, loudly, without a redis-server. */
export const describeRedis = (name: string, body: () => void): void =>
  describeWith("redis", redisServerPath() !== undefined, HINT, name, body);

/** Starts a server on a free port. Stop it when the tests are done. */
export async function startRedis(args: readonly string[] = []): Promise<RedisServer> {
  const server = new RedisServer(await freePort(), args);
  await server.start();
  return server;
}

/**
 * Starts a cluster of three servers, which share all slots, without replicas.
 * @returns the servers; stop each of them
 */
export async function startRedisCluster(): Promise<RedisServer[]> {
  const servers = await Promise.all([1, 2, 3].map(() => startRedis(["--cluster-enabled", "yes"])));
  const created = spawnSync(
    (redisServerPath() ?? "").replace(/redis-server$/, "redis-cli"),
    ["--cluster", "create", ...servers.map(({ port }) => `127.0.0.1:${port}`), "--cluster-yes"],
    { encoding: "utf8" },
  );
  if (created.status !== 0) {
    await Promise.all(servers.map((server) => server.stop()));
    throw new Error(`redis-cli makes no cluster: ${created.stdout}${created.stderr}`);
  }
  for (const server of servers)
    while (!String(await server.send("CLUSTER", "INFO")).includes("cluster_state:ok")) await turn();
  return servers;
}

export class RedisServer {
  readonly port: number;
  readonly #args: readonly string[];
  readonly #lines: RedisLine[] = [];
  #directory = "";
  #child: ChildProcess | undefined;

  constructor(port: number, args: readonly string[]) {
    this.port = port;
    this.#args = args;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, on its port, after {@link kill} or {@link halt} as well. */
  async start(): Promise<void> {
    const path = redisServerPath();
    if (!path) throw new Error(`No redis-server here. ${HINT}`);
    this.#directory ||= mkdtempSync(join(tmpdir(), "overwire-redis-"));
    const own = ["--port", String(this.port), "--bind", "127.0.0.1", "--dir", this.#directory];
    const child = spawn(path, [...own, "--save", "", "--appendonly", "no", ...this.#args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#child = child;
    process.once("exit", this.#endWithTests);
    let log = "";
    await new Promise<void>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", () => reject(new Error(`redis-server ended at once:\n${log}`)));
      // Read to the end: a full pipe would stop it.
      child.stdout.on("data", (text) => {
        log = (log + text).slice(-10_000);
        if (log.includes("Ready to accept connections")) resolve();
      });
    });
  }

  /** `kill -9`: its clients see their connections reset. */
  kill(): Promise<void> {
    return this.#end("SIGKILL");
  }

  /** Ends it as an operator would. It can {@link start} again. */
  halt(): Promise<void> {
    return this.#end("SIGTERM");
  }

  /** Stops it in the middle of its work: connections stay open and nothing answers, until {@link resume}. */
  freeze(): void {
    this.#child?.kill("SIGSTOP");
  }

  resume(): void {
    this.#child?.kill("SIGCONT");
  }

  /** Ends it with its lines, and removes what it wrote. */
  async stop(): Promise<void> {
    await Promise.all(this.#lines.map((line) => line.close()));
    await this.#end("SIGKILL");
    if (this.#directory) rmSync(this.#directory, { recursive: true, force: true });
  }

  /** A way to it of its own, for one client, which a test can cut. */
  async line(): Promise<RedisLine> {
    const line = await startRedisLine(this.port);
    this.#lines.push(line);
    return line;
  }

  /** Sends one command. @throws Error that Redis answers */
  async send(...command: readonly string[]): Promise<Reply> {
    const socket = connect(this.port, "127.0.0.1");
    try {
      socket.write(request(command));
      let answer = Buffer.alloc(0);
      for await (const part of socket) {
        answer = Buffer.concat([answer, part as Buffer]);
        const reply = toReply(answer);
        if (reply instanceof Error) throw reply;
        if (reply !== undefined) return reply;
      }
      throw new Error(`Redis gave no answer to ${command[0]}.`);
    } finally {
      socket.destroy();
    }
  }

  /** Number of connections, that of the question not counted. */
  async connections(): Promise<number> {
    const list = String(await this.send("CLIENT", "LIST"));
    return list.split("\n").filter((line) => line.includes("id=")).length - 1;
  }

  /** Channels that somebody subscribes to, sorted. */
  async channels(): Promise<string[]> {
    const names = [await this.send("PUBSUB", "CHANNELS"), await this.send("PUBSUB", "SHARDCHANNELS")];
    return names.flat().map(String).sort();
  }

  readonly #endWithTests = () => this.#child?.kill("SIGKILL");

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    process.off("exit", this.#endWithTests);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGCONT");
    child.kill(signal);
    await ended;
  }
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
