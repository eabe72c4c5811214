/** Ending all that belongs to a session or to a user: here at once, on other nodes by a message. */
import { createHash, randomUUID } from "node:crypto";
import type { PubSub } from "../pubsub/pubsub.ts";
import type { ViewOwner } from "../runtime/view-owner.ts";

/** Number of disconnects that are remembered. */
const MOST_RECENT = 10_000;
const TOPIC = "overwire:disconnect";

/**
 * The public id of a session, for `app.disconnect`. The visitor's own id is a secret of one browser, which has no business in
 * logs, databases and messages.
 */
export const sessionIdOf = (visitor: string): string =>
  createHash("sha256").update(`overwire:session:${visitor}`).digest("base64url").slice(0, 22);

/** Recognises the views and sockets of an id. A hash for each is cheap, since disconnects are rare. */
export function ownerMatcher(
  id: string,
): (owner: Pick<ViewOwner, "visitor" | "name"> | undefined) => boolean {
  return (owner) =>
    owner !== undefined && (owner.name === id || owner.visitor === id || sessionIdOf(owner.visitor) === id);
}

export type OwnerMatcher = ReturnType<typeof ownerMatcher>;

export class Disconnects {
  readonly #pubsub: PubSub;
  readonly #end: (matches: OwnerMatcher) => void;
  readonly #ended: { readonly add: (id: string) => void } | undefined;
  /** Sender of this node's messages: it hears them too, and has acted already. */
  readonly #node = randomUUID();
  #stop: (() => void) | undefined;
  /** The last ones, for views that are made from a request or a join that was under way. */
  readonly #recent: OwnerMatcher[] = [];
  #forgotten = 0;

  /**
   * @param end ends the views on this node
   * @param ended remembers sessions that are over
   */
  constructor(
    pubsub: PubSub,
    end: (matches: OwnerMatcher) => void,
    ended?: { readonly add: (id: string) => void },
  ) {
    this.#pubsub = pubsub;
    this.#end = end;
    this.#ended = ended;
  }

  /** Something may have to be ended from now on. */
  listen(): void {
    this.#stop ??= this.#pubsub.subscribe(TOPIC, (message) => {
      const [node, id, isOver] = Array.isArray(message) ? message : [];
      if (typeof id === "string" && id !== "" && node !== this.#node) this.#run(id, isOver === true);
    });
  }

  /** A session is over: all of it ends, and its cookies do not count any more. @param id the public one */
  logOut(id: string): void {
    this.#run(id, true);
    this.#pubsub.publish(TOPIC, [this.#node, id, true]);
  }

  /** @throws TypeError if it is not an id, as for a visitor without a session */
  disconnect(id: string): void {
    if (typeof id !== "string" || id === "")
      throw new TypeError(`disconnect expects the name of a user or the id of a session, but got ${id}.`);
    this.#run(id);
    this.#pubsub.publish(TOPIC, [this.#node, id]);
  }

  /** The time of a visitor's session is over, as each node finds by itself. */
  expire(visitor: string): void {
    this.#end((owner) => owner?.visitor === visitor);
  }

  /** Number of disconnects so far. */
  get epoch(): number {
    return this.#forgotten + this.#recent.length;
  }

  /** Tells if the owner of a view has been disconnected since it was made. */
  concerns(owner: ViewOwner): boolean {
    const since = owner.epoch - this.#forgotten;
    return since < 0 || this.#recent.slice(since).some((matches) => matches(owner));
  }

  #run(id: string, isOver = false): void {
    if (isOver) this.#ended?.add(id);
    const matches = ownerMatcher(id);
    if (this.#recent.push(matches) > MOST_RECENT) {
      this.#recent.shift();
      this.#forgotten++;
    }
    this.#end(matches);
  }

  close(): void {
    this.#stop?.();
    this.#stop = undefined;
  }
}
