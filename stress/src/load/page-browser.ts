/** A shopper's browser with the real client in happy-dom. */
import { setTimeout as sleep } from "node:timers/promises";
import { LiveSocket } from "@overwire/client";
import { type HTMLElement, type HTMLFormElement, type HTMLInputElement, Window } from "happy-dom";
import { WebSocket } from "ws";
import { Visitor } from "../clients/visitor.ts";
import { windowSettings } from "../clients/window-settings.ts";
import { type Browser, loadPage, PATIENCE, waitFor } from "./browser.ts";
import type { Stopwatch } from "./stopwatch.ts";

/** Milliseconds between two looks at a page. Those of hundreds would take the time of the nodes. */
const LOOK = 50;

export class PageBrowser implements Browser {
  readonly visitor: Visitor;
  readonly #stopwatch: Stopwatch;
  #window: Window | undefined;
  #socket: LiveSocket | undefined;
  /** Pages that are loaded because a view or the client said so. */
  #loading: Promise<void> | undefined;
  loads = 0;
  /** Address of another site to which a view has led. */
  left: string | undefined;

  constructor(origin: string, stopwatch: Stopwatch) {
    this.visitor = new Visitor(origin);
    this.#stopwatch = stopwatch;
  }

  /** Loads a page, by redirects too. A node that ends meanwhile is tried again, as a browser's user would. */
  async open(path: string): Promise<void> {
    await this.#close();
    this.left = undefined;
    this.loads++;
    const { url, html } = await loadPage(this.visitor, path);
    const settings = { ...windowSettings, navigation: { disableFallbackToSetURL: true } };
    const window = new Window({ url, settings });
    this.#window = window;
    const load = (to: string) => {
      const { origin, pathname, search, href } = new URL(to, window.location.href);
      if (origin !== this.visitor.origin) {
        this.left = href;
        return;
      }
      this.#loading = this.open(pathname + search);
      this.#loading.catch(() => {});
    };
    watchLocation(window, load);
    window.fetch = ((path: string, init: RequestInit) =>
      this.visitor.request(path, {
        ...init,
        headers: { ...init.headers, origin: this.visitor.origin },
      })) as never;
    window.document.write(html);
    this.#socket = new LiveSocket({
      window: window as unknown as globalThis.Window & typeof globalThis,
      WebSocket: this.#socketClass(),
    });
    this.#socket.connect();
    // After the client's own listener, so that it only sees links that are left to the browser.
    window.addEventListener("click", (event) => {
      const link = (event.target as unknown as Element).closest("a[href]");
      if (event.defaultPrevented || !link) return;
      event.preventDefault();
      load(link.getAttribute("href") ?? "");
    });
    await waitFor(
      this,
      "connection",
      () => this.has(".phx-connected"),
      PATIENCE,
      () => sleep(LOOK),
    );
  }

  #socketClass(): typeof globalThis.WebSocket {
    const { visitor } = this;
    const stopwatch = this.#stopwatch;
    class PageSocket extends WebSocket {
      readonly #line = stopwatch.line();

      constructor(url: string) {
        super(url, { headers: { cookie: visitor.cookie }, origin: visitor.origin });
        this.on("error", () => {});
        this.on("message", (data) => this.#line.received(String(data)));
      }

      override send(data: string | Uint8Array): void {
        this.#line.sent(data);
        super.send(data);
      }
    }
    return PageSocket as unknown as typeof globalThis.WebSocket;
  }

  get path(): string {
    return this.#window?.location.pathname ?? "";
  }

  #find(selector: string): HTMLElement | null {
    return (this.#window?.document.querySelector(selector) ?? null) as HTMLElement | null;
  }

  has(selector: string): boolean {
    return this.#find(selector) !== null;
  }

  attributes(selector: string, name: string): string[] {
    const elements = [...(this.#window?.document.querySelectorAll(selector) ?? [])];
    return elements.map((element) => element.getAttribute(name) ?? "");
  }

  text(selector: string): string {
    return this.#find(selector)?.textContent?.trim() ?? "";
  }

  click(selector: string): void {
    const element = this.#find(selector);
    if (!element) throw new Error(`${this.path} has no ${selector}`);
    element.click();
  }

  type(selector: string, text: string): void {
    const field = this.#find(selector) as HTMLInputElement | null;
    if (!field) throw new Error(`${this.path} has no ${selector}`);
    field.focus();
    field.value = text;
    field.dispatchEvent(new (this.#window as Window).Event("input", { bubbles: true }));
  }

  choose(selector: string): void {
    const field = this.#find(selector) as HTMLInputElement | null;
    if (!field) throw new Error(`${this.path} has no ${selector}`);
    field.checked = true;
    field.dispatchEvent(new (this.#window as Window).Event("input", { bubbles: true }));
  }

  submit(selector: string): void {
    const form = this.#find(selector) as HTMLFormElement | null;
    if (!form) throw new Error(`${this.path} has no ${selector}`);
    form.requestSubmit();
  }

  until(what: string, holds: () => boolean, patience = PATIENCE): Promise<void> {
    return waitFor(this, what, holds, patience, async () => {
      await sleep(LOOK);
      await this.#loading;
    });
  }

  async #close(): Promise<void> {
    this.#loading = undefined;
    const [window, socket] = [this.#window, this.#socket];
    this.#window = undefined;
    if (!window) return;
    window.dispatchEvent(new window.Event("pagehide"));
    socket?.disconnect();
    await window.happyDOM.close();
  }

  leave(): Promise<void> {
    return this.#close();
  }
}

/** A page that is told to go elsewhere loads it here, since happy-dom loads nothing. */
function watchLocation({ location }: Window, load: (to: string) => void): void {
  const { get } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(location), "href") ?? {};
  Object.defineProperties(location, {
    href: { configurable: true, get: () => get?.call(location), set: load },
    assign: { configurable: true, value: load },
    replace: { configurable: true, value: load },
    reload: { configurable: true, value: () => load(location.href) },
  });
}
