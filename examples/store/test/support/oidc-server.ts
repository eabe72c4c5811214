/** A real OpenID Connect provider for tests: a process of its own on a free port. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

const PROCESS = fileURLToPath(new URL("oidc-process.mjs", import.meta.url));

/** The next answer of the token endpoint: 503, without an id token, or with one that was forged. */
export type OidcFault = "error" | "missing" | "nonce" | "audience" | "issuer" | "expired" | "signature";

export interface OidcServer {
  readonly issuer: string;
  /** Settings of the store for it. */
  readonly client: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string };
  /** Has the next answer of the token endpoint fail. */
  fail(fault: OidcFault): Promise<void>;
  /** Has the next id token tell of a log-in as many seconds ago, or of none. By default it tells only if it was asked to. */
  tellLogIn(ago: number | undefined): Promise<void>;
  /** Has the next id token hold the address, and another name. */
  tellAddress(): Promise<void>;
  stop(): Promise<void>;
}

export interface OidcServerOptions {
  /** The way in which it takes the store's secret. */
  readonly authMethod?: "client_secret_post" | "client_secret_basic";
}

/**
 * Its users are `ada`, `grace`, `mallory`, whose address is not confirmed, `nemo`, who has none, and three whose claims are of other types:
 * `joan`, whose address is confirmed by a text, `trudy` and `trent`, whose address is not.
 * @param redirectUri address of the store to which it sends users back
 */
export async function startOidc(
  redirectUri: string,
  { authMethod = "client_secret_post" }: OidcServerOptions = {},
): Promise<OidcServer> {
  const child = spawn(process.execPath, [PROCESS, redirectUri], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, OIDC_AUTH_METHOD: authMethod },
  });
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  const issuer = await firstLine(child);
  const change = async (token: string) => {
    await fetch(`${issuer}/faults`, { method: "POST", body: JSON.stringify({ token }) });
  };
  return {
    issuer,
    client: { issuer, clientId: "store", clientSecret: "a secret of the store and its provider" },
    fail: change,
    tellLogIn: (ago) => change(ago === undefined ? "untimed" : `ago:${ago}`),
    tellAddress: () => change("address"),
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
