/** The error of a message that has no JSON: names the author's value that causes it. */
import { type Extras, PATCH, type ServerFrame } from "@overwire/client/wire";

/** Entries of a patch without extras. */
const PLAIN_PATCH = 5;

/** @throws TypeError if the author's data in it has no JSON */
export function serializeFrame(frame: ServerFrame): string {
  try {
    // Most frames by far; `JSON.stringify` of the whole array takes half as long again.
    if (frame[0] === PATCH && frame.length === PLAIN_PATCH)
      return `["${PATCH}",${frame[1]},${frame[2]},${frame[3]},${JSON.stringify(frame[4])}]`;
    return JSON.stringify(frame);
  } catch (error) {
    throw unsendable(frame, error);
  }
}

/** @param cause the error of `JSON.stringify` */
function unsendable(frame: ServerFrame, cause: unknown): TypeError {
  const extras = frame.find(isExtras);
  const reason = cause instanceof Error ? cause.message.split("\n")[0] : "it has no JSON";
  const culprit = extras ? culpritOf(extras) : "A message";
  return new TypeError(
    `${culprit} cannot be sent as JSON: ${reason}. Replies and payloads of pushEvent are plain data without cycles and BigInt.`,
    { cause },
  );
}

const isExtras = (part: unknown): part is Extras =>
  typeof part === "object" && part !== null && !Array.isArray(part) && ("r" in part || "e" in part);

function culpritOf({ r, e }: Extras): string {
  for (const [name, payload] of e ?? []) {
    if (!hasJson(payload)) return `The payload of pushEvent(${JSON.stringify(name)})`;
  }
  return r !== undefined && !hasJson(r) ? "The reply of an event" : "A message";
}

function hasJson(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}
