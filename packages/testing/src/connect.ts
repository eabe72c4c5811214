/** Opening a socket of channels for a test: the real handshake, the real client, the real channels; only the network is memory. */
import { type ChannelParams, Socket } from "@overwire/client/channels";
import type { OverwireApp, Session } from "@overwire/server";
import { ChannelLine } from "./channels/channel-line.ts";
import type { ChannelLog } from "./channels/channel-log.ts";
import { SocketDriver, type SocketParts } from "./channels/socket-driver.ts";
import { BrowserSession } from "./page/browser-session.ts";
import { isAroundTests } from "./page/open-pages.ts";
import { Activity } from "./page/wait.ts";
import { Visitor } from "./request/visitor.ts";

/** Options of {@link connect}. */
export interface ConnectOptions {
  /** The client's token; a function is asked at each connection. */
  readonly token?: string | (() => string | undefined | Promise<string | undefined>) | undefined;
  /** Params of the query string. */
  readonly params?: ChannelParams | undefined;
  /** The session, in the app's own cookie. A visitor has one already. */
  readonly session?: Session | undefined;
  /** Headers of the handshake. A visitor has its own. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** The app refused a socket of channels. */
export class ConnectError extends Error {
  /** Of the answer to the handshake. */
  readonly status: number;

  get code(): "connection_refused" {
    return "connection_refused";
  }

  constructor(message: string, status: number, options?: ErrorOptions) {
    super(message, options);
    this.name = "ConnectError";
    this.status = status;
  }
}

/** Longest wait for a handshake and for replies, in milliseconds. */
const TIMEOUT = 5000;

/** Delays before connecting and joining again. */
const soonAgain = (tries: number) => 10 * tries;

/**
 * Connects to the channels of an app. The same client runs as in a page, against the same channels as in production.
 * @param app the app, or a visitor of it, whose cookies go with the handshake as those of a page
 * @param path of `app.channels`
 * @returns the driver of the socket, which is disconnected after the test
 * @throws ConnectError with the status and message of a handshake that is refused
 * @example
 * const socket = await connect(app, "/socket", { token: "t" });
 * const room = await socket.subscribeAndJoin<RoomChannel>("room:1");
 * await room.push("say", { body: "Hi" });
 * await room.assertBroadcast("message", { body: "Hi" });
 */
export async function connect(
  app: OverwireApp | Visitor,
  path: string,
  { token, params, ...options }: ConnectOptions = {},
): Promise<SocketDriver> {
  if (typeof path !== "string" || !path.startsWith("/"))
    throw new TypeError(
      `connect(app, path) expects the path of app.channels, such as "/socket", but got ${String(path)}.`,
    );
  const isShared = isAroundTests();
  const activity = new Activity();
  const logs = new Map<string, ChannelLog>();
  const crashes: SocketParts["crashes"] = [];
  let fault: Error | undefined;
  const isVisitor = app instanceof Visitor;
  const browserSession = isVisitor ? Visitor.browserOf(app) : new BrowserSession(app, options);
  await browserSession.ready();
  const url = browserSession.url(path);
  const line = new ChannelLine({
    app: browserSession.app,
    activity,
    // A program sends no origin, and a browser always does.
    headers: () => (isVisitor ? browserSession.fromPage(url) : browserSession.headers(url)),
    env: browserSession.app.withErrors((error) => {
      fault = error;
    }, browserSession.env),
    onSent: (frame) => logs.get(frame.topic)?.fromClient(frame),
    onReceived: (frame) => logs.get(frame.topic)?.fromServer(frame),
    onCrash: (crash) => crashes.push(crash),
  });
  const socket = new Socket(url.href.replace(/^http/, "ws"), {
    WebSocket: line.WebSocket,
    ...(token !== undefined && { token }),
    ...(params && { params }),
    timeout: TIMEOUT,
    reconnectAfter: soonAgain,
    rejoinAfter: soonAgain,
  });
  const errors: unknown[] = [];
  const stop = socket.onError((error) => errors.push(error));
  socket.connect();
  const isOver = () => socket.connected || !!line.refusal || errors.length > 0;
  const late = () => new Error(`Waited ${TIMEOUT} ms for connect of ${path}, in vain.`);
  try {
    await activity.until(isOver, TIMEOUT, late);
  } finally {
    stop();
    if (!socket.connected) socket.disconnect();
  }
  const { refusal } = line;
  if (refusal) throw errorOf(path, refusal, fault);
  if (!socket.connected) throw errors[0];
  return new SocketDriver({ app: browserSession.app, socket, line, activity, logs, crashes }, isShared);
}

function errorOf(
  path: string,
  { status, message }: NonNullable<ChannelLine["refusal"]>,
  fault?: Error,
): Error {
  if (status === undefined)
    return new ConnectError(
      `There are no channels at ${path}: app.channels(${JSON.stringify(path)}, …) declares them.`,
      404,
    );
  if (fault)
    return new ConnectError(`connect of ${path} threw, which answers ${status}: ${fault.message}`, status, {
      cause: fault,
    });
  return new ConnectError(`connect of ${path} was refused with ${status}: ${message}`, status);
}
