/** Guards of pages, events, handlers and the API. Each asks the database, so a right that was taken away counts at once. */
import { guard, type Session } from "@overwire/server";
import { mayAdminister, mayModerate } from "../../accounts/roles.ts";
import type { User } from "../../database/schema.ts";
import { storeAt } from "./context.ts";

/** The session of a user who is logged in. */
export type UserSession = Session & { readonly userId: number; readonly loginId: string };

/** Path of the handler that ends a session whose log-in is gone. */
export const ENDED = "/login/ended";

/**
 * Lets in visitors, and users whose log-in still counts. Before every page: so all pages of a browser that was logged out elsewhere
 * leave at once. It finds the page's user, also when it is asked again.
 */
export const current = guard(
  async (session, at) => {
    at.context.user = await storeAt(at).accounts.userOf(session);
    return session.loginId === undefined || at.context.user !== undefined;
  },
  { otherwise: ENDED },
);

/** Lets in users who are logged in. */
export const member = guard(
  (session): session is UserSession => session.userId !== undefined && session.loginId !== undefined,
  { otherwise: "/login", flash: "Please log in." },
).and(
  guard(async (session, at) => (await storeAt(at).accounts.userOf(session)) !== undefined, {
    otherwise: "/login",
    flash: "Please log in.",
  }),
);

/** Lets in users who have a right. It may stand alone, as before an API, which has no page for others. */
export const may = (right: (user: User) => boolean) =>
  guard(async (session, at) => {
    const user = await storeAt(at).accounts.userOf(session);
    return user !== undefined && right(user);
  });

export const admin = member.and(may(mayAdminister));
/** Moderators, and those who may do more. */
export const moderator = member.and(may(mayModerate));

/** Lets in users who have shown who they are a short time ago. */
export const sudo = member.and(
  guard((session, at) => storeAt(at).accounts.logins.isFresh(session), {
    otherwise: "/account/confirm",
    flash: { info: "Please show that it is you." },
  }),
);
