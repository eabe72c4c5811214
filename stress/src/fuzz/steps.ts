/** Steps of a batch of attacks: plain data, so that they can be written down and run again. */

export type Step =
  /** A new socket of a visitor under a number; one that had the number goes on without it. */
  | {
      readonly do: "open";
      readonly socket: number;
      readonly visitor: number;
      /** Path of a socket of channels; else it is one of views. */
      readonly channels?: string;
    }
  /** A visitor loads the page of its account, with the cookies that it has by then. */
  | { readonly do: "visit"; readonly visitor: number }
  /** The request for the session of a socket's ticket. */
  | ({ readonly do: "session"; readonly socket: number } & SessionRequest)
  | { readonly do: "text"; readonly socket: number; readonly text: string }
  /** Bytes in base64. */
  | { readonly do: "binary"; readonly socket: number; readonly bytes: string }
  | { readonly do: "end"; readonly socket: number; readonly how: Ending }
  /** Waits until the server has handled everything that was sent, or has sent a ticket that is new. */
  | { readonly do: "wait"; readonly socket: number; readonly until?: "ticket" }
  /** A request, in bytes (latin1) over a connection of its own. */
  | { readonly do: "http"; readonly bytes: string }
  /** Bytes (base64) behind a valid handshake, which need not be WebSocket frames. */
  | { readonly do: "bare"; readonly bytes: string };

export interface SessionRequest {
  /** The visitor whose cookies go along. */
  readonly visitor: number;
  readonly body: string;
  readonly origin: string;
  /** Number of equal requests at once. */
  readonly times: number;
}

/** `half`: the client closes only its own side. */
export type Ending = "closed" | "lost" | "cut" | "paused" | "resumed";

/** Visitors of a batch. */
export const VISITORS = 2;

/** Visitors who log in and out. Their tokens become stale, so those of the pages are no others'. */
export const ACCOUNT_VISITORS = [2, 3] as const;

/** A visitor without an account. */
export const FOREIGN_VISITOR = 0;

/** Pages that each visitor has loaded. */
export const PAGES = [
  "/",
  "/forms",
  "/nested",
  "/lists",
  "/uploads",
  "/slow",
  "/items/1",
  "/anything",
] as const;

/** Number of the account's page, behind {@link PAGES}. */
export const ACCOUNT = PAGES.length;

/** A topic that only the well-behaved client of channels has joined. */
export const JOINED_TOPIC = "room:witness";

/** Stands for a token of a page, which differs from run to run. */
export const tokenMark = (visitor: number, page: number, index: number) =>
  `@token ${visitor} ${page} ${index}@`;

export const TOKEN_MARK = /@token (\d+) (\d+) (\d+)@/g;

/** Stands for the ref of an upload that a socket's view has, which differs from run to run. */
export const uploadMark = (index: number) => `@upload ${index}@`;

export const UPLOAD_MARK = /@upload (\d+)@/g;

/** Stands for a ticket that a socket has got: 0 is the latest one. */
export const ticketMark = (index: number) => `@ticket ${index}@`;

export const TICKET_MARK = /@ticket (\d+)@/g;

/** Stands for the origin of the server. */
export const ORIGIN_MARK = "@origin@";
