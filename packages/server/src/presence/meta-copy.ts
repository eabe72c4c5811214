/** Metas are copied when they are tracked, the way other nodes get them: later changes of the author's objects change none. */
import { DevalueError, parse, stringify } from "devalue";
import { nameValue } from "../template/wrong-list.ts";

export interface MetaCopy {
  readonly data: object;
  /** Characters when it is serialised. */
  readonly size: number;
}

/** Characters of an arrival, with its presence and key: every node has those of all. */
const MOST_CHARACTERS = 64 * 1024;

/** @throws TypeError if it is no object, or not only data */
export function copyMeta(meta: unknown): MetaCopy {
  if (typeof meta !== "object" || meta === null || Array.isArray(meta))
    throw new TypeError(
      `The meta of a presence is an object, { name: "Ada" }, but it is ${nameValue(meta)}. Write {} if there is nothing to tell.`,
    );
  try {
    const text = stringify(meta);
    return { data: parse(text) as object, size: text.length };
  } catch (error) {
    const path = error instanceof DevalueError ? error.path.replace(/^\./, "") : "";
    const place = path && `: its ${path} cannot be sent`;
    throw new TypeError(`The meta of a presence has to be data, for other nodes${place}.`, { cause: error });
  }
}

/** @throws RangeError for what is too large to be told to all nodes */
export function checkSize(presence: string, key: string, { size }: MetaCopy): void {
  const all = presence.length + key.length + size;
  if (all <= MOST_CHARACTERS) return;
  throw new RangeError(
    `A name, key and meta of a presence have ${all} characters together, and at most ${MOST_CHARACTERS} are told to all nodes. Let the meta name what others can look up.`,
  );
}
