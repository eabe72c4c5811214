/** Elements of the page that go on in one that is added: with what they hold they move there, and are never shown twice. */
import { invoke, read } from "../dom/native.ts";
import type { Claims } from "./claims.ts";
import type { Keys } from "./keys.ts";
import { put } from "./order.ts";
import type { Pair } from "./patch-context.ts";

export interface Adoption {
  /**
   * Takes elements that the page has already out of new ones: shown a second time, though for a moment only,
   * it would take the choice of its radio group, or load. Something of its name stands in for it.
   */
  standIn(within: Element): void;
  isStand(node: Node): boolean;
  /**
   * Inserts elements that morphdom did not find, since they come from an element that it was not concerned
   * with.
   * @param queue is given each element that went on in one that was added, and its new state
   */
  settle(queue: Pair[]): void;
}

/** Puts an element of the page where something stands in for it. */
export function replaceChild(own: Element, stand: Element): void {
  put(read(stand, "parentNode") as Element, own, stand);
  invoke(stand, "remove");
}

/** @param byPlace true if elements are identified by their places in the tree */
export function createAdoption({ claim, pair }: Claims, byPlace: boolean, keys: Keys): Adoption {
  const stands = new Map<Node, Pair>();
  const standIn = (within: Element) => {
    for (const child of [...read(within, "children")]) {
      const own = claim(child, byPlace);
      if (!own) {
        standIn(child);
        continue;
      }
      pair(own, child, byPlace);
      // Of no namespace it is none that does anything.
      const stand = invoke(read(child, "ownerDocument"), "createElementNS", null, read(own, "nodeName"));
      invoke(child, "replaceWith", stand);
      stands.set(stand, [own, child]);
      keys.inherit(own, stand);
    }
  };
  return {
    standIn,
    isStand: (node) => stands.has(node),
    settle(queue) {
      for (const [stand, pair] of stands) {
        if (read(stand, "parentNode")) replaceChild(pair[0], stand as Element);
        queue.push(pair);
      }
      stands.clear();
    },
  };
}
