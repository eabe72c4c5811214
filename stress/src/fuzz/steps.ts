/** Steps of a batch of attacks: plain data, so that they can be written down and run again. */

export type Step =
  /** A new socket of a visitor under a number; one that had the number goes on without it. */
  | { readonly do: "open"; readonly socket: number; readonly visitor: number }
  | { readonly do: "text"; readonly socket: number; readonly text: string }
  /** Bytes in base64. */
  | { readonly do: "binary"; readonly socket: number; readonly bytes: string }
  | { readonly do: "end"; readonly socket: number; readonly how: Ending }
  /** Waits until the server has handled everything that was sent. */
  | { readonly do: "wait"; readonly socket: number }
  /** A request, in bytes (latin1) over a connection of its own. */
  | { readonly do: "http"; readonly bytes: string }
  /** Bytes (base64) behind a valid handshake, which need not be WebSocket frames. */
  | { readonly do: "bare"; readonly bytes: string };

/** `half`: the client closes only its own side. */
export type Ending = "closed" | "lost" | "cut" | "paused" | "resumed";

/** Visitors of a batch. */
export const VISITORS = 2;

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

/** Stands for a token of a page, which differs from run to run. */
export const tokenMark = (visitor: number, page: number, index: number) =>
  `@token ${visitor} ${page} ${index}@`;

export const TOKEN_MARK = /@token (\d+) (\d+) (\d+)@/g;

/** Stands for the ref of an upload that a socket's view has, which differs from run to run. */
export const uploadMark = (index: number) => `@upload ${index}@`;

export const UPLOAD_MARK = /@upload (\d+)@/g;

/** Stands for the origin of the server. */
export const ORIGIN_MARK = "@origin@";
