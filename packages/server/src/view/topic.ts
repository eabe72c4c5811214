/** Topics: names under which views talk to each other. */
import { nameValue } from "../template/wrong-list.ts";
import { Presence } from "./presence.ts";

/** A topic whose messages have a type. */
export interface Topic<T> {
  readonly name: string;
  /** Only the type. */
  readonly message?: T;
}

/**
 * Names a topic and the type of its messages, for `subscribe` and `publish`.
 * @example const posts = topic<Post>("posts");
 */
export const topic = <T>(name: string): Topic<T> => ({ name });

/** The name of a topic, given as either. @throws TypeError if it is neither */
export function topicName(topic: Topic<never> | string): string {
  const name: unknown = typeof topic === "string" ? topic : topic?.name;
  if (typeof name === "string" && typeof topic !== "function" && !(topic instanceof Presence)) return name;
  throw new TypeError(
    `A topic is a name, "posts", or what topic<Post>("posts") made, but it is ${nameValue(topic)}.`,
  );
}
