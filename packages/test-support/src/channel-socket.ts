/** Sockets of channels whose client is the test: it says what a client may say, and reads what the server sends. */
import { expect, vi } from "vitest";
import {
  type ChannelFrame,
  readServerMessage,
  tokenProtocol,
  writeClientMessage,
} from "../../client/src/wire/channel-frames.ts";
import type { OverwireApp } from "../../server/src/app/overwire-app.ts";
import type { OpenedSocket } from "../../server/src/channel/channel-endpoint.ts";
import type { ChannelPeer } from "../../server/src/connection/transport.ts";

/** A message as an array, as text messages are written: join ref, ref, topic, event, payload. */
export type Said = readonly [
  joinRef: string | null,
  ref: string | null,
  topic: string,
  event: string,
  payload: unknown,
];

const said = ({ joinRef, ref, topic, event, payload }: ChannelFrame): Said => [
  joinRef,
  ref,
  topic,
  event,
  payload,
];

export class FakeChannelPeer implements ChannelPeer {
  readonly said: Said[] = [];
  /** The first close. */
  closed: readonly [code: number, reason: string] | undefined;
  bufferedAmount = 0;

  send(message: string | Uint8Array): void {
    const frame = readServerMessage(message);
    if (!frame) throw new Error("no message of a channel");
    this.said.push(said(frame));
  }

  sendBinary(message: Uint8Array): void {
    this.send(message);
  }

  close(code: number, reason: string): void {
    this.closed ??= [code, reason];
  }
}

export interface ChannelClient {
  readonly socket: OpenedSocket;
  readonly peer: FakeChannelPeer;
  /** Sends a message. @returns messages since the last call, and those that come at once */
  say(...message: Said): Said[];
  /** Sends a message. @returns its reply's status and response, however long that takes; other messages stay for `take` */
  ask(...message: Said): Promise<{ readonly status: string; readonly response: unknown }>;
  /** Joins a topic with its name as refs. @returns the reply */
  join(topic: string, payload?: unknown, ref?: string): ReturnType<ChannelClient["ask"]>;
  /** @returns messages since the last call */
  take(): Said[];
  /** Waits until something has come. */
  next(): Promise<Said[]>;
}

export interface ChannelClientOptions {
  readonly token?: string;
  readonly headers?: Record<string, string>;
  readonly env?: object;
}

/** Asks to open a socket. @returns the app's answer */
export const admit = (
  app: Pick<OverwireApp, "admit">,
  path = "/socket",
  { token, headers, env }: ChannelClientOptions = {},
): ReturnType<OverwireApp["admit"]> =>
  app.admit({
    url: new URL(path, "http://localhost").href,
    headers: new Headers({
      host: "localhost",
      ...(token !== undefined && { "sec-websocket-protocol": `overwire, ${tokenProtocol(token)}` }),
      ...headers,
    }),
    env,
  });

/** Opens a socket. @throws Error if the app refuses it */
export async function openChannels(
  app: Pick<OverwireApp, "admit">,
  path?: string,
  options?: ChannelClientOptions,
): Promise<ChannelClient> {
  const admitted = await admit(app, path, options);
  if (!admitted || !("open" in admitted)) throw new Error(`refused: ${JSON.stringify(admitted)}`);
  const peer = new FakeChannelPeer();
  const socket = admitted.open(peer);
  const take = () => peer.said.splice(0);
  const send = ([joinRef, ref, topic, event, payload]: Said) => {
    const message = writeClientMessage({ joinRef, ref, topic, event, payload });
    if (typeof message === "string") socket.message(message);
    else socket.binary(message);
  };
  const ask: ChannelClient["ask"] = async (...message) => {
    const [, ref, topic] = message;
    const isReply = (one: Said) => one[1] === ref && one[2] === topic && one[3] === "phx_reply";
    send(message);
    await vi.waitFor(() => expect(peer.said.some(isReply)).toBe(true), { interval: 1 });
    const [reply] = peer.said.splice(peer.said.findIndex(isReply), 1);
    return reply?.[4] as Awaited<ReturnType<ChannelClient["ask"]>>;
  };
  return {
    socket,
    peer,
    take,
    ask,
    say(...message) {
      send(message);
      return take();
    },
    join: (topic, payload = {}, ref = topic) => ask(ref, ref, topic, "phx_join", payload),
    async next() {
      await vi.waitFor(() => expect(peer.said.length).toBeGreaterThan(0), { interval: 1 });
      return take();
    },
  };
}
