/** The app's WebSocket on an http server that may have others. */
import { type Server as HttpServer, type IncomingMessage, STATUS_CODES } from "node:http";
import type { Server as HttpsServer } from "node:https";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { CHANNEL_PROTOCOLS, SOCKET_PATH } from "@overwire/client/wire";
import type { Env, Hono, Schema } from "hono";
import { type WebSocket, WebSocketServer } from "ws";
import { OverwireApp } from "../app/overwire-app.ts";
import { type ChannelUpgrade, isEndpoint } from "../channel/channel-endpoint.ts";
import type { AppSocket, ChannelPeer, Upgrade } from "../connection/transport.ts";
import { ENV_UPGRADE } from "../http/env.ts";
import { headersOf, NodeUpgrade, pathOf, urlOf } from "./request.ts";
import { connectWs } from "./ws-peer.ts";

/** An app, or a Hono app in which one is mounted. */
export type Mountable = OverwireApp | Hono<Env, Schema, string>;

/** Options of attaching an app to a server. */
export interface AttachOptions {
  /**
   * Path at which another framework has mounted the app: `"/admin"` for `express.use("/admin",
   * handler(app))`.
   */
  readonly base?: string | undefined;
}

/** Result of {@link attach}. */
export interface Attached {
  /**
   * Accepts no more handshakes, lets running handlers finish, and ends the open sockets. Their clients
   * reconnect by themselves.
   * @param deadline time for running handlers, in milliseconds. Default 10,000
   * @param drain time in which sockets are ended one after the other, before that, in milliseconds. Default 0
   * @returns false if the deadline passed before all had finished
   */
  close(deadline?: number, drain?: number): Promise<boolean>;
}

/** Time that a client may take to answer a close frame, in milliseconds. */
export const GRACE = 1000;
/** Time that handlers may take when the sockets are ended, in milliseconds. */
const DEADLINE = 10_000;

/** @returns false if the time passes first */
export async function within(done: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, milliseconds), false);
  });
  const isDone = await Promise.race([done.then(() => true), late]);
  clearTimeout(timer);
  return isDone;
}

/**
 * Lets an http server take the app's WebSockets. Handshakes for other paths are left to others.
 * @param server any node http or https server: your own, Express's (`app.listen()`), Fastify's (`fastify.server`)
 * @param app the app that answers the server's requests
 * @throws Error if there is an app at the same path already
 */
export function attach(
  server: HttpServer | HttpsServer,
  app: Mountable,
  options: AttachOptions = {},
): Attached {
  const base = options.base?.replace(/\/$/, "");
  const taken = attachedAt.get(server) ?? new Set();
  attachedAt.set(server, taken);
  if (taken.has(base ?? "")) {
    throw new Error(
      `This server has an app at ${base ?? ""}${SOCKET_PATH} already, and two cannot answer the same handshake. serve() attaches by itself; give a second app a base: attach(server, app, { base: "/admin" }).`,
    );
  }
  taken.add(base ?? "");
  const attachment = new Attachment(app, base, () => server.listenerCount("upgrade") === 1);
  server.on("upgrade", attachment.take);
  return {
    close(deadline = DEADLINE, drain = 0) {
      taken.delete(base ?? "");
      server.off("upgrade", attachment.take);
      return attachment.close(deadline, drain);
    },
  };
}

/** Paths of each server's apps. */
const attachedAt = new WeakMap<object, Set<string>>();

class Attachment {
  readonly #app: Mountable;
  readonly #base: string | undefined;
  readonly #isAlone: () => boolean;
  readonly #fetch: Upgrade["fetch"];
  readonly #servers = new Map<OverwireApp, WebSocketServer>();
  readonly #sockets = new Map<WebSocket, AppSocket>();
  #isClosed = false;

  constructor(app: Mountable, base: string | undefined, isAlone: () => boolean) {
    this.#app = app;
    this.#base = base;
    this.#isAlone = isAlone;
    this.#fetch = (request, env) => app.fetch(request, env);
  }

  readonly take = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    try {
      this.#take(request, socket, head);
    } catch (error) {
      this.#failed(this.#app, socket, error);
    }
  };

  /** A handshake at which the app fails, for example because its `checkOrigin` throws. */
  #failed(app: Mountable, socket: Duplex, error: unknown): void {
    if (app instanceof OverwireApp)
      app.report({ kind: "crash", event: "connect", message: "a handshake failed", error });
    reject(socket, 500, "The server failed.");
  }

  #take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const path = pathOf(request);
    const base = this.#base ?? "";
    const isApp = this.#app instanceof OverwireApp;
    const isBelow = path.startsWith(base);
    const isAsked =
      isBelow && ((!isApp && path.endsWith(SOCKET_PATH)) || hasEndpoint(this.#app, path.slice(base.length)));
    if (isApp && path === base + SOCKET_PATH) this.#accept(this.#app, request, socket, head);
    else if (isAsked)
      this.#find(request, socket, head).catch((error) => this.#failed(this.#app, socket, error));
    else this.#leave(socket);
  }

  async close(deadline: number, drain: number): Promise<boolean> {
    this.#isClosed = true;
    const until = Date.now() + deadline;
    const isDrained = drain === 0 || (await within(this.#drain(drain), deadline));
    const finishing = Promise.all([...this.#sockets.values()].map((socket) => socket.finish()));
    const hasFinished = await within(finishing, until - Date.now());
    for (const socket of this.#sockets.values()) socket.shutdown();
    // A socket that does not answer the close frame must not keep the process alive.
    const late = setTimeout(() => {
      for (const ws of this.#sockets.keys()) ws.terminate();
    }, GRACE);
    late.unref();
    const others = [...this.#servers.keys()].filter((app) => app !== this.#app);
    await Promise.all(others.map((app) => app.close()));
    return isDrained && hasFinished;
  }

  /**
   * Ends sockets one after the other: the nodes that get their clients mount few views at a time, and no client waits for long. They are
   * few at first, and then more and more, as a node that has just started is slow.
   */
  async #drain(time: number): Promise<void> {
    const sockets = [...this.#sockets];
    const ends: Promise<void>[] = [];
    const start = performance.now();
    for (const [index, [ws, socket]] of sockets.entries()) {
      // Its client may have left meanwhile.
      if (!this.#sockets.has(ws)) continue;
      // A timer takes a millisecond at least: of thousands of sockets, several end at a time.
      const wait = start + time * Math.sqrt(index / sockets.length) - performance.now();
      if (wait >= 1) await sleep(wait, undefined, { ref: false });
      if (!this.#sockets.has(ws)) continue;
      ends.push(socket.finish().then(() => socket.shutdown(true)));
    }
    await Promise.all(ends);
  }

  /** Asks the app, or the outer one which of its apps has the path. */
  async #find(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // There is no other listener while the app is asked, and an error without one ends the server.
    const ignore = () => {};
    socket.on("error", ignore);
    const upgrading: ChannelUpgrade<OverwireApp> = {};
    const url = urlOf(request, this.#base);
    if (url === undefined) {
      reject(socket, 400, "The host header is not a host.");
      return;
    }
    let status = 500;
    try {
      const env = { incoming: request, [ENV_UPGRADE]: upgrading };
      ({ status } = await this.#app.fetch(new Request(url, { headers: headersOf(request) }), env));
    } catch {
      // The outer app has its own way of telling.
    }
    socket.off("error", ignore);
    const { app, accepted, declined } = upgrading;
    if (this.#isClosed) reject(socket, 503, "The server stops.");
    else if (declined) reject(socket, declined.status, declined.message);
    else if (app && accepted) this.#open(app, request, socket, head, accepted.open);
    else if (app) this.#accept(app, request, socket, head);
    else if (status === 404) this.#leave(socket);
    else reject(socket, status, "The app does not let this request through.");
  }

  /** Not ours. Without another listener an answer is better than a socket that hangs. */
  #leave(socket: Duplex): void {
    if (this.#isAlone())
      reject(socket, 404, `There is no WebSocket here. The app's is at ${this.#base ?? ""}${SOCKET_PATH}.`);
  }

  #accept(app: OverwireApp, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = urlOf(request);
    if (url === undefined) {
      reject(socket, 400, "The host header is not a host.");
      return;
    }
    const upgrade = new NodeUpgrade(request, url, this.#base, this.#fetch);
    const { headers } = upgrade;
    if (!app.acceptsOrigin(headers, url)) {
      const sentence = `Pages of ${headers.get("origin")} may not connect here. If they should, allow them: createApp({ checkOrigin: [...] }).`;
      app.report({ kind: "refused", event: "connect", message: sentence });
      reject(socket, 403, sentence);
      return;
    }
    this.#open(app, request, socket, head, (peer) => app.connect(upgrade, peer));
  }

  #open(
    app: OverwireApp,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    connect: (peer: ChannelPeer) => AppSocket,
  ): void {
    this.#serverOf(app).handleUpgrade(request, socket, head, (ws) => {
      this.#sockets.set(ws, connectWs(ws, socket, app, connect));
      ws.on("close", () => this.#sockets.delete(ws));
    });
  }

  #serverOf(app: OverwireApp): WebSocketServer {
    let server = this.#servers.get(app);
    if (!server) {
      server = new WebSocketServer({
        noServer: true,
        clientTracking: false,
        // Costs far more CPU and memory per socket than it saves on messages of this size.
        perMessageDeflate: false,
        maxPayload: app.limits.messageSize,
        // Never the token of a client, which is among those that it offers.
        handleProtocols: (offered) => [...offered].find((each) => CHANNEL_PROTOCOLS.includes(each)) ?? false,
      });
      this.#servers.set(app, server);
    }
    return server;
  }
}

/** Tells if a path is one of channels, of an app or of one that is mounted in it. */
function hasEndpoint(app: Mountable, path: string): boolean {
  const [handlers] = app.router.match("GET", path || "/");
  return handlers.some(([[handler]]) => isEndpoint(handler));
}

function reject(socket: Duplex, status: number, sentence: string): void {
  // After this there is no listener, and a client that is gone already is no accident.
  socket.on("error", () => socket.destroy());
  socket.once("finish", () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(sentence)}\r\n\r\n${sentence}`,
  );
}
