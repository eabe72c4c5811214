/** Close codes of a socket, as the server reads them. */
import { CLOSE_DISCONNECTED, CLOSE_MALFORMED, CLOSE_TOO_MANY } from "./constants.ts";

/** A client that says goodbye (1000, 1001, no code), and clients that were refused; not one with a message too large (1009). */
const final = new Set([1000, 1001, 1005, 1002, 1007, CLOSE_MALFORMED, CLOSE_TOO_MANY, CLOSE_DISCONNECTED]);

/** Tells if a socket that closed with this code is a lost connection, whose client may come back for its views. */
export const isLost = (code: number): boolean => !final.has(code);
