/** The author's `fetch` of a presence: called once for all keys of a change, and never the end of anything. */
import { nameValue } from "../template/wrong-list.ts";
import type { AnyPresence } from "../view/presence.ts";

export type Fetch = NonNullable<AnyPresence["fetch"]>;
/** Result of `fetch` for a key. */
export type Extras = (key: string) => object | undefined;

/** Takes a report for the operator of the app. */
export type Tell = (report: {
  readonly kind: "crash" | "refused" | "warning";
  readonly message: string;
  readonly event?: string | undefined;
  readonly error?: unknown;
}) => void;

/** Time after which a change is shown without what it waits for, in milliseconds. */
const FETCH_TIME = 10_000;

const nothing: Extras = () => undefined;

/** Never rejects: an error is reported, and leaves entries as they are without. */
export async function callFetch(
  fetch: Fetch,
  keys: readonly string[],
  presence: string,
  tell: Tell,
): Promise<Extras> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const fail = () => reject(new Error(`fetch took longer than ${FETCH_TIME} ms`));
    (timer = setTimeout(fail, FETCH_TIME)).unref?.();
  });
  try {
    return readerOf(await Promise.race([(async () => fetch(keys))(), late]));
  } catch (error) {
    const message = "the fetch of a presence failed, so its entries have their metas only";
    tell({ kind: "crash", event: `fetch of presence "${presence}"`, message, error });
    return nothing;
  } finally {
    clearTimeout(timer);
  }
}

/** @throws TypeError if it is neither a map nor an object; the positions of a list could be taken for keys */
function readerOf(fetched: unknown): Extras {
  const own = (value: unknown) => (typeof value === "object" && value !== null ? value : undefined);
  if (fetched instanceof Map) return (key) => own(fetched.get(key));
  const all = own(fetched);
  if (!all || Array.isArray(all))
    throw new TypeError(
      `The fetch of a presence has to return a Map or an object by key, but it is ${nameValue(fetched)}. Write new Map(users.map((user) => [String(user.id), { user }])).`,
    );
  // Names as "constructor" are keys like any other.
  return (key) => (Object.hasOwn(all, key) ? own(Reflect.get(all, key)) : undefined);
}
