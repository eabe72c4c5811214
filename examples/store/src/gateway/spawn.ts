/** Starts the stand-in gateway as a child process of the store. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { z } from "zod";

export interface SpawnedGatewayOptions {
  /** 0 takes any free one. */
  readonly port: number;
  readonly secret: string;
  readonly webhookUrl: string;
  /** The address under which browsers reach it. */
  readonly publicUrl?: string | undefined;
  /** Keeps payments and cards. */
  readonly file?: string | undefined;
}

export interface SpawnedGateway {
  readonly url: string;
  close(): Promise<void>;
}

/** As it is built. The path is the same way up from src and from dist. */
const PROGRAM = fileURLToPath(new URL("../../dist/gateway/server.js", import.meta.url));

const listening = z.object({ port: z.int() });

/** Resolves when it listens. It ends with this process, however that ends. */
export async function spawnGateway(options: SpawnedGatewayOptions): Promise<SpawnedGateway> {
  const { port, secret, webhookUrl, publicUrl, file } = options;
  const child = fork(PROGRAM, {
    env: {
      ...process.env,
      PORT: String(port),
      GATEWAY_SECRET: secret,
      WEBHOOK_URL: webhookUrl,
      ...(publicUrl !== undefined && { GATEWAY_PUBLIC_URL: publicUrl }),
      ...(file !== undefined && { GATEWAY_FILE: file }),
    },
    execArgv: ["--enable-source-maps"],
  });
  const listensAt = await listens(child);
  return {
    url: `http://127.0.0.1:${listensAt}`,
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}

function listens(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () =>
      reject(new Error("The stand-in gateway cannot listen. GATEWAY_URL names another gateway.")),
    );
    child.once("message", (message) => resolve(listening.parse(message).port));
  });
}
