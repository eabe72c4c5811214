/** A page with the client's uploads in tests of them; the server is a small one that answers when the test says so. */
import type { BoundView, Push } from "../../client/src/bindings/host.ts";
import { startUploads, type Uploaders, type UploadsHost } from "../../client/src/uploads/uploads.ts";
import { readChunk } from "../../client/src/wire/chunk.ts";
import { CHUNK } from "../../client/src/wire/constants.ts";
import { testWindow } from "./test-window.ts";

type Asked = Push & { readonly payload: { readonly [key: string]: unknown } };

interface Options {
  readonly uploaders?: Uploaders;
  readonly gate?: UploadsHost["gate"];
  /** Name of a file that is chosen before there is a listener. */
  readonly early?: string;
  /** Things that happy-dom does not have. */
  readonly extend?: (win: Window & typeof globalThis) => void;
}

/** Lets promises run, those that wait for others included. */
export const settled = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** A page with `content` in its view. */
export function uploadsPage(content: string, options: Options = {}) {
  const { win, document, errors, $ } = testWindow();
  const time = { now: 0 };
  const queue = (run: () => void) => globalThis.queueMicrotask(run);
  Object.assign(win, { queueMicrotask: queue });
  Object.defineProperty(win, "performance", { value: { now: () => time.now } });
  options.extend?.(win);
  document.body.innerHTML = `<main>${content}</main>`;
  const main = $<Element>("main");
  const file = (name: string, content = "abc") => new win.File([content], name, { type: "text/plain" });
  const select = (selector: string, ...files: File[]) => {
    const data = new win.DataTransfer();
    for (const each of files) data.items.add(each);
    $(selector).files = data.files;
  };
  if (options.early) select("input", file(options.early));
  /** Requests without an answer. */
  const open: { readonly push: Asked; answer(reply: unknown): void; refuse(): void }[] = [];
  const pushed: Asked[] = [];
  const chunks: { readonly channel: number; readonly offset: number; readonly text: string }[] = [];
  const line = { up: true, buffered: 0 };
  const view: BoundView = {
    el: main,
    push(push) {
      pushed.push(push as Asked);
      return new Promise((answer, reject) => {
        open.push({ push: push as Asked, answer, refuse: () => reject(new Error("Overwire: refused")) });
      });
    },
    componentOf: () => undefined,
  };
  const uploads = startUploads({
    win,
    prefix: "phx-",
    viewOf: (el) => (main.contains(el) ? view : undefined),
    socket: {
      send() {},
      sendBytes(data) {
        if (!line.up) return false;
        const { channel, offset, bytes } = readChunk(data) as NonNullable<ReturnType<typeof readChunk>>;
        chunks.push({ channel, offset, text: new TextDecoder().decode(bytes) });
        return true;
      },
      get bufferedAmount() {
        return line.buffered;
      },
      connected: true,
      limit: 131_072,
    },
    uploaders: options.uploaders ?? {},
    gate: options.gate,
  });
  const patch = (change: () => void) => {
    change();
    uploads.settle();
  };
  return {
    win,
    uploads,
    view,
    pushed,
    chunks,
    errors,
    time,
    line,
    $,
    patch,
    file,
    /** Shows files in an input, without an event. */
    select,
    /** Chooses files as the user does. */
    choose(selector: string, ...files: File[]): void {
      select(selector, ...files);
      for (const type of ["input", "change"])
        $(selector).dispatchEvent(new win.Event(type, { bubbles: true }));
    },
    /** Event and payload of the last request. */
    last: () => [pushed.at(-1)?.event, pushed.at(-1)?.payload],
    events: () => pushed.map(({ event }) => event),
    /** Answers the oldest open question, with a patch of the page before it. */
    async answer(reply: unknown = {}, change: () => void = () => {}): Promise<void> {
      const asked = open.shift();
      if (!asked) throw new Error("nothing was asked");
      patch(change);
      asked.answer(reply);
      await settled();
    },
    async refuse(): Promise<void> {
      open.shift()?.refuse();
      await settled();
    },
    /** Patches what an input says of its entries. */
    entries(selector: string, entries: string, done = "", failed = ""): void {
      const input = $(selector);
      const set = { entries, done, failed };
      for (const [name, value] of Object.entries(set)) input.setAttribute(`data-ow-${name}`, value);
    },
    async acked(channel: number, received: number, code?: string): Promise<void> {
      uploads.acked(code ? [CHUNK, channel, received, code, code] : [CHUNK, channel, received]);
      await settled();
    },
    /** Submits as the user does; tells if the page's own listener ran. */
    submit(selector: string, submitter?: string): boolean {
      let seen = false;
      const listener = (event: Event) => {
        seen = true;
        event.preventDefault();
      };
      win.addEventListener("submit", listener, { once: true });
      ($(selector) as unknown as HTMLFormElement).requestSubmit(submitter ? $(submitter) : null);
      win.removeEventListener("submit", listener);
      return seen;
    },
  };
}
