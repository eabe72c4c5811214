/** The class that authors extend: one client's end of a topic, its state in fields. */
import type { CarriesMessages, ChannelEvent } from "@overwire/client/wire";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { Actor, detached, howToRun } from "../view/actor.ts";
import { checkFunction, eventArguments } from "../view/check-arguments.ts";
import type { EventRun } from "../view/events/concurrency.ts";
import {
  createEvent,
  type EventOptions,
  type EventPayload,
  type GuardedEventOptions,
  type GuardedRun,
} from "../view/events/event.ts";
import { checkGuard } from "../view/guard.ts";
import type { Params } from "../view/navigation/params.ts";
import type { EndReason, Session } from "../view/view-host.ts";
import { passChannel } from "./channel-guard.ts";
import { type ChannelHost, currentChannelHost, type Intercept } from "./channel-host.ts";

declare const needs: unique symbol;

/** Messages of a channel that names none: any name, any payload. */
export type AnyMessages = { readonly [name: string]: unknown };

/** Name and payload of a message, as arguments: the payload may be left out if it may be empty. */
export type MessageArguments<Messages extends object> = {
  [Name in keyof Messages & string]: object extends Messages[Name]
    ? [name: Name, payload?: Messages[Name]]
    : [name: Name, payload: Messages[Name]];
}[keyof Messages & string];

/** Name and payload of a message that has come. */
export type ReceivedMessage<Messages extends object> = {
  [Name in keyof Messages & string]: [name: Name, payload: Messages[Name]];
}[keyof Messages & string];

/** A channel of whatever messages, which may need assigns. */
export interface ChannelLike<Assigns extends object = never> {
  /** Only the type. */
  readonly [needs]?: (assigns: Assigns) => void;
  join(payload: never): unknown;
}

/** A channel's class, as `socket.channel` takes it. */
export interface ChannelClass<Assigns extends object = never> {
  new (): ChannelLike<Assigns>;
  readonly name: string;
}

/**
 * One client's end of a topic: lives from its join until the client leaves, the socket closes or a handler throws. Its fields
 * are its state. It handles one message at a time, in order; an async handler holds the next one back.
 * @typeParam Messages names and payloads of what it pushes and broadcasts
 * @typeParam Assigns what `connect` of `app.channels` has returned
 * @example
 * class RoomChannel extends Channel<{ message: { body: string } }, { userId: number }> {
 *   join() { return { history: latest(this.subtopic) }; }
 *   say = this.event(z.object({ body: z.string() }), ({ body }) => { this.broadcast("message", { body }); });
 * }
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: only types, of symbols that no channel has
export abstract class Channel<
  Messages extends object = AnyMessages,
  Assigns extends object = object,
> extends Actor {
  /** @internal */
  static override [howToRun](name: string): string {
    return `a running channel, but this one was made with new. Use socket.channel("room:*", ${name}) in app.channels.`;
  }

  readonly #host = currentChannelHost();

  /** Checks the payload of a join: one that does not fit is refused, and `join` gets the schema's output. */
  declare readonly joinSchema?: StandardSchemaV1;

  /**
   * Lets a client in: its result is the reply. Throw {@link Refused} or an {@link HttpError} to turn the client away. Messages
   * that are pushed or broadcast meanwhile follow the reply, in order; of a refused join they are dropped.
   * @param payload of the client; unless `joinSchema` has checked it, it may be anything
   */
  abstract join(payload: never): unknown;

  /** Events that no field declares. Without it they are refused. Its result is the reply. */
  handleEvent?(name: string, payload: EventPayload): unknown;

  /** Messages by {@link send} and {@link subscribe} that have no handler of their own. */
  handleInfo?(message: unknown): unknown;

  /** When the channel ends, for any reason. What it pushes reaches a client that has left. */
  terminate?(reason: EndReason): unknown;

  /** The topic that the client has joined: `room:1`. */
  get topic(): string {
    return this.#attached("topic").topic;
  }

  /** The part of the topic for which the pattern has its `*`: `1` of `room:*`. */
  get subtopic(): string {
    return this.#attached("subtopic").subtopic;
  }

  /** Values that `connect` of `app.channels` has returned; the same object for all channels of a socket. */
  get assigns(): Readonly<Assigns> {
    return this.#attached("assigns").assigns as Assigns;
  }

  /** Params of the socket's path and query string. */
  get params(): Params {
    return this.#attached("params").params;
  }

  /** The user's session when the socket was opened; that of a page of another origin is empty. */
  get session(): Readonly<Session> {
    return this.#attached("session").session;
  }

  /**
   * Declares an event that clients may push, under the name of the field it is assigned to.
   * @param schema any Standard Schema (zod, valibot, arktype): a payload that fails never reaches the handler
   * @param handler gets the payload; its result is the reply. It may throw {@link Refused} or an {@link HttpError}
   * @param options `overlap`: handling of a call before an earlier one has ended. `guard`: asked before every call
   * @example say = this.event(z.object({ body: z.string() }), ({ body }) => { this.broadcast("message", { body }); });
   */
  event<Reply, S extends Session>(
    handler: (payload: EventPayload, run: GuardedRun<S>) => Reply,
    options: GuardedEventOptions<S>,
  ): ChannelEvent<EventPayload, Awaited<Reply>>;
  event<Schema extends StandardSchemaV1, Reply, S extends Session>(
    schema: Schema,
    handler: (payload: StandardSchemaV1.InferOutput<Schema>, run: GuardedRun<S>) => Reply,
    options: GuardedEventOptions<S>,
  ): ChannelEvent<StandardSchemaV1.InferInput<Schema>, Awaited<Reply>>;
  event<Reply>(
    handler: (payload: EventPayload, run: EventRun) => Reply,
    options?: EventOptions,
  ): ChannelEvent<EventPayload, Awaited<Reply>>;
  event<Schema extends StandardSchemaV1, Reply>(
    schema: Schema,
    handler: (payload: StandardSchemaV1.InferOutput<Schema>, run: EventRun) => Reply,
    options?: EventOptions,
  ): ChannelEvent<StandardSchemaV1.InferInput<Schema>, Awaited<Reply>>;
  event(
    first: StandardSchemaV1 | ((payload: never, run: never) => unknown),
    second?: EventOptions | ((payload: never, run: never) => unknown),
    third?: EventOptions,
  ): ChannelEvent<never> {
    const [schema, handler, options] = eventArguments(first, second, third);
    // The types of payload and reply exist for the client alone.
    const guard = options?.guard && checkGuard(options.guard, "The option guard of this.event");
    const gate = guard && { pass: () => passChannel(guard, this), session: () => this.session };
    return createEvent(schema, handler, options, this.#host, gate) as unknown as ChannelEvent<never>;
  }

  /** Sends a message to this channel's client. */
  push(...[name, payload]: MessageArguments<Messages>): void {
    this.#attached("push").push(name, payload);
  }

  /** Sends a message to the clients of all channels of this topic, on all nodes, this one's included. */
  broadcast(...[name, payload]: MessageArguments<Messages>): void {
    this.#attached("broadcast").broadcast(name, payload, true);
  }

  /** Sends a message to the clients of all other channels of this topic, on all nodes. */
  broadcastFrom(...[name, payload]: MessageArguments<Messages>): void {
    this.#attached("broadcastFrom").broadcast(name, payload, false);
  }

  /**
   * Changes broadcasts of a name on their way to this channel's client, in the channel's turn.
   * @param run gets the payload, which is frozen, and returns what the client gets; undefined drops the message
   * @returns a function that ends it
   * @throws TypeError if the name is intercepted already
   * @example hidden = this.intercept("message", (message) => (this.blocked.has(message.userId) ? undefined : message));
   */
  intercept<Name extends keyof Messages & string>(
    name: Name,
    run: (payload: Messages[Name]) => Messages[Name] | undefined | Promise<Messages[Name] | undefined>,
  ): () => void {
    checkFunction(run, "The function of this.intercept", 'this.intercept("message", (payload) => payload)');
    return this.#attached("intercept").intercept(name, run as Intercept);
  }

  /** Sends a message to this channel's own {@link handleInfo}, after the messages that are waiting already. */
  send(message: unknown): void {
    const host = this.#attached("send");
    host.post("handleInfo", () => host.dispatchInfo(message, () => this.handleInfo?.(message)));
  }

  /** Ends the channel when the running handler has ended; its client does not join again by itself. */
  close(): void {
    this.#attached("close").close();
  }

  #attached(what: string): ChannelHost {
    if (this.#host) return this.#host;
    return detached(this, what);
  }
}

export interface Channel<Messages extends object = AnyMessages, Assigns extends object = object>
  extends CarriesMessages<Messages> {
  /** Only the type. */
  readonly [needs]?: (assigns: Assigns) => void;
}
