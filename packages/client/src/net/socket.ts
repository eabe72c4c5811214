/** A WebSocket that comes back: reconnects with growing delays, beats, and notices when nobody answers. */
import { CLOSE_MALFORMED, type ClientFrame, HEARTBEAT, type ServerFrame } from "@overwire/server/wire";

/** Delays before connecting again, in milliseconds; the last one from then on. */
const DELAYS = [10, 50, 100, 150, 200, 250, 500, 1000, 2000, 5000];
/** Time between heartbeats, and the longest wait for an answer, in milliseconds. */
const BEAT = 30_000;

export interface SocketOptions {
  readonly win: Window & typeof globalThis;
  readonly WebSocket: typeof WebSocket;
  readonly url: string;
  onOpen(): void;
  onFrame(frame: ServerFrame): void;
  /** @param final nobody wants to come back to what was there */
  onClose(final: boolean): void;
}

export interface Socket {
  readonly connected: boolean;
  connect(): void;
  /** Closes for good. */
  disconnect(): void;
  send(frame: ClientFrame): void;
  /** @returns whether there is a connection to send it on */
  sendBytes(bytes: Uint8Array<ArrayBuffer>): boolean;
  /** Bytes that were sent but have not left yet. */
  readonly bufferedAmount: number;
}

export function createSocket({ win, WebSocket, url, onOpen, onFrame, onClose }: SocketOptions): Socket {
  let ws: WebSocket | undefined;
  let tries = 0;
  let retry: number | undefined;
  let beat: number | undefined;
  let answered = true;
  let wanted = false;
  let hidden = false;

  const isOpen = () => ws?.readyState === 1;
  const sendRaw = (message: string | Uint8Array<ArrayBuffer>) => {
    if (isOpen()) ws?.send(message);
    return isOpen();
  };
  const send = (frame: ClientFrame) => {
    sendRaw(JSON.stringify(frame));
  };

  const lost = () => {
    win.clearInterval(beat);
    ws = undefined;
    onClose(!wanted);
    if (!wanted) return;
    const delay = DELAYS[Math.min(tries++, DELAYS.length - 1)] as number;
    // Many clients lose their server at once and should not all come back at once.
    retry = win.setTimeout(connect, delay * (0.5 + Math.random()));
  };

  const connect = () => {
    wanted = true;
    win.clearTimeout(retry);
    if (ws) return;
    const own = new WebSocket(url);
    ws = own;
    // Opening counts as the first answer: a line may as well be dead from the start.
    answered = false;
    beat = win.setInterval(() => {
      if (!answered) return close();
      answered = false;
      send([HEARTBEAT]);
    }, BEAT);
    own.onopen = () => {
      answered = true;
      onOpen();
    };
    own.onmessage = ({ data }) => {
      answered = true;
      tries = 0;
      const frame = JSON.parse(data) as ServerFrame;
      if (frame[0] !== HEARTBEAT) onFrame(frame);
    };
    own.onclose = ({ code, reason }) => {
      if (code === CLOSE_MALFORMED) {
        win.console.error(`Overwire: the server did not understand the client: ${reason}`);
        tries = DELAYS.length;
      }
      lost();
    };
  };

  /** Wants nothing more to do with the socket: a dead line may take minutes to say so. */
  const drop = () => {
    win.clearInterval(beat);
    win.clearTimeout(retry);
    if (ws) ws.onclose = ws.onmessage = ws.onopen = null;
    ws?.close();
    ws = undefined;
  };

  const close = () => {
    if (!ws) return;
    drop();
    lost();
  };

  const now = () => {
    if (wanted && !ws) connect();
  };

  win.addEventListener("online", now);
  win.document.addEventListener(
    "visibilitychange",
    () => win.document.visibilityState === "visible" && now(),
  );
  // A page that is left keeps its looks; one that comes back from the cache has a dead socket.
  win.addEventListener("pagehide", () => {
    hidden = wanted;
    wanted = false;
    drop();
  });
  win.addEventListener("pageshow", ({ persisted }) => {
    if (!persisted || !hidden) return;
    onClose(true);
    connect();
  });

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
      wanted = false;
      win.clearTimeout(retry);
      close();
    },
    send,
  };
}
