/** A WebSocket whose other end is an app in the same process. It carries the same messages as a real one. */
import type { ClientSocket, OverwireApp } from "@overwire/server";
import { type ClientFrame, isLost, type ServerFrame } from "@overwire/server/wire";
import type { FrameLog } from "./frame-log.ts";
import { type Activity, quiet } from "./wait.ts";

/** Closes the sockets of an app that was closed. */
const CLOSE_GOING_AWAY = 1001;

/** The network between one page and its app. */
export interface Wire {
  /** The server's end of the page's socket, if one is open. */
  readonly connection: ClientSocket | undefined;
  /** The test has cut the line. */
  readonly isCut: boolean;
  /** The app was closed, or the page: there is no line any more. */
  readonly isOver: boolean;
  /** Constructor for the client's `WebSocket` option. */
  readonly WebSocket: typeof WebSocket;
  /**
   * Cuts the line; new sockets fail to open until {@link restore}.
   * @param resumable false if the server is to take it for a page that was closed
   */
  cut(resumable?: boolean): void;
  restore(): void;
  /** Ends the line for good. */
  end(): void;
}

/** Does something once what runs now is done, as messages arrive. */
const soon = (action: () => unknown) => void Promise.resolve().then(action);

/** A line between one page and its app. */
interface Line {
  readonly app: OverwireApp;
  readonly headers: () => Headers;
  readonly env: object | undefined;
  readonly frameLog: FrameLog;
  readonly activity: Activity;
  online: boolean;
  over: boolean;
  open: MemorySocket | undefined;
}

type Handler = ((event: object) => void) | null;

class MemorySocket {
  readonly url: string;
  readonly bufferedAmount = 0;
  binaryType = "blob";
  readyState = 0;
  connection: ClientSocket | undefined;
  onopen: Handler = null;
  onmessage: Handler = null;
  onclose: Handler = null;
  onerror: Handler = null;
  readonly #line: Line;

  constructor(line: Line, url: string | URL) {
    this.#line = line;
    this.url = String(url);
    soon(() => this.#connect());
  }

  #connect(): void {
    const { app, headers, env, frameLog, online, over } = this.#line;
    if (this.readyState !== 0) return;
    if (!online || over) return this.#end(1006, "");
    const upgrade = { url: this.url.replace(/^ws/, "http"), headers: headers(), env };
    if (!app.acceptsOrigin(upgrade.headers, upgrade.url)) return this.#end(1006, "");
    this.connection = app.connect(upgrade, {
      bufferedAmount: 0,
      send: (text) => {
        frameLog.fromServer(JSON.parse(text) as ServerFrame, text);
        soon(() => this.#tell("message", { data: text }));
      },
      close: (code, reason) => {
        this.#line.over ||= code === CLOSE_GOING_AWAY;
        soon(() => this.#end(code, reason));
      },
    });
    this.#line.open = this;
    this.readyState = 1;
    frameLog.connected();
    this.#tell("open", {});
  }

  send(data: string | Uint8Array | ArrayBuffer): void {
    if (typeof data === "string") {
      this.#line.frameLog.fromClient(JSON.parse(data) as ClientFrame);
      return soon(() => this.readyState === 1 && this.connection?.message(data));
    }
    // The client may change its bytes afterwards without an effect on the message.
    const bytes = new Uint8Array(
      ArrayBuffer.isView(data)
        ? data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)
        : data.slice(0),
    );
    soon(() => this.readyState === 1 && this.connection?.binary(bytes));
  }

  close(code = 1000, reason = ""): void {
    this.#end(code, reason, isLost(code));
  }

  /** @param lost the line failed, so the client may come back for its views */
  #end(code: number, reason: string, lost = false): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    if (this.#line.open === this) this.#line.open = undefined;
    this.connection?.closed(lost);
    if (code === 1006) this.#tell("error", {});
    this.#tell("close", { code, reason, wasClean: code !== 1006 });
  }

  /** The client has no listeners but its handlers. */
  #tell(type: "open" | "message" | "close" | "error", details: object): void {
    if (type === "message" && this.readyState !== 1) return;
    this[`on${type}`]?.({ type, target: this, ...details });
    const { activity } = this.#line;
    activity.notify();
    // Code of the client that awaited this goes on in promises: only after them may a condition hold.
    void quiet().then(() => activity.notify());
  }

  drop(lost: boolean): void {
    this.#end(1006, "", lost);
  }
}

/**
 * @param headers of the browser's upgrade request: its cookies, its origin
 * @param env becomes `c.env` of handlers when a view is mounted for a join
 */
export function createWire(
  app: OverwireApp,
  headers: () => Headers,
  env: object | undefined,
  frameLog: FrameLog,
  activity: Activity,
): Wire {
  const line: Line = { app, headers, env, frameLog, activity, online: true, over: false, open: undefined };
  return {
    get connection() {
      return line.open?.connection;
    },
    get isCut() {
      return !line.online;
    },
    get isOver() {
      return line.over;
    },
    end() {
      line.over = true;
    },
    WebSocket: MemorySocket.bind(undefined, line) as unknown as typeof WebSocket,
    cut(resumable = true) {
      line.online = false;
      line.open?.drop(resumable);
    },
    restore() {
      line.online = true;
    },
  };
}
