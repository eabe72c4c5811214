/** The whole store as it is deployed: its server in a process of its own, with PGlite, mails in a folder, and the gateway beside it. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@overwire/test-support/free-port";
import { serverProcesses } from "@overwire/test-support/server-process";
import { expect, onTestFinished, vi } from "vitest";
import { openPglite } from "../../src/database/database.ts";
import type { StoreRepo } from "../../src/database/schema.ts";
import { seed } from "../../src/database/seed.ts";

const SERVER = fileURLToPath(new URL("../../dist/server.js", import.meta.url));

export interface RunningStoreOptions {
  /** Rows beside the seeds, before the first start. */
  readonly fill?: (repo: StoreRepo) => Promise<void>;
  readonly environment?: NodeJS.ProcessEnv;
  /** As {@link storePort} has found it; without it any. */
  readonly port?: number;
}

export interface RunningStore {
  /** Address of the store, without a path. */
  readonly url: string;
  /** Link of the newest mail to an address with these words in its subject; waits for it. */
  link(to: string, subject: string): Promise<string>;
  /** Subjects of all mails to an address, the oldest first. */
  subjects(to: string): Promise<string[]>;
  /** Ends the server and its gateway, as a deploy or a crash does. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Starts it again, on the same port with the same data. */
  start(): Promise<void>;
  /** Reads or changes the data while the server has ended. */
  withData<T>(work: (repo: StoreRepo) => Promise<T>): Promise<T>;
}

/** Called once in a file. @returns a function that starts a store, which lasts as long as the test */
export function runningStores(): (options?: RunningStoreOptions) => Promise<RunningStore> {
  // A walk has many steps, and the machine may have other work.
  vi.setConfig({ testTimeout: 240_000 });
  const run = serverProcesses();
  return async ({ fill, environment, port: chosen }: RunningStoreOptions = {}) => {
    const data = await mkdtemp(join(tmpdir(), "overwire-walk-"));
    const port = chosen ?? (await storePort());
    let server: ReturnType<typeof run>;
    const mails = mailsIn(join(data, "mail"));

    const withData = async <T>(work: (repo: StoreRepo) => Promise<T>) => {
      const database = await openPglite(join(data, "database"));
      try {
        await database.migrate(seed);
        return await work(database.repo);
      } finally {
        await database.close();
      }
    };
    const start = async () => {
      server = run(SERVER, {
        PORT: String(port),
        STORE_DATA: data,
        SECRET_KEY_BASE: "a secret of walks alone, which no other app has",
        GATEWAY_SECRET: "a gateway's secret of walks alone",
        ...environment,
      });
      await server.says("listens on");
    };
    const end = async (signal: "SIGTERM" | "SIGKILL") => {
      server.process.kill(signal);
      await server.closed;
    };

    if (fill) await withData(fill);
    await start();
    onTestFinished(async () => {
      await end("SIGKILL");
      await rm(data, { recursive: true, force: true });
    });
    return { url: `http://localhost:${port}`, ...mails, end, start, withData };
  };
}

/** A port for the store; the one after it is its gateway's. */
export const storePort = (): Promise<number> => freePort(2);

function mailsIn(folder: string) {
  const all = async () => {
    const files = (await readdir(folder).catch(() => [])).sort();
    const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
    return texts.map((text) => ({
      to: /^To: (.*)$/m.exec(text)?.[1],
      subject: /^Subject: (.*)$/m.exec(text)?.[1] ?? "",
      link: /https?:\S+/.exec(text)?.[0],
    }));
  };
  const allTo = async (to: string) => (await all()).filter((mail) => mail.to === to);
  return {
    link: (to: string, subject: string) =>
      vi.waitFor(async () => {
        const link = (await allTo(to)).findLast((mail) => mail.subject.includes(subject))?.link;
        expect(link, `a link in a mail "${subject}" to ${to}`).toBeDefined();
        return link as string;
      }),
    subjects: async (to: string) => (await allTo(to)).map(({ subject }) => subject),
  };
}
