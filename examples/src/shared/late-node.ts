/** Lets a node that starts later have what the others know already: it asks them, and they tell. */
import { randomUUID } from "node:crypto";
import { type Topic, topic } from "@overwire/server";
import { pubsub } from "./pubsub.ts";

/** Names this process among the nodes. */
const NODE = randomUUID();

/**
 * @param name of what is known
 * @param tell gives all that this node knows
 * @param learn takes it in on another node, also several times, and after changes that were made there meanwhile
 * @returns published on this node after each `learn`
 */
export function catchUp<Known>(name: string, tell: () => Known, learn: (known: Known) => void): Topic<Known> {
  const asked = topic<string>(`${name}/asked`);
  const toldTo = (node: string) => topic<Known>(`${name}/told/${node}`);
  const told = toldTo(NODE);
  pubsub.subscribe(asked, (node) => {
    if (node !== NODE) pubsub.publish(toldTo(node), tell());
  });
  pubsub.subscribe(told, learn);
  // The answer would be missed if the question were faster than the subscription.
  void pubsub.settled().then(() => pubsub.publish(asked, NODE));
  return told;
}
