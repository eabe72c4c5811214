/** A visitor in terms of the protocol: pages by HTTP with their cookies and tokens, and bare WebSockets. */
import { once } from "node:events";
import type { ServerFrame } from "@overwire/server/wire";
import { type RawData, WebSocket } from "ws";

/** Longest wait for an answer that must come, in milliseconds. */
export const PATIENCE = 30_000;

/** A page that was loaded. */
export interface LoadedPage {
  readonly url: string;
  readonly status: number;
  readonly html: string;
  /** Tokens of its views, the page's own first. */
  readonly tokens: readonly string[];
}

const unescaped = (text: string) => text.replaceAll("&quot;", '"').replaceAll("&amp;", "&");

/** One browser's cookies. */
export class Visitor {
  readonly origin: string;
  readonly #cookies = new Map<string, string>();

  constructor(origin: string) {
    this.origin = origin;
  }

  get cookie(): string {
    return Array.from(this.#cookies, ([name, value]) => `${name}=${value}`).join("; ");
  }

  /** Makes a request with its cookies, and keeps those that come. Redirects are not followed. */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.cookie) headers.set("cookie", this.cookie);
    const signal = AbortSignal.timeout(PATIENCE);
    const response = await fetch(this.origin + path, { redirect: "manual", signal, ...init, headers });
    for (const cookie of response.headers.getSetCookie()) this.take(cookie);
    return response;
  }

  /** Makes the request for the session of a ticket, as a page does. @param body the ticket, and tokens of the page */
  fetchSession(body: readonly unknown[], headers: Record<string, string> = {}): Promise<Response> {
    return this.request("/overwire/session", {
      method: "POST",
      headers: { origin: this.origin, "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  }

  async load(path: string): Promise<LoadedPage> {
    const response = await this.request(path, { headers: { accept: "text/html" } });
    const html = await response.text();
    const tokens = Array.from(html.matchAll(/data-ow-view="([^"]*)"/g), ([, token = ""]) => unescaped(token));
    return { url: this.origin + path, status: response.status, html, tokens };
  }

  /** Opens a socket as its pages do. */
  async connect(headers: Record<string, string> = {}): Promise<Line> {
    const line = this.dial(headers);
    await line.opened;
    return line;
  }

  /** @param localAddress the address to come from */
  dial(headers: Record<string, string> = {}, localAddress?: string): Line {
    return new Line(this.dialAt("/overwire/socket", headers, localAddress));
  }

  /** Opens a socket of any path of its app. */
  dialAt(
    path: string,
    { origin = this.origin, ...others }: Record<string, string> = {},
    localAddress?: string,
  ): WebSocket {
    return new WebSocket(this.origin.replace("http", "ws") + path, {
      origin,
      headers: { cookie: this.cookie, ...others },
      ...(localAddress && { localAddress }),
    });
  }

  /** Keeps a cookie, as its text in `set-cookie`. */
  take(cookie: string): void {
    const [pair = "", ...attributes] = cookie.split(";");
    const at = pair.indexOf("=");
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    if (value === "" || attributes.some((text) => /^\s*max-age=0$/i.test(text))) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}

/** An open socket, and all frames that it has received. */
export class Line {
  readonly ws: WebSocket;
  readonly frames: ServerFrame[] = [];
  readonly opened: Promise<unknown>;
  closed: readonly [code: number, reason: string] | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(ws: WebSocket) {
    this.ws = ws;
    this.opened = once(ws, "open", { signal: AbortSignal.timeout(PATIENCE) });
    this.opened.catch(() => {});
    ws.on("message", (data: RawData) => {
      this.frames.push(JSON.parse(String(data)) as ServerFrame);
      this.#wake();
    });
    ws.on("close", (code, reason) => {
      this.closed = [code, String(reason)];
      this.#wake();
    });
    // A broken line also closes.
    ws.on("error", () => {});
  }

  say(...frame: unknown[]): void {
    this.text(JSON.stringify(frame));
  }

  text(text: string): void {
    if (this.ws.readyState === WebSocket.OPEN) this.ws.send(text);
  }

  bytes(bytes: Uint8Array): void {
    if (this.ws.readyState === WebSocket.OPEN) this.ws.send(bytes, { binary: true });
  }

  /** Joins a page's view. @returns the answer */
  join(
    view: number,
    { url, tokens }: Pick<LoadedPage, "url" | "tokens">,
    more: object = {},
  ): Promise<ServerFrame> {
    const from = this.frames.length;
    this.say("j", view, { token: tokens[0], url, ...more });
    return this.next((frame) => (frame[0] === "j" || frame[0] === "x") && frame[1] === view, from);
  }

  /** Sends an event, and waits for its answer. */
  event(view: number, ref: number, name: string, payload: unknown = {}): Promise<ServerFrame> {
    const from = this.frames.length;
    this.say("e", view, ref, name, payload);
    return this.answer(view, ref, from);
  }

  answer(view: number, ref: number, from = 0): Promise<ServerFrame> {
    return this.next((frame) => frame[0] === "p" && frame[1] === view && frame[3] === ref, from);
  }

  /** The ticket of the session that the server offers. */
  async ticket(from = 0): Promise<string> {
    const offered = (frame: ServerFrame) => {
      const [kind, , , , , extras] = frame as readonly unknown[];
      const offer = kind === "p" ? (extras as { n?: unknown } | undefined)?.n : undefined;
      return Array.isArray(offer) && offer[0] === "s" ? String(offer[3]) : undefined;
    };
    return offered(await this.next((frame) => offered(frame) !== undefined, from)) ?? "";
  }

  /**
   * The first frame that fits, of those from number `from` on.
   * @throws Error if the socket is closed or nothing comes
   */
  async next(fits: (frame: ServerFrame) => boolean, from = 0): Promise<ServerFrame> {
    let at = from;
    let found: ServerFrame | undefined;
    await this.#until(
      () => {
        while (!found && at < this.frames.length) {
          const frame = this.frames[at++] as ServerFrame;
          if (fits(frame)) found = frame;
        }
        return found !== undefined || this.closed !== undefined;
      },
      () => `no such frame among ${JSON.stringify(this.frames.slice(from)).slice(0, 500)}`,
    );
    if (!found) throw new Error(`the socket was closed: ${this.closed}`);
    return found;
  }

  /** Waits until the server has closed it. */
  async end(): Promise<readonly [code: number, reason: string]> {
    await this.#until(
      () => this.closed !== undefined,
      () => "the socket is still open",
    );
    return this.closed ?? [0, ""];
  }

  terminate(): void {
    this.ws.terminate();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }

  #until(is: () => boolean, otherwise: () => string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (is()) return resolve();
      const done = (error?: Error) => {
        clearTimeout(late);
        this.#waiting.delete(look);
        if (error) reject(error);
        else resolve();
      };
      const look = () => is() && done();
      const late = setTimeout(() => done(new Error(`${PATIENCE} ms: ${otherwise()}`)), PATIENCE);
      this.#waiting.add(look);
    });
  }
}
