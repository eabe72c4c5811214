/** Errors of requests whose answers will not come because the connection was lost. */

/** The cause of such an error. */
export const LOST = "lost";

export const lostError = (): Error =>
  new Error("Overwire: the connection was lost, and the view was mounted anew", { cause: LOST });
