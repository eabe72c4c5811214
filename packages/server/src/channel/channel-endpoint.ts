/** A path at which clients open sockets of channels: answers its handshakes. */
import type { Context } from "hono";
import { COMPOSED_HANDLER } from "hono/utils/constants";
import type { AppSocket, ChannelPeer } from "../connection/transport.ts";
import { bearerOf } from "../http/authorization.ts";
import { ENV_ON_ERROR, ENV_SESSION, ENV_UPGRADE, type OverwireEnv, type UpgradeTarget } from "../http/env.ts";
import { Forbidden } from "../http/errors.ts";
import type { LiveServices } from "../http/live-route.ts";
import { nameValue } from "../template/wrong-list.ts";
import { isPromiseLike } from "../view/chain.ts";
import type { Params } from "../view/navigation/params.ts";
import type { Session } from "../view/view-host.ts";
import type { ChannelTable } from "./channel-routes.ts";
import { type Admission, ChannelSocket, type ChannelSocketHost } from "./channel-socket.ts";
import { type Handshake, protocolsOf, readParams, refusalBy, withoutProtocols } from "./handshake.ts";

/** Time that `connect` may take, in milliseconds. */
const CONNECT_TIME = 10_000;

/** Options of {@link OverwireApp.channels}. */
export interface ChannelOptions<Assigns extends object> {
  /**
   * Lets a client in before its socket is opened: what it returns are the `assigns` of its channels. Throw an
   * {@link HttpError} to refuse with its status. Without it every client is let in, with empty assigns.
   * @example connect: async ({ token }) => ({ userId: await userOf(token) })
   */
  readonly connect?: ((handshake: Handshake) => Assigns | Promise<Assigns>) | undefined;
  /**
   * Names who is behind a socket, for {@link OverwireApp.disconnect}.
   * @example id: ({ userId }) => `user:${userId}`
   */
  readonly id?: ((assigns: Assigns) => string | 0 | false | null | undefined) | undefined;
}

/** Services that handshakes need. */
export interface EndpointServices
  extends Pick<LiveServices, "sessions" | "identify" | "disconnects" | "rechecks" | "addressOf"> {
  readonly acceptsOrigin: (headers: Headers, url: string) => boolean;
  /** Tells if a handshake comes from a page of the app itself, or from no page. */
  readonly isOwnOrigin: (headers: Headers, url: string) => boolean;
}

/** A handshake that is let in: opens its socket once there is one. */
export interface Accepted {
  /** The subprotocol to echo. */
  readonly protocol: string | undefined;
  readonly open: (peer: ChannelPeer) => ChannelSocket;
}

/** A handshake that is not let in. */
export interface Declined {
  readonly status: number;
  readonly message: string;
}

/** Filled by the endpoint that an upgrade reaches. */
export interface ChannelUpgrade<App = unknown> extends UpgradeTarget<App> {
  accepted?: Accepted;
  declined?: Declined;
}

const endpoints = new WeakSet<object>();

/** Tells if a handler of a Hono app, which may be mounted in another one, is that of an endpoint. */
export function isEndpoint(handler: unknown): boolean {
  let own = handler;
  while (own) {
    if (endpoints.has(own)) return true;
    own = (own as { readonly [COMPOSED_HANDLER]?: unknown })[COMPOSED_HANDLER];
  }
  return false;
}

export class ChannelEndpoint<Assigns extends object> {
  readonly #app: unknown;
  readonly #options: ChannelOptions<Assigns>;
  readonly #table: ChannelTable;
  readonly #services: EndpointServices;
  readonly #host: ChannelSocketHost;

  constructor(
    app: unknown,
    options: ChannelOptions<Assigns>,
    table: ChannelTable,
    services: EndpointServices,
    host: ChannelSocketHost,
  ) {
    this.#app = app;
    this.#options = options;
    this.#table = table;
    this.#services = services;
    this.#host = host;
    endpoints.add(this.handle);
  }

  readonly handle = async (c: Context): Promise<Response> => {
    const upgrade = (c.env as OverwireEnv | undefined)?.[ENV_UPGRADE] as ChannelUpgrade | undefined;
    if (!upgrade) {
      c.header("upgrade", "websocket");
      return c.text("This is the address of a WebSocket of channels.", 426);
    }
    upgrade.app = this.#app;
    try {
      upgrade.accepted = await this.#accept(c);
    } catch (error) {
      const { status, message, isFault } = refusalBy(error);
      const kind = isFault ? "crash" : "refused";
      // A client that is refused as the author wants it is no news.
      if (isFault) {
        this.#host.report({ kind, event: "connect", message: "connect threw", error });
        (c.env as OverwireEnv)[ENV_ON_ERROR]?.(error as Error, 500);
      }
      upgrade.declined = { status, message };
    }
    return c.body(null, 204);
  };

  async #accept(c: Context): Promise<Accepted> {
    const { acceptsOrigin, isOwnOrigin, sessions, identify, disconnects, addressOf } = this.#services;
    const { raw } = c.req;
    const { headers } = raw;
    const { url } = c.req;
    if (!acceptsOrigin(headers, url)) {
      const message = `Pages of ${headers.get("origin")} may not connect here. If they should, allow them: createApp({ checkOrigin: [...] }).`;
      throw this.#refused(message);
    }
    const { epoch } = disconnects;
    const { protocol, token = bearerOf(headers) } = protocolsOf(c);
    const params = this.#params(c);
    // A page of another origin, though allowed to connect, is not to act for the user whose cookies come along.
    const isOwn = isOwnOrigin(headers, url);
    const own = (c.env as OverwireEnv | undefined)?.[ENV_SESSION]?.session ?? (isOwn ? sessions.read(c) : {});
    const session: Session = await own;
    const address = addressOf(raw, c.env);
    const assigns = await this.#connect({ params, token, session, address }, headers);
    const visitor = isOwn ? sessions.visitor(c, headers.get("cookie") ?? undefined) : undefined;
    const owner = {
      visitor: visitor ?? "",
      address,
      name: identify?.(session) || undefined,
      epoch,
      times: sessions.times(c),
    };
    const admission: Admission = { assigns, params, session, owner, id: this.#id(assigns) };
    return { protocol, open: (peer) => new ChannelSocket(this.#host, this.#table, admission, peer) };
  }

  #params(c: Context): Params {
    try {
      return readParams(new URL(c.req.url), c.req.param() as Params);
    } catch (error) {
      if (error instanceof Forbidden) throw this.#refused(error.message);
      throw error;
    }
  }

  /** A mistake of the client's author or the app's, which the operator learns of. */
  #refused(message: string): Forbidden {
    this.#host.report({ kind: "refused", event: "connect", message });
    return new Forbidden(message);
  }

  async #connect(known: Omit<Handshake, "headers">, headers: Headers): Promise<Assigns> {
    const { connect } = this.#options;
    if (!connect) return {} as Assigns;
    const handshake: Handshake = { ...known, headers: withoutProtocols(headers) };
    const assigns: unknown = await inTime(connect(handshake));
    if (typeof assigns === "object" && assigns !== null) return assigns as Assigns;
    throw new TypeError(
      `connect of app.channels returned ${assigns === undefined ? "nothing" : nameValue(assigns)}. Return an object, the assigns of the socket's channels, or throw new Unauthorized().`,
    );
  }

  #id(assigns: Assigns): string | undefined {
    const id: unknown = this.#options.id?.(assigns);
    if (!id) return undefined;
    if (typeof id === "string") return id;
    throw new TypeError(`id of app.channels returned ${nameValue(id)}. Return a name, "user:7", or nothing.`);
  }
}

/** @throws Error if a promise takes too long */
async function inTime(result: unknown): Promise<unknown> {
  if (!isPromiseLike(result)) return result;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`connect has not answered for ${CONNECT_TIME / 1000} seconds`);
    timer = setTimeout(reject, CONNECT_TIME, error);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A socket of channels, as transports and tests hold it. */
export type OpenedSocket = AppSocket & Pick<ChannelSocket, "channel" | "patterns" | "onCrash">;
