/** Several processes of the gallery, which share a Redis, behind a proxy: `npm start -- --nodes 2`. */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createProxy } from "./proxy.ts";

/** Message of a node that listens. */
interface Listening {
  readonly port: number;
}

/** A gallery on several nodes. */
export interface Nodes {
  /** Address of the proxy. */
  readonly url: string;
  /** Ports of the nodes themselves. */
  readonly ports: readonly number[];
  readonly processes: readonly ChildProcess[];
  /** Ends all nodes, the proxy, and the Redis that was started for them. */
  close(): Promise<void>;
  /** Starts one more node, without a place behind the proxy. @returns its port */
  add(): Promise<number>;
}

/**
 * Starts nodes, and a proxy in front of them.
 * @param options.redis address of a Redis. Default: one of their own
 * @throws Error that says how to get a Redis, if there is none
 */
export async function startNodes(
  count: number,
  { port = 4000, redis }: { readonly port?: number; readonly redis?: string | undefined } = {},
): Promise<Nodes> {
  const own = redis ? undefined : await startRedis();
  const env = {
    SECRET_KEY_BASE: randomBytes(48).toString("base64"),
    ...process.env,
    REDIS_URL: redis ?? own?.url,
    ALBUM_FOLDER: await mkdtemp(join(tmpdir(), "overwire-album-")),
  };
  const startNode = () => fork(NODE, { env, execArgv: ["--enable-source-maps"] });
  const processes = Array.from({ length: count }, startNode);
  const end = async () => {
    await Promise.all([...processes, own?.process].map((child) => child && endProcess(child)));
    await rm(env.ALBUM_FOLDER, { recursive: true, force: true });
  };
  try {
    const ports = await Promise.all(processes.map(portOf));
    const proxy = createProxy(ports);
    proxy.listen(port);
    await once(proxy, "listening");
    const close = async () => {
      proxy.close();
      proxy.closeAllConnections();
      await end();
    };
    const add = () => {
      const child = startNode();
      processes.push(child);
      return portOf(child);
    };
    return { url: `http://localhost:${(proxy.address() as AddressInfo).port}`, ports, processes, close, add };
  } catch (error) {
    await end();
    throw error;
  }
}

const NODE = fileURLToPath(new URL("../../dist/nodes/node.js", import.meta.url));

async function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("message", ({ port }: Listening) => resolve(port));
    child.once("exit", (code) => reject(new Error(`A node ended at once, with ${code}.`)));
  });
}

async function startRedis(): Promise<{ process: ChildProcess; url: string }> {
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const { port } = free.address() as AddressInfo;
  free.close();
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const child = spawn("redis-server", args, { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise<void>((resolve, reject) => {
    child.once("error", () => reject(new Error(NO_REDIS)));
    child.once("exit", (code) => reject(new Error(`redis-server ended at once, with ${code}.`)));
    child.stdout.on("data", (text) => String(text).includes("Ready to accept connections") && resolve());
  });
  return { process: child, url: `redis://127.0.0.1:${port}` };
}

const NO_REDIS =
  "Several nodes need a Redis, and there is no redis-server here. Install one (apt-get install redis-server, brew install redis), " +
  "or name one that runs: REDIS_URL=redis://localhost:6379 npm start -- --nodes 2";

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}
