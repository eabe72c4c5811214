/** Topics of one socket's path: patterns, and the channels that clients join under them. */
import { PHOENIX } from "@overwire/client/wire";
import { nameValue } from "../template/wrong-list.ts";
import { Channel, type ChannelClass } from "./channel.ts";

/** A channel's class under a pattern. */
export interface ChannelRoute {
  readonly Class: new () => Channel;
  /** The part of the topic for which the pattern has its `*`. */
  readonly subtopic: string;
}

/** Declares channels, in {@link OverwireApp.channels}. */
export interface ChannelRoutes<Assigns extends object = object> {
  /**
   * Lets clients join topics. Of several patterns that fit the first one counts.
   * @param pattern a topic, or its beginning and a `*`: `"room:*"`
   * @throws TypeError for another pattern, or if it is no class of a channel
   * @example socket.channel("room:*", RoomChannel);
   */
  channel(pattern: string, Channel: ChannelClass<Assigns>): void;
}

export class ChannelTable<Assigns extends object = object> implements ChannelRoutes<Assigns> {
  readonly #exact = new Map<string, number>();
  readonly #all: {
    readonly pattern: string;
    readonly prefix: string | undefined;
    readonly Class: new () => Channel;
  }[] = [];

  channel(pattern: string, Class: ChannelClass<Assigns>): void {
    checkPattern(pattern);
    if (typeof Class !== "function" || !(Class.prototype instanceof Channel))
      throw new TypeError(
        `socket.channel(${JSON.stringify(pattern)}, …) expects a class that extends Channel, but it is ${nameValue(Class)}.`,
      );
    const prefix = pattern.endsWith("*") ? pattern.slice(0, -1) : undefined;
    if (prefix === undefined && !this.#exact.has(pattern)) this.#exact.set(pattern, this.#all.length);
    // Its types of messages and assigns are for authors and clients only.
    this.#all.push({ pattern, prefix, Class: Class as unknown as new () => Channel });
  }

  get patterns(): string[] {
    return this.#all.map(({ pattern }) => pattern);
  }

  match(topic: string): ChannelRoute | undefined {
    const exact = this.#exact.get(topic) ?? Number.POSITIVE_INFINITY;
    for (const [at, { prefix, Class }] of this.#all.entries()) {
      if (at === exact) return { Class, subtopic: "" };
      if (prefix !== undefined && topic.startsWith(prefix))
        return { Class, subtopic: topic.slice(prefix.length) };
    }
    return undefined;
  }
}

function checkPattern(pattern: unknown): void {
  const write = 'Write a topic, "lobby", or its beginning and a *, "room:*".';
  if (typeof pattern !== "string" || pattern === "")
    throw new TypeError(`The pattern of socket.channel is ${nameValue(pattern)}. ${write}`);
  const star = pattern.indexOf("*");
  if (star >= 0 && star < pattern.length - 1)
    throw new TypeError(
      `The pattern ${JSON.stringify(pattern)} of socket.channel has a * that is not its end. ${write}`,
    );
  if (pattern === PHOENIX)
    throw new TypeError(`The topic "${PHOENIX}" is that of heartbeats: choose another name.`);
}
