/** Signed tokens of addresses that only the store gives out. */
import { type Secret, signToken, verifyToken } from "@overwire/server";
import type { PendingIdentity } from "../../accounts/identities.ts";

/** Path of the page of connected accounts. */
export const CONNECTIONS = "/account/connections";

const CONNECT = "connect an identity provider";
const OFFER = "identity that waits for its user";
/** Seconds: the browser goes there at once. */
const CONNECT_AGE = 60;
/** Seconds: for a log-in in between. */
const OFFER_AGE = 10 * 60;

interface ConnectTicket {
  readonly provider: string;
  readonly loginId: string;
}

/**
 * Path that begins a flow for a user who has pressed the button. Without the ticket another site could have a browser connect an
 * account of its own choice.
 */
export const connectPath = (secret: Secret, ticket: ConnectTicket): string =>
  `/auth/${ticket.provider}?ticket=${signToken(secret, CONNECT, ticket, CONNECT_AGE)}`;

/** Tells if a token is a ticket for this provider and this log-in. */
export function isTicket(secret: Secret, token: string, provider: string, loginId?: string): boolean {
  const verified = verifyToken<ConnectTicket>(secret, CONNECT, token);
  return verified.ok && verified.data.provider === provider && verified.data.loginId === loginId;
}

/** Path of the page that offers its user an identity, after a log-in. */
export const offerPath = (secret: Secret, pending: PendingIdentity): string =>
  `${CONNECTIONS}/offer/${signToken(secret, OFFER, pending, OFFER_AGE)}`;

/** The identity of an offer; undefined if its time is over. */
export function offerOf(secret: Secret, token: string): PendingIdentity | undefined {
  const verified = verifyToken<PendingIdentity>(secret, OFFER, token);
  return verified.ok ? verified.data : undefined;
}
