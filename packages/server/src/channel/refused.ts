/** Refusals of a channel's author: an answer of status `error` with a payload of the author's. */

/**
 * Refuses a join or an event: the client gets the payload as the reply, with status `error`. Nothing crashes. In `connect` it
 * refuses the socket with 403.
 * @example throw new Refused({ reason: "unauthorized" });
 */
export class Refused extends Error {
  readonly payload: unknown;

  /** @param payload JSON, or bytes */
  constructor(payload: unknown = {}, options?: ErrorOptions) {
    const reason = (payload as { reason?: unknown } | null)?.reason;
    super(typeof reason === "string" ? reason : "refused", options);
    this.name = "Refused";
    this.payload = payload;
  }
}
