/** A page with uploads whose client is the test itself: it says what a client may say, and more than a good one would. */
import { readFile } from "node:fs/promises";
import { writeChunk } from "../../client/src/wire/chunk.ts";
import { Tree } from "../../client/src/wire/client-tree.ts";
import type { ChunkFrame, Extras, ServerFrame } from "../../client/src/wire/frames.ts";
import { stringify } from "../../client/src/wire/stringify.ts";
import type { OverwireApp } from "../../server/src/app/overwire-app.ts";
import { createApp } from "../../server/src/app.ts";
import type { ClientSocket } from "../../server/src/connection/transport.ts";
import type { Limits, Report } from "../../server/src/runtime/services.ts";
import { html } from "../../server/src/template/html.ts";
import { LiveView, type ViewClass } from "../../server/src/view/live-view.ts";
import { liveFileInput } from "../../server/src/view/uploads/file-input.ts";
import type { StartReply } from "../../server/src/view/uploads/ports.ts";
import type { TempFile, Upload, UploadEntry, UploadOptions } from "../../server/src/view/uploads/types.ts";
import { tokensOf, visitorCookie } from "./fake-socket.ts";
import { receiveFrame } from "./receive-frame.ts";

const cookie = visitorCookie();

/** Announcement of a chosen file. */
export interface FileNews {
  readonly ref: string;
  readonly size?: unknown;
  readonly [more: string]: unknown;
}

export class UploadTab<View extends LiveView> {
  readonly reports: Report[] = [];
  /** Answers of the server to chunks. */
  readonly acks: ChunkFrame[] = [];
  /** Code of the frame that ended the view. */
  ended: string | undefined;
  /** Code with which the server closed the line. */
  closed: number | undefined;
  /** The client reads nothing, so that what is sent stays in its buffer. */
  bufferedAmount = 0;
  readonly #app: OverwireApp;
  #socket!: ClientSocket;
  #tree = new Tree();
  #token = "";
  #ref = 0;
  /** Counts the lines: what comes of one that is lost is not heard. */
  #line = 0;
  #seen = 0;
  #answers = new Map<number, Extras>();
  #watchers = new Set<() => void>();

  constructor(View: new () => View, limits: Partial<Limits>) {
    const report = (report: Report) => void this.reports.push(report);
    this.#app = createApp({ secret: "s".repeat(32), report, limits });
    this.#app.live("/", View as ViewClass);
  }

  async join(): Promise<this> {
    [this.#token = ""] = await tokensOf(this.#app);
    await this.connect();
    return this;
  }

  /** Opens a line and joins the view; the one it had, if it has lost the line before. */
  async connect(): Promise<void> {
    const upgrade = { headers: new Headers({ cookie }), url: "http://localhost/overwire/socket" };
    const tab = this;
    const line = ++this.#line;
    const socket = this.#app.connect(upgrade, {
      send: (text) => line === tab.#line && tab.#hear(JSON.parse(text)),
      close: (code) => {
        this.closed = code;
      },
      get bufferedAmount() {
        return tab.bufferedAmount;
      },
    });
    this.#socket = socket;
    this.#tree = new Tree();
    const seen = this.#seen ? { seen: this.#seen } : {};
    socket.message(JSON.stringify(["j", 1, { token: this.#token, url: "/", ...seen }]));
    await this.until(() => this.#tree.root !== undefined);
  }

  /** The line breaks. */
  lose(): void {
    this.#socket.closed(true);
  }

  /** The page is closed. */
  close(): void {
    this.#socket.closed();
  }

  get view(): View {
    return this.#socket.process(1)?.view as View;
  }

  /** HTML of the page. */
  get page(): string {
    return stringify(this.#tree.root);
  }

  drained(): void {
    this.bufferedAmount = 0;
    this.#socket.drained();
  }

  /** @returns the reply. @throws Error if it is refused */
  async event(name: string, payload: object = {}): Promise<unknown> {
    const ref = this.say(name, payload);
    await this.until(() => this.#answers.has(ref) || this.ended !== undefined);
    const { r: reply, x: refusal } = this.#answers.get(ref) ?? {};
    if (refusal) throw new Error(`${refusal.code}: ${refusal.message}`);
    return reply;
  }

  /** Sends a message as it stands. */
  raw(message: string | Uint8Array): void {
    if (typeof message === "string") this.#socket.message(message);
    else this.#socket.binary(message);
  }

  /** An event whose answer is not awaited. */
  say(name: string, payload: object = {}): number {
    this.#socket.message(JSON.stringify(["e", 1, ++this.#ref, name, payload]));
    return this.#ref;
  }

  async choose(upload: { readonly ref: string }, ...files: FileNews[]): Promise<void> {
    const entries = files.map((file) => ({ name: `${file.ref}.txt`, size: 10, type: "text/plain", ...file }));
    await this.event("ow:files", { upload: upload.ref, entries });
  }

  async start(upload: { readonly ref: string }, ...entries: string[]): Promise<StartReply> {
    return (await this.event("ow:start", { upload: upload.ref, entries })) as StartReply;
  }

  /** The channel on which a file is to be sent, and from where on. */
  async channel(
    upload: { readonly ref: string },
    entry: string,
  ): Promise<{ readonly channel: number; readonly offset: number }> {
    const reply = await this.start(upload, entry);
    const started = reply.entries?.[entry];
    if (!started || !("channel" in started)) throw new Error(`not started: ${JSON.stringify(reply)}`);
    return started;
  }

  send(channel: number, offset: number, content: string | Uint8Array): void {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    this.#socket.binary(writeChunk({ channel, offset, bytes }));
  }

  /** Sends a part and waits until the server says that it has it, or what is wrong with it. */
  async sent(channel: number, offset: number, content: string | Uint8Array): Promise<ChunkFrame> {
    const end = offset + content.length;
    this.send(channel, offset, content);
    const isAnswer = (ack: ChunkFrame) => ack[1] === channel && (ack[2] >= end || ack[3] !== undefined);
    await this.until(() => this.acks.some(isAnswer));
    return this.acks.find(isAnswer) as ChunkFrame;
  }

  /** Sends a whole file, as long as its content. */
  async upload(upload: { readonly ref: string }, entry: string, content: string): Promise<ChunkFrame> {
    const { channel } = await this.channel(upload, entry);
    return this.sent(channel, 0, content);
  }

  /** Resolves when something is so; asked after each message of the server. */
  until(isSo: () => boolean): Promise<void> {
    if (isSo()) return Promise.resolve();
    return new Promise((resolve) => {
      const watch = () => {
        if (!isSo()) return;
        this.#watchers.delete(watch);
        resolve();
      };
      this.#watchers.add(watch);
    });
  }

  #hear(frame: ServerFrame): void {
    const extras = receiveFrame(this.#tree, frame);
    if (frame[0] === "j" || frame[0] === "p") this.#seen = frame[2];
    if (frame[0] === "p" && frame[3]) this.#answers.set(frame[3], extras ?? {});
    else if (frame[0] === "b") this.acks.push(frame);
    else if (frame[0] === "x") this.ended = frame[2];
    for (const watch of [...this.#watchers]) watch();
  }
}

/** Requests a page and joins its view. */
export const openTab = <View extends LiveView>(
  View: new () => View,
  limits: Partial<Limits> = {},
): Promise<UploadTab<View>> => new UploadTab(View, limits).join();

/** A view with one upload, and all that one would show of it. */
export function viewWith<Meta extends object>(options: Partial<UploadOptions<Meta>>) {
  return class Page extends LiveView {
    files = this.allowUpload<Meta>({ accept: "any", ...options });
    /** Work on the files, given by a test. */
    task: () => unknown = () => {};
    run = this.event(() => this.task());
    cancel = this.event(({ ref }) => this.files.cancel(String(ref)));
    render() {
      const entry = ({ clientName, progress, errors }: UploadEntry) =>
        html`<li>${clientName} ${progress}% ${errors.map(({ code }) => code)}</li>`;
      return html`<main>
        ${liveFileInput(this.files)}<b>${this.files.errors.map(({ code }) => code)}</b>
        <ul>${this.files.entries.map(entry)}</ul>
      </main>`;
    }
  };
}

/** Joins a view with one upload. */
export const openUpload = <Meta extends object = TempFile>(
  options: Partial<UploadOptions<Meta>> = {},
  limits: Partial<Limits> = {},
) => openTab(viewWith<Meta>(options), limits);

/** The codes of what is wrong with an entry. */
export const codes = (entry: UploadEntry | undefined): readonly string[] =>
  (entry?.errors ?? []).map(({ code }) => code);

/** Does something in the view's turn. @returns its result, as the client gets it */
export function inTurn(
  tab: UploadTab<LiveView & { task: () => unknown }>,
  task: () => unknown,
): Promise<unknown> {
  tab.view.task = task;
  return tab.event("run");
}

/** Consumes the files. @returns their contents */
export const taken = (
  tab: UploadTab<LiveView & { task: () => unknown; readonly files: Upload }>,
): Promise<unknown> => inTurn(tab, () => tab.view.files.consume(({ path }) => readFile(path, "utf8")));
