/** Metas are copied when they are tracked, the way other nodes get them: later changes of the author's objects change none. */
import { DevalueError, parse, stringify } from "devalue";
import { nameValue } from "../template/wrong-list.ts";

export interface MetaCopy {
  readonly data: object;
  /** Characters when it is serialised. */
  readonly size: number;
}

/** Characters of a meta. Every node has those of all. */
const MOST_CHARACTERS = 64 * 1024;

/**
 * @throws TypeError if it is no object, or not only data
 * @throws RangeError if it is too large
 */
export function copyMeta(meta: unknown): MetaCopy {
  if (typeof meta !== "object" || meta === null || Array.isArray(meta))
    throw new TypeError(
      `The meta of a presence is an object, { name: "Ada" }, but it is ${nameValue(meta)}. Write {} if there is nothing to tell.`,
    );
  let text: string;
  try {
    text = stringify(meta);
  } catch (error) {
    const path = error instanceof DevalueError ? error.path.replace(/^\./, "") : "";
    const place = path && `: its ${path} cannot be sent`;
    throw new TypeError(`The meta of a presence has to be data, for other nodes${place}.`, { cause: error });
  }
  if (text.length > MOST_CHARACTERS)
    throw new RangeError(
      `The meta of a presence has ${text.length} characters, and at most ${MOST_CHARACTERS} are told to all nodes. Let it name what others can look up.`,
    );
  return { data: parse(text) as object, size: text.length };
}
