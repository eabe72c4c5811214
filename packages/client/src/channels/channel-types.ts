/** Types of a channel in the client, read from its class on the server, of which only the type is imported. */
import type { EventsOf, JoinPayloadOf, JoinReplyOf, MessagesOf } from "../wire/channel-class.ts";
import type { ChannelError } from "./errors.ts";

/** A value as it arrives in JSON: dates are texts, functions are left out. Bytes are sent alone, and stay bytes. */
export type Received<T> = unknown extends T
  ? T
  : T extends string | number | boolean | null | undefined | Uint8Array
    ? T
    : T extends { toJSON(...args: never): infer Json }
      ? Received<Json>
      : T extends bigint | symbol | ((...args: never) => unknown)
        ? undefined
        : { [K in keyof T]: Received<T[K]> };

/** The reply of a handler that returns nothing. */
export type EmptyReply = Readonly<Record<string, never>>;

type ReceivedReply<T> = unknown extends T ? T : [T] extends [void] ? EmptyReply : Received<T>;

/** A channel whose class is not known here: any name, any payload. */
export interface UntypedChannel {
  readonly [untyped]: true;
}
declare const untyped: unique symbol;

type IsUntyped<C> = typeof untyped extends keyof C ? true : false;

/** Names of the messages that a channel may get. */
export type MessageName<C> = IsUntyped<C> extends true ? string : keyof MessagesOf<C> & string;

/** The message of a name, as it arrives. */
export type MessagePayload<C, Name> =
  IsUntyped<C> extends true
    ? unknown
    : Name extends keyof MessagesOf<C>
      ? Received<MessagesOf<C>[Name]>
      : never;

/** Names of the events that a class declares with `this.event`. */
export type EventName<C> = IsUntyped<C> extends true ? string : keyof EventsOf<C> & string;

type EventOf<C, Name> = Name extends keyof EventsOf<C> ? EventsOf<C>[Name] : never;

/** The payload that an event takes, before its schema. */
export type PushPayload<C, Name> =
  IsUntyped<C> extends true
    ? unknown
    : EventOf<C, Name> extends { readonly payload: infer Payload }
      ? Payload
      : never;

/** The reply of an event, as it arrives. */
export type PushReply<C, Name> =
  IsUntyped<C> extends true
    ? unknown
    : EventOf<C, Name> extends { readonly reply: infer Reply }
      ? ReceivedReply<Reply>
      : never;

/** The payload with which a channel is joined. */
export type JoinPayload<C> = IsUntyped<C> extends true ? unknown : JoinPayloadOf<C>;

/** The reply of a join, as it arrives. */
export type JoinReply<C> = IsUntyped<C> extends true ? unknown : ReceivedReply<JoinReplyOf<C>>;

/** Tells if a payload may be left out. */
type IsOptional<Payload> = unknown extends Payload
  ? true
  : undefined extends Payload
    ? true
    : {} extends Payload
      ? true
      : false;

export type JoinArguments<C> =
  IsOptional<JoinPayload<C>> extends true
    ? [payload?: JoinPayload<C> | (() => JoinPayload<C>)]
    : [payload: JoinPayload<C> | (() => JoinPayload<C>)];

/** Options of one push. */
export interface WaitOptions {
  /**
   * Longest wait for the reply, in milliseconds. One that is given counts from now on, and takes back what was not sent
   * meanwhile; the socket's, which is the default, counts from the sending.
   */
  readonly timeout?: number | undefined;
}

export type PushArguments<C, Name> =
  IsOptional<PushPayload<C, Name>> extends true
    ? [payload?: PushPayload<C, Name>, options?: WaitOptions]
    : [payload: PushPayload<C, Name>, options?: WaitOptions];

/**
 * `joining`: `join()` was called, and the socket connects or the server has not answered. `errored`: lost or crashed, to be
 * joined again. `closed`: not joined yet, or over for good.
 */
export type ChannelState = "closed" | "joining" | "joined" | "errored" | "leaving";

/**
 * A channel of a socket.
 * @typeParam C its class on the server
 */
export interface Channel<C = UntypedChannel> {
  readonly topic: string;
  readonly state: ChannelState;
  /** Ref of the newest join on this connection; undefined while there is none. */
  readonly joinRef: string | undefined;
  /**
   * Joins the topic, once in the life of the channel: as soon as the socket is connected, and by itself again after a loss or
   * a crash.
   * @returns the reply of the first join
   * @throws ChannelError that says what the server refused, with its `reply` and `code`, or that it did not answer in time
   */
  join(): Promise<JoinReply<C>>;
  /**
   * Sends an event to the channel. Kept until the channel is joined, in order, and sent at most once.
   * @returns its reply. A rejection that has no listener is silent
   * @throws ChannelError if the server refused it, if it was not sent, or if its reply did not come
   */
  push<Name extends EventName<C>>(
    name: Name,
    ...payload: PushArguments<C, Name>
  ): Promise<PushReply<C, Name>>;
  /**
   * Hears the messages of a name.
   * @returns a function that ends it
   */
  on<Name extends MessageName<C>>(
    name: Name,
    listener: (payload: MessagePayload<C, Name>) => unknown,
  ): () => void;
  /** Ends one listener of a name, or all. */
  off<Name extends MessageName<C>>(
    name: Name,
    listener?: (payload: MessagePayload<C, Name>) => unknown,
  ): void;
  /** Hears the reply of each join, the first one and those after a loss. */
  onJoin(listener: (reply: JoinReply<C>) => unknown): () => void;
  /** Hears that the channel was lost, has crashed, or was refused when it joined again. */
  onError(listener: (error: ChannelError) => unknown): () => void;
  /** Hears that the channel is over for good: `left`, `closed` by the server, or the code of a refusal. */
  onClose(listener: (reason: string) => unknown): () => void;
  /**
   * Leaves the topic.
   * @returns resolves when the server has ended the channel, or cannot be asked
   */
  leave(): Promise<void>;
}
