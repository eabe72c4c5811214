/** Deletes sessions that are over from their store. */
import type { LiveServices } from "../http/live-route.ts";

/** The change that ended them is made, whatever the store does: a failure is reported. @param ids the public ones */
export async function forgetSessions(
  { sessions, report }: Pick<LiveServices, "sessions" | "report">,
  ids: Iterable<string>,
): Promise<void> {
  const forget = async (id: string) => {
    try {
      await sessions.forget(id);
    } catch (error) {
      const message = "a session that is over could not be deleted from the store";
      report({ kind: "crash", event: "session", message, error });
    }
  };
  await Promise.all(Array.from(ids, forget));
}
