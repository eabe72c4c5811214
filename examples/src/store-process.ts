/** The store beside the gallery: a process of its own, with a port of its own, that ends with the gallery. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Time in which the store may finish its requests and close its database, in milliseconds. */
const DEADLINE = 12_000;

/** Message of a store that listens. */
interface Listening {
  readonly port: number;
}

/** A store that runs. */
export interface StoreProcess {
  /** Resolves to its port; never if it ends before. */
  readonly listening: Promise<number>;
  /** Resolves when it has ended, by itself or by {@link close}. */
  readonly ended: Promise<unknown>;
  close(): Promise<void>;
}

const SERVER = fileURLToPath(new URL("../store/dist/server.js", import.meta.url));
const DATA = fileURLToPath(new URL("../store/.data", import.meta.url));

/** Starts the store with the environment of this process: STORE_PORT is its port, STORE_DATA the folder of its data. */
export function startStore(environment: NodeJS.ProcessEnv = process.env): StoreProcess {
  const { STORE_PORT, STORE_DATA } = environment;
  const env = { ...environment, PORT: STORE_PORT || "4100", STORE_DATA: STORE_DATA || DATA };
  const child = fork(SERVER, { env, execArgv: ["--enable-source-maps"] });
  const ended = once(child, "exit");
  return {
    listening: new Promise((resolve) => {
      child.once("message", ({ port }: Listening) => resolve(port));
    }),
    ended,
    async close() {
      // No signal: the terminal may have sent it one, and a second one ends it at once.
      if (child.connected) child.disconnect();
      const late = setTimeout(() => child.kill("SIGKILL"), DEADLINE);
      await ended;
      clearTimeout(late);
    },
  };
}
