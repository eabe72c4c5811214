/** Topics of one socket's path: patterns, and the channels that clients join under them. */
import { PHOENIX } from "@overwire/client/wire";
import { nameValue } from "../template/wrong-list.ts";
import { checkGuard, type Guard } from "../view/guard.ts";
import { Channel, type ChannelClass } from "./channel.ts";

/** A channel's class under a pattern. */
export interface ChannelRoute {
  readonly Class: new () => Channel;
  /** The part of the topic for which the pattern has its `*`. */
  readonly subtopic: string;
  readonly guard: Guard | undefined;
}

/** Options of a channel. */
export interface ChannelRouteOptions {
  /** Asked before each join, and again by `app.recheck`. */
  readonly guard?: Guard | undefined;
}

/** Declares channels, in {@link OverwireApp.channels}. */
export interface ChannelRoutes<Assigns extends object = object> {
  /**
   * Lets clients join topics. Of several patterns that fit the first one counts.
   * @param pattern a topic, or its beginning and a `*`: `"room:*"`
   * @param options `guard` is asked before each join
   * @throws TypeError for another pattern, or if it is no class of a channel
   * @example socket.channel("room:*", RoomChannel, { guard: user });
   */
  channel(pattern: string, Channel: ChannelClass<Assigns>, options?: ChannelRouteOptions): void;
}

export class ChannelTable<Assigns extends object = object> implements ChannelRoutes<Assigns> {
  readonly #exact = new Map<string, number>();
  readonly #all: {
    readonly pattern: string;
    readonly prefix: string | undefined;
    readonly Class: new () => Channel;
    readonly guard: Guard | undefined;
  }[] = [];

  channel(pattern: string, Class: ChannelClass<Assigns>, { guard }: ChannelRouteOptions = {}): void {
    checkPattern(pattern);
    if (typeof Class !== "function" || !(Class.prototype instanceof Channel))
      throw new TypeError(
        `socket.channel(${JSON.stringify(pattern)}, …) expects a class that extends Channel, but it is ${nameValue(Class)}.`,
      );
    // Its types of messages and assigns are for authors and clients only.
    const Known = Class as unknown as new () => Channel;
    const { name, prototype } = Known;
    if (typeof prototype.join !== "function")
      throw new TypeError(
        `${name} has no join. A channel decides there who may join: write join() {} to let everyone in.`,
      );
    if (guard !== undefined)
      checkGuard(guard, `The option guard of socket.channel(${JSON.stringify(pattern)}, …)`);
    const prefix = pattern.endsWith("*") ? pattern.slice(0, -1) : undefined;
    if (prefix === undefined && !this.#exact.has(pattern)) this.#exact.set(pattern, this.#all.length);
    this.#all.push({ pattern, prefix, Class: Known, guard });
  }

  get patterns(): string[] {
    return this.#all.map(({ pattern }) => pattern);
  }

  match(topic: string): ChannelRoute | undefined {
    const exact = this.#exact.get(topic) ?? Number.POSITIVE_INFINITY;
    for (const [at, { prefix, Class, guard }] of this.#all.entries()) {
      if (at === exact) return { Class, subtopic: "", guard };
      if (prefix !== undefined && topic.startsWith(prefix))
        return { Class, subtopic: topic.slice(prefix.length), guard };
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
