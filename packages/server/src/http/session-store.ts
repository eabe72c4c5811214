/** Stores of sessions on the server's side, in place of a cookie that has all of them. */

/**
 * Keeps sessions by their ids: texts, each for a time. Four methods make any database one.
 * @example
 * const store: SessionStore = {
 *   get: async (id) => (await db.one("select value from sessions where id = $1 and until > now()", [id]))?.value,
 *   set: (id, value, seconds) => db.run("insert … on conflict (id) do update …", [id, value, seconds]),
 *   touch: (id, seconds) => db.run("update sessions set until = now() + $2 where id = $1", [id, seconds]),
 *   delete: (id) => db.run("delete from sessions where id = $1", [id]),
 * };
 */
export interface SessionStore {
  /** @returns undefined if there is none, or its time is over */
  get(id: string): Promise<string | undefined>;
  /** @param seconds after which it is over, more than 0 */
  set(id: string, value: string, seconds: number): Promise<unknown>;
  /** Gives a session more time, from now. One that is not there any more must not come back. */
  touch(id: string, seconds: number): Promise<unknown>;
  delete(id: string): Promise<unknown>;
}

/** Number of sessions that {@link memorySessions} keeps. */
const MOST = 100_000;

/**
 * Keeps sessions in this process, for tests, development, and an app on one node whose users may be logged out by a deploy.
 * @param most number of sessions; beyond it the oldest are forgotten
 * @example createApp({ session: { store: memorySessions() } });
 */
export function memorySessions(most: number = MOST): SessionStore {
  const all = new Map<string, { readonly value: string; readonly until: number }>();
  const set = (id: string, value: string, seconds: number) => {
    all.delete(id);
    all.set(id, { value, until: Date.now() + seconds * 1000 });
  };
  const get = (id: string) => {
    const { value, until = 0 } = all.get(id) ?? {};
    if (until > Date.now()) return value;
    all.delete(id);
    return undefined;
  };
  return {
    async get(id) {
      return get(id);
    },
    async set(id, value, seconds) {
      set(id, value, seconds);
      for (const oldest of all.keys()) {
        if (all.size <= most && get(oldest) !== undefined) break;
        all.delete(oldest);
      }
    },
    async touch(id, seconds) {
      const value = get(id);
      if (value !== undefined) set(id, value, seconds);
    },
    async delete(id) {
      all.delete(id);
    },
  };
}
