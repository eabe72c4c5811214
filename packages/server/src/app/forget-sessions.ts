/** Deletes sessions that are over from their store. */
import type { LiveServices } from "../http/live-route.ts";
import { changeEnds, storeAnswer } from "./store-answer.ts";

/**
 * The change that ended them is made, whatever the store does: a failure is reported.
 * @param ids the public ones
 * @param until the end of the time that the store has
 */
export async function forgetSessions(
  { sessions, report }: Pick<LiveServices, "sessions" | "report">,
  ids: Iterable<string>,
  until = changeEnds(),
): Promise<void> {
  const forget = async (id: string) => {
    try {
      await storeAnswer(sessions.forget(id), until);
    } catch (error) {
      const message = "a session that is over could not be deleted from the store";
      report({ kind: "crash", event: "session", message, error });
    }
  };
  await Promise.all(Array.from(ids, forget));
}
