/** Closing a socket: with a reason that fits into a close frame, and without harm if the transport fails. */
import type { Report } from "../runtime/services.ts";
import type { Peer } from "./transport.ts";

/** A close frame has room for so many bytes of a reason. */
const room = new Uint8Array(123);
const encoder = new TextEncoder();

/** @param reason never the client's text */
export function closePeer(peer: Peer, code: number, reason: string, report: (report: Report) => void): void {
  try {
    const { read } = encoder.encodeInto(reason, room);
    peer.close(code, reason.slice(0, read));
  } catch (error) {
    report({ kind: "warning", event: "close", message: "a socket could not be closed", error });
  }
}
