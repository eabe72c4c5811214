/** The time of sessions with sockets: a clock on each node, and messages by which all know of their users' activity. */
import { randomUUID } from "node:crypto";
import { type Disconnects, sessionIdOf } from "../http/disconnects.ts";
import type { Sessions } from "../http/session.ts";
import type { PubSub } from "../pubsub/pubsub.ts";
import type { Report } from "../runtime/services.ts";
import { SessionClock } from "../runtime/session-clock.ts";

const TOPIC = "overwire:session:seen";

/** @returns the clock of an app, and a function that lets it hear other nodes until its own result is called */
export function sessionClock(
  sessions: Sessions,
  disconnects: Disconnects,
  pubsub: PubSub,
  report: (report: Report) => void,
): { readonly clock: SessionClock; listen(): void; close(): void } {
  const node = randomUUID();
  const { store, idle } = sessions;
  const failed = (error: unknown) =>
    report({ kind: "crash", event: "session", message: "a session could not be given more time", error });
  const clock = new SessionClock(idle, {
    idOf: sessionIdOf,
    end: (visitor) => disconnects.expire(visitor),
    tell: (id, until) => pubsub.publish(TOPIC, [node, id, until]),
    touch: store && (({ id, ends }) => void sessions.touch(id, ends).catch(failed)),
    exists: store && (async (id) => ((await store.get(id)) ?? undefined) !== undefined),
  });
  let stop: (() => void) | undefined;
  return {
    clock,
    listen() {
      if (idle === undefined) return;
      stop ??= pubsub.subscribe(TOPIC, (message) => {
        const [from, id, until] = Array.isArray(message) ? message : [];
        if (from !== node && typeof id === "string" && typeof until === "number") clock.seen(id, until);
      });
    },
    close() {
      stop?.();
      stop = undefined;
      clock.close();
    },
  };
}
