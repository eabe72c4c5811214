/** A channel under test: a real client that has joined the real channel, and assertions on what passes between them. */
import type {
  Channel,
  EventName,
  JoinReply,
  MessageName,
  MessagePayload,
  Present,
  PushArguments,
  PushReply,
  UntypedChannel,
} from "@overwire/client/channels";
import type { AssertOptions } from "../driver/assertions.ts";
import { matches, show } from "../errors/match.ts";
import type { ChannelLog, Kind, Logged } from "./channel-log.ts";

/** Time, in milliseconds, until an asserted message has to have come. */
const TIMEOUT = 1000;

/** A payload as a test expects it: a part of it, with matchers of the test runner, or a function that tells if it is right. */
export type ExpectedPayload<Payload = unknown> =
  | ((payload: Payload) => unknown)
  | { readonly [key: string]: unknown }
  | readonly unknown[]
  | string
  | number
  | boolean
  | null;

type Presences<Meta> = { readonly [key: string]: Present<Meta> };

/** Messages that a channel pushes of itself, if it tracks or shows a presence. */
export interface PresenceMessages<Meta = Readonly<Record<string, unknown>>> {
  /** All that are there, after the join. */
  presence_state: Presences<Meta>;
  /** A change, with those metas only that came or went. */
  presence_diff: { readonly joins: Presences<Meta>; readonly leaves: Presences<Meta> };
}

/** Names of the messages that a client of a channel may get. */
export type PushName<C> = MessageName<C> | keyof PresenceMessages;

/** The message of a name to a client, as it arrives. */
export type PushPayload<C, Name> = Name extends keyof PresenceMessages
  ? PresenceMessages[Name]
  : MessagePayload<C, Name>;

/** The socket of a channel, as its driver sees it. */
export interface ChannelScope {
  /** The author's object, as long as the channel lives. */
  instance(topic: string): object | undefined;
  /** @throws Error if the socket is disconnected, and as {@link assertLives} */
  assertOpen(what: string): void;
  /** @throws Error of a channel that has crashed since this was last asked */
  assertLives(what: string): void;
  /** Waits until a condition holds, and gives up after a while without complaint. */
  await(condition: () => boolean, limit: number): Promise<void>;
  /** Waits until no handler of the app runs, and all that was sent has arrived. */
  settled(what: string): Promise<void>;
}

/** A payload of which no name tells the type. Texts are names. */
type ExpectedReply = Exclude<ExpectedPayload, string>;

const VERBS = { push: "push", broadcast: "broadcast", reply: "reply to" } as const;
const PAST = { push: "pushed", broadcast: "broadcast", reply: "replied to" } as const;

const withPayload = (payload: unknown) => {
  if (payload === undefined) return "";
  return typeof payload === "function" ? " with what the function accepts" : ` with ${show(payload)}`;
};

/**
 * Drives one channel.
 * @typeParam C the channel's class
 */
export class ChannelDriver<C = UntypedChannel> {
  /** The client's channel: the same as in a page. */
  readonly channel: Channel<C>;
  /** The reply of the join. */
  readonly reply: JoinReply<C>;
  readonly #scope: ChannelScope;
  readonly #log: ChannelLog;
  #instance: object | undefined;

  /** Made by `socket.subscribeAndJoin()`. */
  constructor(channel: Channel<C>, reply: JoinReply<C>, scope: ChannelScope, log: ChannelLog) {
    this.channel = channel;
    this.reply = reply;
    this.#scope = scope;
    this.#log = log;
    this.#instance = scope.instance(channel.topic);
  }

  /** The author's object on the server; the last one if the channel has ended. */
  get instance(): C {
    this.#instance = this.#scope.instance(this.channel.topic) ?? this.#instance;
    return this.#instance as C;
  }

  get topic(): string {
    return this.channel.topic;
  }

  /**
   * Pushes an event, as the client does.
   * @returns its reply
   * @throws ChannelError if it is refused, with the refusal as its `reply`; Error if the channel crashes
   */
  push<Name extends EventName<C>>(
    name: Name,
    ...payload: PushArguments<C, Name>
  ): Promise<PushReply<C, Name>> {
    return this.#act(`push(${show(name)})`, () => this.channel.push(name, ...payload));
  }

  /** Leaves the channel; its `terminate` has run then. */
  leave(): Promise<void> {
    return this.#act("leave()", () => this.channel.leave());
  }

  /**
   * Waits for a message to this client, pushed or broadcast. Each is found by one assertion only.
   * @param payload a part of it, or a function that tells if it is right
   * @returns its payload
   * @throws Error that shows the messages that came
   */
  assertPush<Name extends PushName<C>>(
    name: Name,
    payload?: ExpectedPayload<PushPayload<C, Name>>,
    options?: AssertOptions,
  ): Promise<PushPayload<C, Name>> {
    return this.#assert("push", name, payload, options) as Promise<PushPayload<C, Name>>;
  }

  /** Waits for a broadcast on the channel's topic, before any channel intercepts it. */
  assertBroadcast<Name extends MessageName<C>>(
    name: Name,
    payload?: ExpectedPayload<MessagePayload<C, Name>>,
    options?: AssertOptions,
  ): Promise<MessagePayload<C, Name>> {
    return this.#assert("broadcast", name, payload, options) as Promise<MessagePayload<C, Name>>;
  }

  /** Waits for the reply to an event of this client, whatever its status. */
  assertReply<Name extends EventName<C>>(
    name: Name,
    payload?: ExpectedPayload<PushReply<C, Name>>,
    options?: AssertOptions,
  ): Promise<PushReply<C, Name>>;
  /** @param payload of a reply to any event */
  assertReply(payload: ExpectedReply): Promise<unknown>;
  assertReply(first: unknown, payload?: unknown, options?: AssertOptions): Promise<unknown> {
    if (typeof first === "string") return this.#assert("reply", first, payload, options);
    return this.#assert("reply", undefined, first, options);
  }

  /**
   * Waits until no handler of the app runs.
   * @throws Error if there is such a message that no assertion has found
   */
  refutePush<Name extends PushName<C>>(
    name: Name,
    payload?: ExpectedPayload<PushPayload<C, Name>>,
  ): Promise<void> {
    return this.#refute("push", name, payload);
  }

  /** As {@link refutePush}, for broadcasts on the channel's topic. */
  refuteBroadcast<Name extends MessageName<C>>(
    name: Name,
    payload?: ExpectedPayload<MessagePayload<C, Name>>,
  ): Promise<void> {
    return this.#refute("broadcast", name, payload);
  }

  /** As {@link refutePush}, for replies to an event of this client. */
  refuteReply<Name extends EventName<C>>(
    name: Name,
    payload?: ExpectedPayload<PushReply<C, Name>>,
  ): Promise<void>;
  /** @param payload of a reply to any event */
  refuteReply(payload: ExpectedReply): Promise<void>;
  refuteReply(first: unknown, payload?: unknown): Promise<void> {
    return typeof first === "string"
      ? this.#refute("reply", first, payload)
      : this.#refute("reply", undefined, first);
  }

  async #act<T>(what: string, action: () => Promise<T>): Promise<T> {
    this.#scope.assertOpen(what);
    try {
      return await action();
    } finally {
      // Says more than the error of the client that was lost by it.
      this.#scope.assertLives(what);
    }
  }

  async #assert(
    kind: Kind,
    name: string | undefined,
    payload: unknown,
    { timeout = TIMEOUT }: AssertOptions = {},
  ): Promise<unknown> {
    const what = `${VERBS[kind]} ${name === undefined ? "an event" : show(name)}`;
    let found: Logged | undefined;
    const find = () => {
      this.#scope.assertLives(what);
      found = this.#find(kind, name, payload);
      return found !== undefined;
    };
    await this.#scope.await(find, timeout);
    if (!found)
      throw new Error(
        `expected ${this.#name} to ${what}${withPayload(payload)}, ${this.#others(kind, name)}`,
      );
    this.#log.found(kind, found);
    return found.payload;
  }

  async #refute(kind: Kind, name: string | undefined, payload: unknown): Promise<void> {
    const what = `${VERBS[kind]} ${name === undefined ? "an event" : show(name)}`;
    await this.#scope.settled(`refuting to ${what}`);
    this.#scope.assertLives(what);
    const found = this.#find(kind, name, payload);
    if (found)
      throw new Error(
        `expected ${this.#name} not to ${what}${withPayload(payload)}, but it did, with ${show(found.payload)}`,
      );
  }

  #find(kind: Kind, name: string | undefined, payload: unknown): Logged | undefined {
    return this.#log
      .rest(kind)
      .find(
        (each) =>
          (name === undefined || each.name === name) &&
          (payload === undefined || matches(each.payload, payload)),
      );
  }

  /** List of the other messages, for an error. */
  #others(kind: Kind, name: string | undefined): string {
    const rest = this.#log.rest(kind);
    const same = rest.filter((each) => each.name === name).map(({ payload }) => show(payload));
    if (same.length) return `but it ${PAST[kind]} it with ${same.join(", ")}`;
    const others = rest.map((each) => `${show(each.name)} with ${show(each.payload)}`);
    return `but it ${PAST[kind]} ${others.length ? others.join(", ") : "nothing"}`;
  }

  get #name(): string {
    const name = this.#instance?.constructor.name || "channel";
    return `${name} ${show(this.topic)}`;
  }
}
