/** Topics: names under which views talk to each other. */

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

/** The name of a topic, given as either. */
export const topicName = (topic: Topic<never> | string): string =>
  typeof topic === "string" ? topic : topic.name;
