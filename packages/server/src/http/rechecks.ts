/** Rights that may have been withdrawn: guards are asked again, here and on all other nodes. */
import { randomUUID } from "node:crypto";
import type { PubSub } from "../pubsub/pubsub.ts";
import { type OwnerMatcher, ownerMatcher } from "./disconnects.ts";

const TOPIC = "overwire:recheck";

export class Rechecks {
  readonly #pubsub: PubSub;
  readonly #ask: (matches: OwnerMatcher) => void;
  /** Sender of this node's messages: it hears them too, and has acted already. */
  readonly #node = randomUUID();
  #stop: (() => void) | undefined;

  /** @param ask asks the guards of this node */
  constructor(pubsub: PubSub, ask: (matches: OwnerMatcher) => void) {
    this.#pubsub = pubsub;
    this.#ask = ask;
  }

  listen(): void {
    this.#stop ??= this.#pubsub.subscribe(TOPIC, (message) => {
      const [node, id] = Array.isArray(message) ? message : [];
      if (typeof id === "string" && id !== "" && node !== this.#node) this.#ask(ownerMatcher(id));
    });
  }

  /** @throws TypeError if it is not an id */
  recheck(id: string): void {
    if (typeof id !== "string" || id === "")
      throw new TypeError(`recheck expects the name of a user or the id of a session, but got ${id}.`);
    this.#ask(ownerMatcher(id));
    this.#pubsub.publish(TOPIC, [this.#node, id]);
  }

  close(): void {
    this.#stop?.();
    this.#stop = undefined;
  }
}
