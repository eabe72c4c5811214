/** Registrations that were never confirmed: their addresses are free again after a while. */
import type { Audit } from "../audit/audit.ts";
import type { Services } from "../services/services.ts";
import { DAY } from "../shared/clock.ts";

/** Time that a user has to confirm the address of a registration, by whatever link that is mailed in it. */
const KEPT = 7 * DAY;
/** Users of a round. The next one takes more. */
const MOST = 1000;

/**
 * Deletes users whose registration is a week old and was never confirmed. One to whom a link is on its way has until the link's end.
 * @returns the number of users deleted
 */
export async function deleteUnconfirmed(
  { repo, clock }: Pick<Services, "repo" | "clock">,
  audit: Pick<Audit, "record">,
): Promise<number> {
  const now = clock();
  const old = { confirmedAt: null, createdAt: { lte: new Date(now.getTime() - KEPT) } };
  let deleted = 0;
  for (const { id } of await repo.filter("users", old, { orderBy: { createdAt: "asc" }, limit: MOST })) {
    deleted += await repo.transaction(async () => {
      if ((await repo.count("tokens", { userId: id, expiresAt: { gt: now } })) > 0) return 0;
      // Asked again with all conditions: the user may have confirmed, or registered anew, since.
      return (await repo.deleteAll("users", { ...old, id })).length;
    });
  }
  if (deleted > 0) await audit.record(undefined, "user.unconfirmed_deleted", "users", { users: deleted });
  return deleted;
}
