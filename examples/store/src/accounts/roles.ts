/** Rights of roles: one answer for pages, events and the API alike. */
import type { Role } from "../database/schema.ts";

interface HasRole {
  readonly role: Role;
}

/** Moderators look after the catalogue and orders; admins may all that they may. */
export const mayModerate = ({ role }: HasRole): boolean => role === "moderator" || role === "admin";

/** Admins alone see what all customers do, and give roles. */
export const mayAdminister = ({ role }: HasRole): boolean => role === "admin";
