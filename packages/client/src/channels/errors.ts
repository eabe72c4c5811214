/** Errors of channels. */

/**
 * A join or a push that did not succeed. `code` tells its kind: that of the refusal, or one of the client's own: `timeout`,
 * `unanswered` (the line broke before the reply, so the push may have arrived), `crashed`, `queue_full`, `left`, `closed`,
 * `disconnected`, `not_joined`, `joined_twice`.
 */
export class ChannelError extends Error {
  readonly code: string;
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
