/** Details of an entry of the audit log, as the desk shows them. */
import { type Child, html } from "@overwire/server";
import { deviceOf, placeOf } from "../../accounts/devices.ts";
import type { AuditDetails } from "../../audit/audit.ts";

/** Details as `name: value`. Browsers are in words, with what they say of themselves as the title. */
export const Details = ({ details }: { readonly details: AuditDetails }) =>
  Object.entries(details)
    .filter(([name, value]) => name !== "address" || value !== "")
    .map(([name, value], index) => html`${index > 0 && ", "}${detail(name, value)}`);

function detail(name: string, value: AuditDetails[string] | undefined): Child {
  if (typeof value !== "string") return `${name}: ${value}`;
  if (name === "agent") return html`browser: <span title=${value || null}>${deviceOf(value)}</span>`;
  return `${name}: ${name === "address" ? placeOf(value) : value}`;
}
