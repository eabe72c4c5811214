/** A page in happy-dom with the real client, over a real WebSocket. */
import { LiveSocket } from "@overwire/client";
import { Window } from "happy-dom";
import { WebSocket } from "ws";
import { PATIENCE, type Visitor } from "./visitor.ts";
import { windowSettings } from "./window-settings.ts";

export class Page {
  readonly #window: Window;
  readonly #socket: LiveSocket;

  private constructor(window: Window, socket: LiveSocket) {
    this.#window = window;
    this.#socket = socket;
  }

  static async open(visitor: Visitor, path: string): Promise<Page> {
    const { url, html } = await visitor.load(path);
    const window = new Window({ url, settings: windowSettings });
    window.document.write(html);
    const headers = { cookie: visitor.cookie };
    class PageSocket extends WebSocket {
      constructor(url: string) {
        super(url, { headers, origin: visitor.origin });
        this.on("error", () => {});
      }
    }
    const socket = new LiveSocket({
      window: window as unknown as globalThis.Window & typeof globalThis,
      WebSocket: PageSocket as unknown as typeof globalThis.WebSocket,
    });
    socket.connect();
    const page = new Page(window, socket);
    await page.until(".phx-connected", () => true);
    return page;
  }

  click(selector: string): void {
    const element = this.#window.document.querySelector(selector);
    if (!element) throw new Error(`the page has no ${selector}`);
    (element as unknown as HTMLElement).click();
  }

  text(selector: string): string {
    return this.#window.document.querySelector(selector)?.textContent?.trim() ?? "";
  }

  /** Waits until the page has an element whose text fits. */
  until(selector: string, fits: (text: string) => boolean): Promise<void> {
    const { document, MutationObserver } = this.#window;
    const is = () => document.querySelector(selector) !== null && fits(this.text(selector));
    return new Promise((resolve, reject) => {
      const done = (error?: Error) => {
        clearTimeout(late);
        observer.disconnect();
        if (error) reject(error);
        else resolve();
      };
      const observer = new MutationObserver(() => is() && done());
      const late = setTimeout(
        () =>
          done(
            new Error(
              `${PATIENCE} ms: ${selector} does not come, the page shows ${document.body.innerHTML.slice(0, 500)}`,
            ),
          ),
        PATIENCE,
      );
      observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      if (is()) done();
    });
  }

  async close(): Promise<void> {
    this.#socket.disconnect();
    await this.#window.happyDOM.close();
  }
}
