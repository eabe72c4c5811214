/** The WebSocket of channels: comes back after a loss with growing delays, beats, and asks for its token anew each time. */
import { type AttemptOptions, type ConnectionAttempt, connect, release } from "./attempt.ts";
import { type LineEnd, nextTry } from "./delays.ts";
import { createHeartbeat } from "./heartbeat.ts";
import { watchPage } from "./page-events.ts";

export interface ConnectionOptions extends AttemptOptions {
  /** Longest wait for the connection to open, and for the answer to a heartbeat of a page that is shown again. */
  readonly timeout: number;
  readonly heartbeat: number;
  reconnectAfter(tries: number): number;
  /** Asks the server for a sign of life. */
  beat(): void;
  onOpen(): void;
  onMessage(data: string | Uint8Array): void;
  /** The connection is over, or an attempt has failed. @param end undefined if the client has ended it */
  onClose(end: LineEnd | undefined): void;
}

export interface Connection {
  readonly isOpen: boolean;
  connect(): void;
  /** Closes for good. */
  disconnect(): void;
  /** @returns false if there is no connection to send it on */
  send(data: string | Uint8Array<ArrayBuffer>): boolean;
}

export function createConnection(options: ConnectionOptions): Connection {
  let current: ConnectionAttempt | undefined;
  let tries = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  /** Ends the watch of the page. Set while a connection is wanted. */
  let unwatch: (() => void) | undefined;

  const isOpen = () => current?.ws?.readyState === 1;

  const drop = (end?: LineEnd) => {
    clearTimeout(retry);
    heartbeat.stop();
    const own = current;
    current = undefined;
    if (!own) return;
    release(own, end);
    options.onClose(end);
  };
  const lost = (end?: LineEnd) => {
    drop(end);
    // A listener may have ended it, or connected it again.
    if (!unwatch || current) return;
    tries = nextTry(tries, end);
    retry = setTimeout(open, options.reconnectAfter(tries));
  };
  const heartbeat = createHeartbeat(options.heartbeat, options.beat, lost);

  const events = {
    opened() {
      heartbeat.opened();
      options.onOpen();
    },
    received(data: string | Uint8Array) {
      heartbeat.heard();
      // Not when it opens: a server that closes at once would be asked a hundred times a second.
      tries = 0;
      options.onMessage(data);
    },
    lost,
  };
  const open = () => {
    if (current) return;
    clearTimeout(retry);
    current = { isOver: false };
    heartbeat.opening(options.timeout);
    void connect(current, options, events);
  };
  /** The network may have changed, or the device has slept. */
  const wake = () => (isOpen() ? heartbeat.ask(options.timeout) : open());

  return {
    get isOpen() {
      return isOpen();
    },
    connect() {
      // A page with a connection is not kept for the way back.
      unwatch ??= watchPage({ online: wake, visibilitychange: wake, pagehide: () => drop(), pageshow: open });
      open();
    },
    disconnect() {
      unwatch?.();
      unwatch = undefined;
      drop();
    },
    send(data) {
      if (!isOpen()) return false;
      current?.ws?.send(data);
      return true;
    },
  };
}
