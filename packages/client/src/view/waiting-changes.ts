/** Changes of fields while there is no connection: the last one of each field waits, in its place among other events. */
import type { Push } from "../bindings/host.ts";
import type { PendingRequests } from "./pending-requests.ts";

/** @param sent newest ref that may have reached the server */
export type ReplaceChange = (pending: PendingRequests, sent: number, push: Push) => void;

/** Takes back an earlier change of the same field. */
export const replaceChange: ReplaceChange = (pending, sent, push) => {
  for (const [ref, each] of [...pending].reverse()) {
    const before = each.push;
    // Changes do not overtake other events.
    if (push.type !== "change" || ref <= sent || before?.type !== "change") return;
    if (before.source !== push.source || before.event !== push.event || before.component !== push.component)
      continue;
    pending.delete(ref);
    each.before();
    each.after({});
    return;
  }
};
