/** A user's browser: the page in happy-dom, the real client, and a real WebSocket. */
import { type HookContext, LiveSocket } from "@overwire/client";
import type { Json } from "@overwire/server/wire";
import { type HTMLElement, type HTMLInputElement, Window } from "happy-dom";
import { WebSocket } from "ws";
import { windowSettings } from "../clients/window-settings.ts";
import { shortenClock } from "./clock.ts";
import type { Trace } from "./trace.ts";

export class Page {
  readonly window: Window;
  readonly socket: LiveSocket;
  /** Pages that the browser was told to load: what is live has been lost. */
  readonly loads: string[] = [];
  /** Place of the page in its history, and the history's length. */
  #at = 0;
  #last = 0;
  readonly #hooks = new Map<string, HookContext>();
  readonly #lines = new Set<WebSocket>();

  private constructor(url: string, html: string, cookie: string, trace: Trace) {
    const window = new Window({
      url,
      settings: {
        ...windowSettings,
        navigation: { disableFallbackToSetURL: true },
      },
    });
    this.window = window;
    const onLoad = (to: string) => {
      trace.note(`the page loads ${to}`);
      this.loads.push(to);
    };
    watchLocation(window, onLoad);
    const { pushState } = window.history;
    window.history.pushState = (...args) => {
      pushState.apply(window.history, args);
      this.#last = ++this.#at;
    };
    shortenClock(window);
    // On so fast a clock each loss is a long one, after which a page with a network would be loaded.
    window.fetch = () => Promise.reject(new TypeError("Failed to fetch"));
    window.document.write(html);
    const hook = (el: Element, context: HookContext) => {
      this.#hooks.set(el.id, context);
      return () => {
        if (this.#hooks.get(el.id) === context) this.#hooks.delete(el.id);
      };
    };
    this.socket = new LiveSocket({
      window: window as unknown as globalThis.Window & typeof globalThis,
      WebSocket: tracedSocket(trace, this.#lines, cookie, new URL(url).origin),
      hooks: { Line: hook },
    });
    this.socket.connect();
    // After the client's own listener, so that it only sees links that are left to the browser.
    window.addEventListener("click", (event) => {
      const link = (event.target as unknown as Element).closest("a[href]");
      if (event.defaultPrevented || !link) return;
      event.preventDefault();
      onLoad(link.getAttribute("href") ?? "");
    });
  }

  static async open(url: string, trace: Trace): Promise<Page> {
    const response = await fetch(url, { headers: { connection: "close" } });
    if (!response.ok) throw new Error(`GET ${url} answered ${response.status}: ${await response.text()}`);
    const cookie = response.headers
      .getSetCookie()
      .map((each) => each.split(";")[0])
      .join("; ");
    return new Page(url, await response.text(), cookie, trace);
  }

  find(selector: string): HTMLElement | null {
    return this.window.document.querySelector(selector) as HTMLElement | null;
  }

  text(selector: string): string {
    return this.find(selector)?.textContent ?? "";
  }

  attribute(selector: string, name: string): string {
    return this.find(selector)?.getAttribute(name) ?? "";
  }

  /** @returns true if there was something to click */
  click(selector: string): boolean {
    const el = this.find(selector);
    el?.click();
    return el !== null;
  }

  /** Goes back or forward in the history, as far as that goes. */
  travel(by: 1 | -1): void {
    if (this.#at + by < 0 || this.#at + by > this.#last) return;
    this.#at += by;
    this.window.history.go(by);
  }

  /** Adds to what a field holds, as typing does. */
  type(selector: string, text: string): void {
    const field = this.find(selector) as HTMLInputElement;
    field.focus();
    field.value += text;
    field.dispatchEvent(new this.window.Event("input", { bubbles: true }));
  }

  /** Pushes an event by the hook of an element; undefined if there is none yet. */
  push(id: string, event: string, payload: Json): Promise<unknown> | undefined {
    return this.#hooks.get(id)?.pushEvent(event, payload);
  }

  /** The user leaves. */
  leave(): void {
    this.window.dispatchEvent(new this.window.Event("pagehide"));
    this.socket.disconnect();
  }

  async close(): Promise<void> {
    this.leave();
    for (const line of this.#lines) line.terminate();
    await this.window.happyDOM.close();
  }
}

/** A WebSocket class whose messages are traced. */
function tracedSocket(trace: Trace, lines: Set<WebSocket>, cookie: string, origin: string) {
  class Traced extends WebSocket {
    readonly number = trace.tally.attempts;

    constructor(url: string | URL) {
      trace.attempted();
      super(url, { headers: { cookie, "x-line": String(trace.tally.attempts) }, origin });
      lines.add(this);
      this.on("error", () => {});
      this.on("open", () => trace.opened(this.number));
      // Added before the client's listener, which is removed from a line that the client has given up.
      this.on("message", (data) => trace.received(this.number, String(data), this.onmessage !== null));
      this.on("close", (code) => {
        lines.delete(this);
        trace.note(`c${this.number} closed ${code}`);
      });
    }

    override send(data: string | Uint8Array): void {
      trace.sent(this.number, data);
      super.send(data);
    }

    override close(code?: number, reason?: string): void {
      trace.note(`c${this.number} closes ${code ?? ""}`);
      super.close(code, reason);
    }
  }
  return Traced as unknown as typeof globalThis.WebSocket;
}

function watchLocation({ location }: Window, onLoad: (to: string) => void): void {
  const { get } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(location), "href") ?? {};
  Object.defineProperties(location, {
    href: { configurable: true, get: () => get?.call(location), set: onLoad },
    assign: { configurable: true, value: onLoad },
    replace: { configurable: true, value: onLoad },
    reload: { configurable: true, value: () => onLoad(location.href) },
  });
}
