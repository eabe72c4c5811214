/** The role of a user as the desk shows it. */
import { html } from "@overwire/server";
import type { Role } from "../../database/schema.ts";

const kinds: { readonly [role in Role]: string } = { customer: "", moderator: "good", admin: "warn" };

export const RoleBadge = ({ role }: { readonly role: Role }) =>
  html`<span class="badge ${kinds[role]}">${role}</span>`;
