/** The error of a session that could not be set. */

/**
 * Reason for which a session was not set. `no_client`: no page is there that could fetch its cookies. `in_render`: a view
 * is being rendered. `not_fetched`: the page did not fetch the cookies in time, or is gone. `changed_elsewhere`: the
 * browser has another session meanwhile, and the page is loaded anew. `no_answer`: the store of
 * sessions did not answer in time. `own_sessions`: the app's sessions are those of its own function. `read_only`: a session
 * that was read is changed, as it is refused in development.
 */
export type SessionErrorCode =
  | "no_client"
  | "in_render"
  | "not_fetched"
  | "changed_elsewhere"
  | "no_answer"
  | "own_sessions"
  | "read_only";

/** Thrown by `setSession` and `clearSession`, and by an assignment to a session. The session is as it was before. */
export class SessionError extends Error {
  readonly code: SessionErrorCode;

  constructor(code: SessionErrorCode, message: string) {
    super(message);
    this.name = "SessionError";
    this.code = code;
  }
}
