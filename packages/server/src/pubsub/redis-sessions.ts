/** Connections to one Redis, or to a cluster with sharded channels, as a session: lost as a whole and never mended. */
import {
  createClient,
  createCluster,
  type RedisClientOptions,
  type RedisClusterOptions,
  type RedisFunctions,
  type RedisModules,
  type RedisScripts,
  type RespVersions,
} from "@redis/client";
import type { RedisSession, SessionEvents } from "./redis-broker.ts";

/** Options of a client with any version of the protocol, and any modules, which are not needed here. */
export type ClientOptions = RedisClientOptions<RedisModules, RedisFunctions, RedisScripts, RespVersions>;
/** Options of a cluster, as wide. */
export type ClusterOptions = RedisClusterOptions<RedisModules, RedisFunctions, RedisScripts, RespVersions>;

// Nothing waits for a connection: a lost session gives up what it has, and the next one begins anew. And no command has a
// timer of its own: the heartbeat sees for all of them that nothing answers.
const OWN = { disableOfflineQueue: true, pingInterval: 0, commandOptions: { timeout: 0 } } as const;

/** The client takes an object's properties over into the one it is given, so each gets its own. */
function own(options: ClientOptions) {
  const socket = { ...options.socket, reconnectStrategy: false } as NonNullable<ClientOptions["socket"]>;
  return { ...options, ...OWN, commandOptions: { ...options.commandOptions, ...OWN.commandOptions }, socket };
}

type Client = ReturnType<typeof makeClient>;

function makeClient(options: ClientOptions) {
  const client = createClient(own(options));
  client.unref();
  return client;
}

/** Two connections to one Redis: a connection that subscribes may do nothing else in older versions of its protocol. */
export class ClientSession implements RedisSession {
  readonly #publisher: Client;
  readonly #subscriber: Client;
  readonly #receive: (text: string, channel: string) => void;

  /** @throws TypeError if the options make no client, such as one with a wrong URL */
  constructor(options: ClientOptions, events: SessionEvents) {
    this.#receive = (text, channel) => events.message(channel, text);
    this.#publisher = makeClient(options);
    this.#subscriber = makeClient(options);
    for (const client of [this.#publisher, this.#subscriber]) client.on("error", events.failed);
  }

  async connect(): Promise<void> {
    await Promise.all([this.#publisher.connect(), this.#subscriber.connect()]);
  }

  subscribe(channel: string): Promise<unknown> {
    return this.#subscriber.subscribe(channel, this.#receive);
  }

  unsubscribe(channel: string): Promise<unknown> {
    return this.#subscriber.unsubscribe(channel, this.#receive);
  }

  publish(channel: string, text: string): Promise<unknown> {
    return this.#publisher.sendCommand(["PUBLISH", channel, text]);
  }

  ping(): Promise<unknown> {
    return Promise.all([this.#publisher.ping(), this.#subscriber.ping()]);
  }

  destroy(): void {
    this.#publisher.destroy();
    this.#subscriber.destroy();
  }
}

/** Times that a subscription is tried: the cluster's client may close a connection that it needs a moment later. */
const TRIES = 3;

const makeCluster = (options: ClusterOptions) =>
  createCluster({
    ...options,
    rootNodes: options.rootNodes.map(own),
    defaults: own(options.defaults ?? {}),
  });

/** A cluster, each of whose shards carries the channels of its slots. */
export class ClusterSession implements RedisSession {
  readonly #cluster: ReturnType<typeof makeCluster>;
  readonly #receive: (text: string, channel: string) => void;

  constructor(options: ClusterOptions, events: SessionEvents) {
    this.#receive = (text, channel) => events.message(channel, text);
    this.#cluster = makeCluster(options);
    this.#cluster.on("error", events.failed);
    this.#cluster.on("node-error", events.failed);
    this.#cluster.on("sharded-channel-moved-error", events.failed);
  }

  async connect(): Promise<void> {
    await this.#cluster.connect();
    this.#unref();
  }

  async subscribe(channel: string, tries = TRIES): Promise<unknown> {
    try {
      return await this.#cluster.sSubscribe(channel, this.#receive);
    } catch (error) {
      if (tries > 1) return this.subscribe(channel, tries - 1);
      throw error;
    } finally {
      this.#unref();
    }
  }

  unsubscribe(channel: string): Promise<unknown> {
    return this.#cluster.sUnsubscribe(channel, this.#receive);
  }

  publish(channel: string, text: string): Promise<unknown> {
    return this.#cluster.sPublish(channel, text);
  }

  ping(): Promise<unknown> {
    return Promise.all(
      this.#cluster.masters
        .flatMap((master) => [master.client, master.pubSub?.client])
        .map((client) => client?.isReady && client.ping()),
    );
  }

  destroy(): void {
    this.#cluster.destroy();
  }

  /** The connections of a cluster are made by its client, as they are needed. */
  #unref(): void {
    for (const { client, pubSub } of this.#cluster.masters) {
      client?.unref();
      pubSub?.client.unref();
    }
  }
}
