/** Errors of queries without the values that were sent: they end in logs, and may be a password's hash or the id of a session. */

/** Parts of errors that hold values: `params` of Drizzle's and of PGlite's, the others of PostgreSQL's. */
const PARTS = ["params", "detail", "where"];
/** Errors that cause each other. */
const DEEPEST = 10;

/** Takes the values out of an error and its causes, which stay the same objects. */
export function hideValues(error: unknown): void {
  let each = error;
  for (let depth = 0; each instanceof Error && depth < DEEPEST; depth++) {
    hideParams(each);
    for (const part of PARTS) if (Object.hasOwn(each, part)) Reflect.deleteProperty(each, part);
    each = each.cause;
  }
}

/** Drizzle's message is the query with its params, and begins the stack. */
function hideParams(error: Error): void {
  const { message, stack } = error;
  if (!("query" in error) || !("params" in error) || !message.startsWith(`Failed query: ${error.query}`))
    return;
  error.message = `Failed query: ${error.query}`;
  if (stack !== undefined) error.stack = stack.replace(message, () => error.message);
}
