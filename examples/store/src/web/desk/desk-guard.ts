/** The guard of the desk. */
import { guard } from "@overwire/server";
import type { Role } from "../../database/schema.ts";
import { moderator } from "../shared/guards.ts";

declare module "@overwire/server" {
  interface ViewContext {
    /** The role for which a page of the desk was made. */
    deskRole?: Role | undefined;
  }
}

/** A page that is open is loaded anew when its user has another role: it shows what the role may do. */
const sameRole = guard((_session, { context }) => {
  const role = context.user?.role;
  context.deskRole ??= role;
  return context.deskRole === role;
});

/** Lets in moderators and admins. */
export const atDesk = moderator.and(sameRole);
