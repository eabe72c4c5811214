/** Types: options of sessions and stores. Checked by `npm run types`, never run. */
import { createApp } from "../app.ts";
import { redisSessions } from "../redis.ts";
import { memorySessions, type SessionStore } from "./session-store.ts";

const rows = new Map<string, string>();
export const own: SessionStore = {
  get: async (id) => rows.get(id),
  set: async (id, value) => rows.set(id, value),
  touch: async () => {},
  delete: async (id) => rows.delete(id),
};

createApp({ session: { maxAge: 60, idle: 30, cookie: "sid", store: own } });
createApp({ session: { store: memorySessions(10) } });
createApp({ session: { store: redisSessions({ url: process.env["REDIS_URL"], namespace: "shop" }) } });
// @ts-expect-error a store without an end of its sessions
createApp({ session: { store: { get: own.get, set: own.set, touch: own.touch } } });
// @ts-expect-error times are seconds
createApp({ session: { idle: "30 min" } });
