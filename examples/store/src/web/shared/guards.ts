/** Guards of pages, events and the API. Each asks the database, so a right that was taken away counts at once. */
import { Forbidden, guard, type Session } from "@overwire/server";
import { storeAt } from "./context.ts";

/** The session of a user who is logged in. */
export type UserSession = Session & { readonly userId: number; readonly loginId: string };

/** Lets in users who are logged in. */
export const member = guard(
  (session): session is UserSession => session.userId !== undefined && session.loginId !== undefined,
  { otherwise: "/login", flash: "Please log in." },
);

const hasRole = (...roles: readonly string[]) =>
  guard(
    async (session, at) => {
      const user = await storeAt(at).services.repo.get("users", session.userId ?? 0);
      return user !== undefined && roles.includes(user.role);
    },
    { otherwise: Forbidden },
  );

export const admin = member.and(hasRole("admin"));
/** Moderators, and those who may do more. */
export const moderator = member.and(hasRole("admin", "moderator"));
