/** A page with the real client in tests of it, and the server's end of its connection in the hands of the test. Timers are the test's. */
import { LiveSocket, type LiveSocketOptions } from "../../client/src/live-socket.ts";
import { ATTR_TOKEN, END, JOIN, PATCH } from "../../client/src/wire/constants.ts";
import type { EndCode, Extras, Navigation } from "../../client/src/wire/frames.ts";
import type { Template } from "../../server/src/template/html.ts";
import { renderToHtml } from "../../server/src/template/render.ts";
import { fakeWebSockets } from "./fake-web-socket.ts";
import { serverSide } from "./server-side.ts";
import { testWindow } from "./test-window.ts";

export type ClientPage = ReturnType<typeof clientPage>;

/** @param before HTML of the page beside the view */
export function clientPage(first: Template, options: LiveSocketOptions = {}, before = "") {
  const { win, errors, logs, loads, $ } = testWindow(
    `${before}<main ${ATTR_TOKEN}="token" class="own">${renderToHtml(first)}</main>`,
  );
  const events: string[] = [];
  for (const name of ["start", "stop"])
    win.addEventListener(`phx:page-loading-${name}`, () => void events.push(name));
  const { connections, connection, WebSocket } = fakeWebSockets();
  const socket = new LiveSocket({ window: win, WebSocket, ...options });
  socket.connect();
  let say = serverSide();
  let number = 0;
  const main = $<Element>("main");

  return {
    win,
    socket,
    main,
    connections,
    connection,
    errors,
    logs,
    events,
    /** Loads of this page. */
    reloads: {
      get count() {
        return loads.filter((load) => load === "reload").length;
      },
    },
    $,
    /** Frames of one kind that the client sent on this connection. */
    sent: (kind: string) => connection().sent.filter((frame) => frame[0] === kind),
    /** Opens the connection, if it is not, and answers the page's join. */
    join(next: Template, extras: Extras = {}, view = 1): void {
      if (connection().readyState === 0) connection().open();
      say = serverSide();
      const { full, templates } = say(next);
      connection().receive([JOIN, view, ++number, full, { s: templates, ...extras }]);
    },
    /** Patches the page, as the answer to an event. @param next 0 if nothing changes */
    answer(ref: number, next: Template | 0 = 0, extras: Extras = {}): void {
      const { diff, templates } = next ? say(next) : {};
      connection().receive([
        PATCH,
        1,
        ++number,
        ref,
        diff ?? 0,
        { ...(templates && { s: templates }), ...extras },
      ]);
    },
    end(code: EndCode, to?: Navigation, view = 1): void {
      connection().receive([END, view, code, code, ...(to ? [to] : [])]);
    },
    /** Types into a field. */
    type(selector: string, value: string): void {
      const el = $(selector);
      el.value = value;
      el.dispatchEvent(new win.Event("input", { bubbles: true }));
    },
  };
}
