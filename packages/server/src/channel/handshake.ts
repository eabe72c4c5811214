/** The request that opens a socket of channels: who asks, and if `connect` lets the client in. */
import { CHANNEL_PROTOCOLS, TOKEN_PROTOCOL } from "@overwire/client/wire";
import type { Context } from "hono";
import { BadRequest, Forbidden, HttpError } from "../http/errors.ts";
import { decodeQuery, FieldsError } from "../http/query.ts";
import { statusOf } from "../http/report-once.ts";
import type { Params } from "../view/navigation/params.ts";
import type { Session } from "../view/view-host.ts";
import { Refused } from "./refused.ts";

/** Version that a client may ask for, as `vsn` in the query string. */
const VERSION = /^2(\.|$)/;

/** Argument of `connect`: what is known of a client before it has a socket. */
export interface Handshake {
  /** Params of the path and of the query string. */
  readonly params: Params;
  /** The client's token, or that of an `authorization: Bearer` header. */
  readonly token: string | undefined;
  /** The user's session; empty for a page of another origin, whose requests carry cookies that it has no right to use. */
  readonly session: Readonly<Session>;
  readonly headers: Headers;
  /** Network address of the client, "" if it is not known. */
  readonly address: string;
}

const PROTOCOLS = "sec-websocket-protocol";

/** Subprotocols of a handshake. @throws BadRequest if none of them is known */
export function readProtocols(header: string | null): { protocol?: string; token?: string } {
  const offered = (header ?? "").split(",").flatMap((each) => each.trim() || []);
  const sealed = offered.find((each) => each.startsWith(TOKEN_PROTOCOL));
  const token = sealed && Buffer.from(sealed.slice(TOKEN_PROTOCOL.length), "base64url").toString();
  const protocol = offered.find((each) => CHANNEL_PROTOCOLS.includes(each));
  if (offered.length > 0 && !protocol) {
    const names = CHANNEL_PROTOCOLS.map((each) => JSON.stringify(each)).join(" or ");
    throw new BadRequest(`Offer the subprotocol ${names}, or none.`);
  }
  return { ...(protocol && { protocol }), ...(token && { token }) };
}

/**
 * Params of a handshake.
 * @throws BadRequest if they cannot be read, Forbidden for a version of the protocol that is not spoken
 */
export function readParams(url: URL, ofPath: Params): Params {
  let query: Params;
  try {
    query = decodeQuery(url.search.slice(1));
  } catch (error) {
    if (!(error instanceof FieldsError)) throw error;
    throw new BadRequest(`The query string has ${error.message}.`);
  }
  const { vsn, ...params } = query;
  if (vsn !== undefined && !(typeof vsn === "string" && VERSION.test(vsn)))
    throw new Forbidden(
      `The client asks for version ${JSON.stringify(vsn)} of the protocol, but 2.0.0 is spoken here.`,
    );
  return { ...params, ...ofPath };
}

/** Headers without the token. */
export function withoutProtocols(headers: Headers): Headers {
  const all = new Headers(headers);
  all.delete(PROTOCOLS);
  return all;
}

export const protocolsOf = (c: Context): ReturnType<typeof readProtocols> =>
  readProtocols(c.req.raw.headers.get(PROTOCOLS));

/** An error of `connect` as an answer: `isFault` if it is none that the author meant. */
export function refusalBy(error: unknown): { status: number; message: string; isFault: boolean } {
  const status = statusOf(error) ?? 0;
  if (status >= 400 && status <= 599) {
    const http =
      error instanceof HttpError ? error : new HttpError(status, (error as Error).message || undefined);
    return {
      status,
      message: status < 500 ? http.message : new HttpError(status).message,
      isFault: status >= 500,
    };
  }
  return { status: 403, message: "The app refused the connection.", isFault: !(error instanceof Refused) };
}
