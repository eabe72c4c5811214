/** A WebSocket whose other end is an app in the same process. It carries the same messages as a real one. */
import type { ClientSocket, OverwireApp } from "@overwire/server";
import { type ClientFrame, isLost, type ServerFrame } from "@overwire/server/wire";
import type { FrameLog } from "./frame-log.ts";
import type { Activity } from "./wait.ts";

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
  let online = true;
  let over = false;
  let open: MemorySocket | undefined;

  class MemorySocket extends EventTarget {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSING = 2;
    static readonly CLOSED = 3;
    readonly url: string;
    readonly bufferedAmount = 0;
    binaryType = "blob";
    readyState = 0;
    connection: ClientSocket | undefined;
    onopen: ((event: Event) => void) | null = null;
    onmessage: ((event: Event) => void) | null = null;
    onclose: ((event: Event) => void) | null = null;
    onerror: ((event: Event) => void) | null = null;

    constructor(url: string | URL) {
      super();
      this.url = String(url);
      queueMicrotask(() => this.#connect());
    }

    #connect(): void {
      if (this.readyState !== 0) return;
      if (!online || over) return this.#end(1006, "");
      const upgrade = { url: this.url.replace(/^ws/, "http"), headers: headers(), env };
      if (!app.acceptsOrigin(upgrade.headers, upgrade.url)) return this.#end(1006, "");
      this.connection = app.connect(upgrade, {
        bufferedAmount: 0,
        send: (text) => {
          frameLog.fromServer(JSON.parse(text) as ServerFrame, text);
          queueMicrotask(() => this.#tell("message", { data: text }));
        },
        close: (code, reason) => {
          over ||= code === CLOSE_GOING_AWAY;
          queueMicrotask(() => this.#end(code, reason));
        },
      });
      open = this;
      this.readyState = 1;
      frameLog.connected();
      this.#tell("open", {});
    }

    send(data: string | Uint8Array | ArrayBuffer): void {
      if (typeof data === "string") {
        frameLog.fromClient(JSON.parse(data) as ClientFrame);
        queueMicrotask(() => this.readyState === 1 && this.connection?.message(data));
        return;
      }
      // The client may change its bytes afterwards without an effect on the message.
      const bytes = new Uint8Array(
        ArrayBuffer.isView(data)
          ? data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)
          : data.slice(0),
      );
      queueMicrotask(() => this.readyState === 1 && this.connection?.binary(bytes));
    }

    close(code = 1000, reason = ""): void {
      this.#end(code, reason, isLost(code));
    }

    /** @param lost the line failed, so the client may come back for its views */
    #end(code: number, reason: string, lost = false): void {
      if (this.readyState === 3) return;
      this.readyState = 3;
      if (open === this) open = undefined;
      this.connection?.closed(lost);
      if (code === 1006) this.#tell("error", {});
      this.#tell("close", { code, reason, wasClean: code !== 1006 });
    }

    #tell(type: "open" | "message" | "close" | "error", details: object): void {
      if (type === "message" && this.readyState !== 1) return;
      const event = Object.assign(new Event(type), details);
      this[`on${type}`]?.(event);
      this.dispatchEvent(event);
      activity.notify();
    }

    drop(lost: boolean): void {
      this.#end(1006, "", lost);
    }
  }

  return {
    get connection() {
      return open?.connection;
    },
    get isCut() {
      return !online;
    },
    get isOver() {
      return over;
    },
    end() {
      over = true;
    },
    WebSocket: MemorySocket as unknown as typeof WebSocket,
    cut(resumable = true) {
      online = false;
      open?.drop(resumable);
    },
    restore() {
      online = true;
    },
  };
}
