/** A page with the real client in tests of it, and the server's end of its line in the hands of the test. Timers are the test's. */
import { LiveSocket, type LiveSocketOptions } from "../../client/src/live-socket.ts";
import { ATTR_TOKEN, END, JOIN, PATCH } from "../../client/src/wire/constants.ts";
import type { ClientFrame, EndCode, Extras, Navigation } from "../../client/src/wire/frames.ts";
import type { Template } from "../../server/src/template/html.ts";
import { renderToHtml } from "../../server/src/template/render.ts";
import { mendFormData } from "../../testing/src/forms/form-data.ts";
import { serverSide } from "./server-side.ts";

/** The server's end of one connection. */
export class Line {
  readyState = 0;
  readonly sent: ClientFrame[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.lose();
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  receive(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  lose(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.onclose?.({ code: 1006, reason: "" });
  }
}

export type ClientPage = ReturnType<ReturnType<typeof clientPages>>;

/** @param HappyWindow happy-dom's, which is a dependency of the tests' own packages */
export const clientPages =
  (HappyWindow: new (options: { url: string }) => unknown) =>
  /** @param before HTML of the page beside the view */
  (first: Template, options: LiveSocketOptions = {}, before = "") => {
    const win = new HappyWindow({ url: "http://localhost/page" }) as Window & typeof globalThis;
    const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
    const errors: string[] = [];
    const logs: unknown[][] = [];
    const console = {
      error: (what: unknown) => errors.push(String(what)),
      log: (...what: unknown[]) => logs.push(what),
    };
    const reloads = { count: 0 };
    mendFormData(win as never);
    Object.assign(win, { setTimeout, clearTimeout, setInterval, clearInterval, console });
    Object.defineProperty(win.location, "reload", { configurable: true, value: () => reloads.count++ });
    win.document.body.innerHTML = `${before}<main ${ATTR_TOKEN}="token" class="own">${renderToHtml(first)}</main>`;
    const lines: Line[] = [];
    const events: string[] = [];
    for (const name of ["start", "stop"])
      win.addEventListener(`phx:page-loading-${name}`, () => void events.push(name));
    const socket = new LiveSocket({
      window: win,
      WebSocket: class extends Line {
        constructor() {
          super();
          lines.push(this);
        }
      } as unknown as typeof WebSocket,
      ...options,
    });
    socket.connect();
    const line = () => lines.at(-1) as Line;
    let say = serverSide();
    let number = 0;
    const main = win.document.querySelector("main") as Element;

    return {
      win,
      socket,
      main,
      lines,
      line,
      errors,
      logs,
      events,
      reloads,
      $: (selector: string) => win.document.querySelector(selector) as HTMLInputElement,
      /** Frames of one kind that the client sent on this connection. */
      sent: (kind: string) => line().sent.filter((frame) => frame[0] === kind),
      /** Opens the line, if it is not, and answers the page's join. */
      join(next: Template, extras: Extras = {}, view = 1): void {
        if (line().readyState === 0) line().open();
        say = serverSide();
        const { full, templates } = say(next);
        line().receive([JOIN, view, ++number, full, { s: templates, ...extras }]);
      },
      /** Patches the page, as the answer to an event. @param next 0 if nothing changes */
      answer(ref: number, next: Template | 0 = 0, extras: Extras = {}): void {
        const { diff, templates } = next ? say(next) : {};
        line().receive([
          PATCH,
          1,
          ++number,
          ref,
          diff ?? 0,
          { ...(templates && { s: templates }), ...extras },
        ]);
      },
      end(code: EndCode, to?: Navigation, view = 1): void {
        line().receive([END, view, code, code, ...(to ? [to] : [])]);
      },
      /** Types into a field. */
      type(selector: string, value: string): void {
        const el = win.document.querySelector(selector) as HTMLInputElement;
        el.value = value;
        el.dispatchEvent(new win.Event("input", { bubbles: true }));
      },
    };
  };
