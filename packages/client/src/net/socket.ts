/** A WebSocket that comes back: reconnects with growing delays, beats, and notices when the server does not answer. */
import { isHidden } from "../dom/frame.ts";
import { invoke } from "../dom/native.ts";
import { CLOSE_LOST, HEARTBEAT, JOIN, MESSAGE_SIZE } from "../wire/constants.ts";
import type { ClientFrame, ServerFrame } from "../wire/frames.ts";
import type { ReceivedFrame } from "./frame-queue.ts";

/** Delays before connecting again, in milliseconds; the last one from then on. */
const DELAYS = [10, 50, 100, 150, 200, 250, 500, 1000, 2000, 5000];
/** The first delay after a server that stops or is too busy, by its index: all clients come back at once. */
const BUSY = 6;
/** After a refusal the same message is likely to come again: delays grow by the square of their number, up to the longest. */
const REFUSED = 5000;
const LONGEST = 60_000;
/** Time between heartbeats, and the longest wait for an answer to one, in milliseconds. */
const BEAT = 30_000;
/** Time without any answer, in milliseconds, after which a heartbeat checks that the connection is alive. */
const QUIET = 3000;
/** Longest wait for the answer to that heartbeat. */
const PATIENCE = 7000;
/** Closes a connection whose message was too large for the server, or for a proxy before it. */
const TOO_LARGE = 1009;
/** Smaller messages, in bytes, are not taken for the reason of that. */
const SMALL = 4000;
/** A connection that has worked this long, in milliseconds, does not count as a failure when it ends. */
const STABLE = 5000;

export interface SocketOptions {
  readonly win: Window & typeof globalThis;
  readonly WebSocket: typeof WebSocket;
  readonly url: string;
  onOpen(): void;
  onFrame(frame: ReceivedFrame): void;
  /** A frame is larger than messages may be, and was not sent: it could never get through. */
  onLarge(frame: ClientFrame, bytes: number, send: (frame: ClientFrame) => void): void;
  /** Right before a regular heartbeat. */
  onBeat(): void;
  /**
   * @param final the views are not to be resumed
   * @param refused the server has closed the connection because of a message
   */
  onClose(final: boolean, refused: boolean): void;
}

export interface Socket {
  readonly connected: boolean;
  connect(): void;
  /** Closes for good. */
  disconnect(): void;
  send(frame: ClientFrame): void;
  /** Bytes that a message may have. */
  readonly limit: number;
  /** @returns false if there is no connection to send it on */
  sendBytes(bytes: Uint8Array<ArrayBuffer>): boolean;
  /** Bytes that were sent but have not left yet. */
  readonly bufferedAmount: number;
}

export function createSocket({
  win,
  WebSocket,
  url,
  onOpen,
  onFrame,
  onLarge,
  onBeat,
  onClose,
}: SocketOptions): Socket {
  let ws: WebSocket | undefined;
  let tries = 0;
  let refusals = 0;
  let retry: number | undefined;
  let beat: number | undefined;
  /** Something was heard since the last regular heartbeat, and since the watch began. */
  let answered = true;
  let heard = true;
  let watch: number | undefined;
  /** When the server first said something on this connection. */
  let since = 0;
  let wanted = false;
  /** Bytes that a message may have, and those that the end of a connection has shown to get through at most. */
  let limit = Infinity;
  let passing = Infinity;
  /** Bytes of the largest message on this connection. */
  let largest = 0;
  let hidden = false;

  const isOpen = () => ws?.readyState === 1;
  const sendRaw = (message: string | Uint8Array<ArrayBuffer>, size = 0) => {
    if (!isOpen()) return false;
    if (size > largest) largest = size;
    ws?.send(message);
    return true;
  };
  const beatNow = () => sendRaw(`["${HEARTBEAT}"]`);

  const startWatch = (wait: number, onQuiet: () => void) => {
    win.clearTimeout(watch);
    heard = false;
    watch = win.setTimeout(() => {
      watch = undefined;
      if (!heard) onQuiet();
    }, wait);
  };
  /** Finds out if the connection is alive. A slow one may still be busy with earlier messages. */
  const probe = () => {
    beatNow();
    startWatch(PATIENCE, () => (ws?.bufferedAmount ? probe() : giveUp()));
  };

  const stopTimers = () => {
    for (const timer of [beat, watch, retry]) win.clearTimeout(timer);
    watch = undefined;
  };

  const lost = (code?: number, reason?: string) => {
    stopTimers();
    ws = undefined;
    if (since && performance.now() - since > STABLE) tries = refusals = 0;
    const refused = /^(100[23789]|44(00|29))$/.test(`${code}`);
    if (code === TOO_LARGE && largest > SMALL) limit = passing = largest - 1;
    if (refused) {
      refusals++;
      win.console.error(
        `Overwire: the server refused a message and closed the connection (${code}): ${reason}`,
      );
    } else if (/^(10(01|12|13)|4408)$/.test(`${code}`)) tries = Math.max(tries, BUSY);
    onClose(!wanted, refused);
    if (!wanted) return;
    const delay = refused
      ? Math.min(REFUSED * refusals ** 2, LONGEST)
      : (DELAYS[Math.min(tries++, DELAYS.length - 1)] as number);
    // Many clients lose their server at once and should not all come back at once.
    retry = win.setTimeout(connect, delay * (0.5 + Math.random()));
  };

  const connect = () => {
    wanted = true;
    win.clearTimeout(retry);
    if (ws) return;
    const own = new WebSocket(url);
    ws = own;
    since = largest = 0;
    // Opening counts as the first answer: the connection may as well be dead from the start.
    answered = false;
    beat = win.setInterval(() => {
      if (!answered) return giveUp();
      answered = false;
      onBeat();
      beatNow();
    }, BEAT);
    own.onopen = () => {
      answered = true;
      onOpen();
    };
    own.onmessage = ({ data }) => {
      answered = heard = true;
      since ||= performance.now();
      const frame = JSON.parse(data) as ServerFrame;
      if (frame[0] === JOIN) limit = Math.min(passing, frame[4].m ?? MESSAGE_SIZE);
      if (frame[0] !== HEARTBEAT) onFrame(frame);
    };
    own.onclose = ({ code, reason }) => lost(code, reason);
  };

  /** Lets go of the socket: a dead connection may take minutes to say that it is closed. */
  const drop = (code?: number) => {
    stopTimers();
    if (ws) ws.onclose = ws.onmessage = ws.onopen = null;
    ws?.close(code);
    ws = undefined;
  };

  const giveUp = () => {
    drop(CLOSE_LOST);
    lost();
  };

  /** The network may have changed, or the device has slept. */
  const now = () => {
    if (!wanted) return;
    if (ws) probe();
    else connect();
  };

  for (const type of ["online", "offline"]) win.addEventListener(type, now);
  invoke(win.document, "addEventListener", "visibilitychange", () => isHidden(win) || now());
  // A page that is left keeps its looks; one that comes back from the cache has a dead connection.
  win.addEventListener("pagehide", () => {
    hidden = wanted;
    wanted = false;
    drop();
  });
  win.addEventListener("pageshow", ({ persisted }) => {
    if (!persisted || !hidden) return;
    onClose(true, false);
    connect();
  });

  const send = (frame: ClientFrame) => {
    const text = JSON.stringify(frame);
    // Counting bytes is dear, and of ASCII needless.
    const size = /[\u0080-\uffff]/.test(text) ? new Blob([text]).size : text.length;
    if (size > limit) onLarge(frame, size, send);
    else if (sendRaw(text, size) && watch === undefined) startWatch(QUIET, probe);
  };

  return {
    get connected() {
      return isOpen();
    },
    sendBytes: sendRaw,
    get bufferedAmount() {
      return ws?.bufferedAmount ?? 0;
    },
    connect,
    disconnect() {
      if (!wanted) return;
      wanted = false;
      drop();
      lost();
    },
    get limit() {
      return limit;
    },
    send,
  };
}
