/** A real OpenID Connect provider for tests: a process of its own on a free port. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

const PROCESS = fileURLToPath(new URL("oidc-process.mjs", import.meta.url));

/** Users of the provider, by their subjects. The address of `mallory` is not confirmed, and `nemo` has none. */
export type OidcAccount = "ada" | "grace" | "mallory" | "nemo";

/** The next answer of the token endpoint: 503, without an id token, or with one that was forged. */
export type OidcFault = "error" | "missing" | "nonce" | "audience" | "issuer" | "expired" | "signature";

export interface OidcServer {
  readonly issuer: string;
  /** Settings of the store for it. */
  readonly client: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string };
  /** Has the next answer of the token endpoint fail. */
  fail(fault: OidcFault): Promise<void>;
  stop(): Promise<void>;
}

/** @param redirectUris addresses of the store to which it may send users back */
export async function startOidc(...redirectUris: readonly string[]): Promise<OidcServer> {
  const child = spawn(process.execPath, [PROCESS, ...redirectUris], { stdio: ["ignore", "pipe", "pipe"] });
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  const issuer = await firstLine(child);
  return {
    issuer,
    client: { issuer, clientId: "store", clientSecret: "a secret of the store and its provider" },
    async fail(token) {
      await fetch(`${issuer}/faults`, { method: "POST", body: JSON.stringify({ token }) });
    },
    async stop() {
      process.off("exit", end);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      end();
      await ended;
    },
  };
}

/** The line that says that it listens. */
async function firstLine(child: ChildProcessByStdio<null, Readable, Readable>): Promise<string> {
  let log = "";
  child.stderr.on("data", (text) => {
    log = (log + text).slice(-10_000);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`The provider ended at once:\n${log}`)));
    createInterface({ input: child.stdout }).once("line", resolve);
  });
}
