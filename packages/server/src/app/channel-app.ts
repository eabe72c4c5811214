/** The part of an app that serves channels: to clients that are no views. */
import type { Env } from "hono";
import { Broadcast, type Broadcasts } from "../channel/broadcasts.ts";
import type { AnyMessages, MessageArguments, ReceivedMessage } from "../channel/channel.ts";
import {
  type Accepted,
  ChannelEndpoint,
  type ChannelOptions,
  type ChannelUpgrade,
  type Declined,
  type EndpointServices,
} from "../channel/channel-endpoint.ts";
import { type ChannelRoutes, ChannelTable } from "../channel/channel-routes.ts";
import type { ChannelSocketHost } from "../channel/channel-socket.ts";
import type { OpenConnections } from "../connection/open-connections.ts";
import type { Upgrade } from "../connection/transport.ts";
import { sessionIdOf } from "../http/disconnects.ts";
import { ENV_UPGRADE } from "../http/env.ts";
import type { LiveServices } from "../http/live-route.ts";
import { disposeAll } from "../runtime/dispose-all.ts";
import { checkFunction } from "../view/check-arguments.ts";
import { SessionApp } from "./session-app.ts";

/** Parts of an app that its channels need. */
export interface ChannelParts {
  readonly services: LiveServices;
  readonly acceptsOrigin: (headers: Headers, url: string) => boolean;
  /** Tells a page of the app itself, and a client that is no page. */
  readonly isOwnOrigin: (headers: Headers, url: string) => boolean;
  readonly broadcasts: Broadcasts;
  /** Sockets of views and channels. */
  readonly connections: OpenConnections;
}

export class ChannelApp<E extends Env> extends SessionApp<E> {
  readonly #endpoint: EndpointServices;
  readonly #host: ChannelSocketHost;

  constructor({ services, acceptsOrigin, isOwnOrigin, broadcasts, connections }: ChannelParts) {
    super(services);
    const { disconnects, pubsub, presences, limits, report, sessionClock } = services;
    this.#endpoint = { ...services, acceptsOrigin, isOwnOrigin };
    this.#host = {
      pubsub,
      presences,
      limits,
      report,
      broadcasts,
      connections,
      isDisconnected: (owner) => disconnects.concerns(owner),
      sessionClock,
      disconnectVisitor: (visitor) => disconnects.disconnect(sessionIdOf(visitor)),
    };
  }

  /**
   * Serves channels at a path: to clients that are no views. They open a WebSocket there.
   * @param path as in Hono; its params are among those of `connect`
   * @param options `connect` lets clients in, `id` names them
   * @param define declares the topics
   * @example
   * app.channels("/socket", { connect: async ({ token }) => ({ userId: await userOf(token) }) }, (socket) => {
   *   socket.channel("room:*", RoomChannel);
   * });
   */
  channels<Assigns extends object>(
    path: string,
    options: ChannelOptions<Assigns>,
    define: (socket: ChannelRoutes<Assigns>) => void,
  ): this {
    const write =
      'app.channels("/socket", { connect }, (socket) => { socket.channel("room:*", RoomChannel); })';
    checkFunction(define, "What defines the channels of a socket", write);
    const table = new ChannelTable<Assigns>();
    define(table);
    const endpoint = new ChannelEndpoint(this, options, table, this.#endpoint, this.#host);
    const at = `/${path.replace(/^\/|\/$/g, "")}`;
    this.get(at, endpoint.handle);
    // Clients of Phoenix append the name of the transport.
    this.get(at === "/" ? "/websocket" : `${at}/websocket`, endpoint.handle);
    this.#endpoint.disconnects.listen();
    this.#endpoint.rechecks.listen();
    return this;
  }

  /**
   * Sends a message to the clients of all channels of a topic, on all nodes.
   * @typeParam Messages those of the channel
   * @throws TypeError for a payload that has no JSON
   * @example app.broadcast<RoomMessages>("room:1", "message", { body: "Hello" });
   */
  broadcast<Messages extends object = AnyMessages>(
    topic: string,
    ...[name, payload]: MessageArguments<Messages>
  ): void {
    this.#host.broadcasts.send(Broadcast.of(topic, name, payload));
  }

  /**
   * Gets the broadcasts of a channel's topic: what its clients get that do not intercept it.
   * @typeParam Messages those of the channel
   * @param handler its error is reported, and ends nothing
   * @returns a function that ends it
   */
  onBroadcast<Messages extends object = AnyMessages>(
    topic: string,
    handler: (...message: ReceivedMessage<Messages>) => unknown,
  ): () => void {
    const { broadcasts, report } = this.#host;
    const failed = (error: unknown) => {
      const message = "app.onBroadcast's handler threw";
      report({ kind: "crash", event: `broadcast on "${topic}"`, message, error });
    };
    const listener = {
      hear(broadcast: Broadcast) {
        // The types of its messages are the author's word: broadcasts come from channels and `broadcast`.
        const message = [broadcast.event, broadcast.payload] as ReceivedMessage<Messages>;
        disposeAll([() => handler(...message)], failed);
      },
    };
    broadcasts.add(topic, listener);
    return () => broadcasts.delete(topic, listener);
  }

  /** Tells if no handler of a view or channel with a client runs, and no message waits for one; for tests. */
  get idle(): boolean {
    return this.#host.connections.idle;
  }

  /** Resolves when {@link idle} is true. */
  whenIdle(): Promise<void> {
    return this.#host.connections.whenIdle();
  }

  /**
   * Asks if a handshake may open a socket of channels, through the app's middleware. Its `url` is the whole URL.
   * @returns the answer; undefined if there are no channels at that path
   */
  async admit({ url, headers, env, fetch = this.fetch }: Upgrade): Promise<Accepted | Declined | undefined> {
    const upgrade: ChannelUpgrade = {};
    const response = await fetch(new Request(url, { headers }), { ...env, [ENV_UPGRADE]: upgrade });
    if (upgrade.accepted ?? upgrade.declined) return upgrade.accepted ?? upgrade.declined;
    const { status } = response;
    if (status === 404) return undefined;
    return { status: status < 400 ? 403 : status, message: "The app does not let this request through." };
  }
}
