/** Sockets of an app whose client is the test: it says what a client may say, and reads what the server answers. */
import { expect, vi } from "vitest";
import type { ServerFrame } from "../../client/src/wire/frames.ts";
import type { OverwireApp } from "../../server/src/app/overwire-app.ts";
import type { ClientSocket, Peer, Upgrade } from "../../server/src/connection/transport.ts";

/** The cookie of a visitor; another letter is another visitor. */
export const visitorCookie = (letter = "v"): string => `ow_visitor=${letter.repeat(22)}`;

export class FakePeer implements Peer {
  readonly frames: ServerFrame[] = [];
  /** Codes of the server's closes. */
  readonly closes: number[] = [];
  /** The first close. */
  closed: readonly [code: number, reason: string] | undefined;
  bufferedAmount = 0;

  send(text: string): void {
    this.frames.push(JSON.parse(text) as ServerFrame);
  }

  close(code: number, reason: string): void {
    this.closes.push(code);
    this.closed ??= [code, reason];
  }

  /** @returns the frames since the last call */
  take(): ServerFrame[] {
    return this.frames.splice(0);
  }
}

export interface FakeSocket {
  readonly socket: ClientSocket;
  readonly peer: FakePeer;
  /** Sends a frame. */
  send(frame: readonly unknown[]): void;
  /** Sends a frame. @returns the immediate answer */
  say(frame: readonly unknown[]): ServerFrame[];
  /** Sends a frame. @returns the answer, however long that takes */
  ask(frame: readonly unknown[]): Promise<ServerFrame[]>;
  /** @returns the next frame */
  next(): Promise<ServerFrame[]>;
}

/** Opens a socket as a page of the visitor does. */
export function openSocket(
  app: Pick<OverwireApp, "connect">,
  { headers, ...upgrade }: Partial<Omit<Upgrade, "headers">> & { headers?: Record<string, string> } = {},
): FakeSocket {
  const peer = new FakePeer();
  const socket = app.connect(
    {
      headers: new Headers({ cookie: visitorCookie(), ...headers }),
      url: "http://localhost/overwire/socket",
      ...upgrade,
    },
    peer,
  );
  const next = async () => {
    await vi.waitFor(() => expect(peer.frames.length).toBeGreaterThan(0), { interval: 1 });
    return peer.take();
  };
  const send = (frame: readonly unknown[]) => socket.message(JSON.stringify(frame));
  return {
    socket,
    peer,
    next,
    send,
    say(frame) {
      send(frame);
      return peer.take();
    },
    ask(frame) {
      send(frame);
      return next();
    },
  };
}

/** The tokens of the views in some HTML. */
export const tokensIn = (html: string): string[] =>
  Array.from(html.matchAll(/data-ow-view="([^"]*)"/g), ([, token]) => token as string);

/** Requests a page of the app as a visitor does. @returns the tokens of its views */
export async function tokensOf(
  app: Pick<OverwireApp, "request">,
  path = "/",
  cookie = visitorCookie(),
): Promise<string[]> {
  return tokensIn(await (await app.request(path, { headers: { cookie } })).text());
}

/** Compares each frame as far as something is expected of it. */
export function expectFrames(frames: readonly ServerFrame[], ...expected: unknown[][]): void {
  expect(frames.map((frame, at) => frame.slice(0, expected[at]?.length))).toMatchObject(expected);
}
