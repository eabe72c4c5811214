/** Sessions in Redis: each a key with a time to live, which is the session's own. */
import { once } from "node:events";
import { createClient } from "@redis/client";
import type { ClientOptions } from "./redis-sessions.ts";

/** A store of sessions; `close` ends its connection. */
export interface RedisSessionStore {
  get(id: string): Promise<string | undefined>;
  set(id: string, value: string, seconds: number): Promise<void>;
  touch(id: string, seconds: number): Promise<void>;
  delete(id: string): Promise<void>;
  close(): Promise<void>;
}

/** A Redis that is not there is a failure at once, and not a request that hangs. */
const OWN = { disableOfflineQueue: true } as const;

const makeClient = (options: ClientOptions) => createClient({ ...options, ...OWN });

/** @throws TypeError if the options make no client, such as one with a wrong URL */
export function storeOn(options: ClientOptions, namespace: string): RedisSessionStore {
  const client = makeClient(options);
  // Each command that fails says why.
  client.on("error", () => {});
  client.unref();
  const send = async (...command: string[]): Promise<unknown> => {
    // It goes on trying by itself; who waits hears of the first failure.
    if (!client.isOpen) client.connect().catch(() => {});
    if (!client.isReady) await once(client, "ready");
    return client.sendCommand(command);
  };
  const keyOf = (id: string) => `${namespace}:session:${id}`;
  const inTime = (seconds: number) => String(Math.max(1, Math.round(seconds * 1000)));
  return {
    async get(id) {
      return ((await send("GET", keyOf(id))) as string | null) ?? undefined;
    },
    async set(id, value, seconds) {
      await send("SET", keyOf(id), value, "PX", inTime(seconds));
    },
    async touch(id, seconds) {
      await send("PEXPIRE", keyOf(id), inTime(seconds));
    },
    async delete(id) {
      await send("DEL", keyOf(id));
    },
    async close() {
      if (client.isOpen) client.destroy();
    },
  };
}
