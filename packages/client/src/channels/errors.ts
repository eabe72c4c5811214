/** Errors of channels. */

/** Codes of the client's own; docs/errors.md explains them. Refusals of the server have others. */
export type ChannelErrorCode =
  | "timeout"
  | "unanswered"
  | "lost"
  | "crashed"
  | "queue_full"
  | "left"
  | "closed"
  | "disconnected"
  | "not_joined"
  | "joined_twice"
  | "unsent"
  | "refused";

/** A join or a push that did not succeed. */
export class ChannelError extends Error {
  /** Of the refusal, its reason if it has none, or one of the client's own. */
  readonly code: ChannelErrorCode | (string & {});
  /** The server's answer, if it gave one. */
  readonly reply: unknown;

  constructor(code: string, message: string, reply?: unknown) {
    super(message);
    this.name = "ChannelError";
    this.code = code;
    this.reply = reply;
  }
}

/** An error that says what the server has refused, and its answer. */
export function refusal(refused: string, reply: unknown): ChannelError {
  const { code, reason } = Object(reply) as { readonly code?: unknown; readonly reason?: unknown };
  const shown = reply instanceof Uint8Array ? `${reply.length} bytes` : JSON.stringify(reply);
  return new ChannelError(String(code ?? reason ?? "refused"), `${refused} was refused: ${shown}`, reply);
}
