/** Messages of an author: names and payloads that cannot be right are found when they are given. */
import { PHX } from "@overwire/client/wire";
import { nameValue } from "../template/wrong-list.ts";

/** @throws TypeError for a name that is none, or one of the protocol's own */
export function checkMessage(method: string, name: unknown): asserts name is string {
  if (typeof name !== "string" || name === "")
    throw new TypeError(
      `The name of a message is ${nameValue(name)}. Write this.${method}("message", { … }).`,
    );
  if (name.startsWith(PHX))
    throw new TypeError(
      `The message ${JSON.stringify(name)} has a name that begins with "${PHX}", which the protocol keeps to itself.`,
    );
}

/**
 * Encodes a payload.
 * @throws TypeError that names the message if it has no JSON
 */
export function encoding<T>(what: string, name: string, encode: () => T): T {
  try {
    return encode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new TypeError(
      `The payload of ${what}(${JSON.stringify(name)}) cannot be sent as JSON: ${error.message.split("\n")[0]}. Payloads are plain data without cycles and BigInt, or a Uint8Array.`,
      { cause: error },
    );
  }
}
