/** The `authorization` header of clients that have a token. */

const header = /^bearer +(\S+) *$/i;

/** The token of `authorization: Bearer <token>`, undefined if there is none. */
export const bearerOf = (headers: Headers): string | undefined =>
  header.exec(headers.get("authorization") ?? "")?.[1];
