/** Signed tokens of addresses that only the store gives out. */
import { type Secret, signToken, verifyToken } from "@overwire/server";
import type { PendingIdentity } from "../../accounts/identities.ts";

/** Path of the page of connected accounts. */
export const CONNECTIONS = "/account/connections";

/** Path of the page on which a user shows again who they are. */
export const SHOW_AGAIN = "/account/confirm";

const TICKET = "flow of a user who is logged in";
const OFFER = "identity that waits for its user";
/** Seconds: the browser goes there at once. */
const TICKET_AGE = 60;
/** Seconds: for a log-in in between. */
const OFFER_AGE = 10 * 60;

/** Reason for which a user who is logged in goes to a provider: to connect an account there, or to show again who they are. */
export type Purpose = "connect" | "confirm";

interface Ticket {
  readonly purpose: Purpose;
  readonly provider: string;
  readonly loginId: string;
}

/**
 * Path that begins a flow for a user who has pressed the button. Without the ticket another site could have a browser connect an
 * account of its own choice.
 */
export const ticketPath = (secret: Secret, ticket: Ticket): string =>
  `/auth/${ticket.provider}?ticket=${signToken(secret, TICKET, ticket, TICKET_AGE)}`;

/** The ticket that a token holds for this provider and this log-in. */
export function ticketOf(
  secret: Secret,
  token: string,
  provider: string,
  loginId?: string,
): Ticket | undefined {
  const verified = verifyToken<Ticket>(secret, TICKET, token);
  if (!verified.ok || verified.data.provider !== provider || verified.data.loginId !== loginId)
    return undefined;
  return verified.data;
}

/** Path of the page that offers its user an identity, after a log-in. */
export const offerPath = (secret: Secret, pending: PendingIdentity): string =>
  `${CONNECTIONS}/offer/${signToken(secret, OFFER, pending, OFFER_AGE)}`;

/** The identity of an offer; undefined if its time is over. */
export function offerOf(secret: Secret, token: string): PendingIdentity | undefined {
  const verified = verifyToken<PendingIdentity>(secret, OFFER, token);
  return verified.ok ? verified.data : undefined;
}
