/** A page's connection and its views in terms of the protocol, as the real client has them: it comes back if it is lost. */
import {
  type ClientFrame,
  HEARTBEAT,
  learnTemplates,
  type Navigation,
  type ReadTemplate,
  type ServerFrame,
} from "@overwire/server/wire";
import { WebSocket } from "ws";
import type { Visitor } from "../clients/visitor.ts";
import type { Stopwatch } from "./stopwatch.ts";
import { type Arrival, WireView } from "./wire-view.ts";

/** Delays before connecting again, in milliseconds, and the first of them after a node that stops: those of the client. */
const DELAYS = [10, 50, 100, 150, 200, 250, 500, 1000, 2000, 5000] as const;
const BUSY = 6;
const BEAT = 30_000;
/** Milliseconds before a view that has ended is joined again. */
const RETRY = 1000;

export interface WirePageOptions {
  readonly visitor: Visitor;
  /** Times of events, and of live navigations. */
  readonly events: Stopwatch;
  readonly navigations: Stopwatch;
  readonly url: string;
  /** Tokens of its views, the page's own first. */
  readonly tokens: readonly string[];
  /** The page's view was mounted anew: its forms are to be recovered. @param before HTML of the former one */
  onRemount(before: string): void;
  /** Something has changed. */
  onChange(): void;
  /** A page is to be loaded, maybe of another site. @param flash a signed token */
  onLoad(to: string, flash?: string): void;
}

export class WirePage {
  readonly #options: WirePageOptions;
  readonly #templates = new Map<number, ReadTemplate>();
  readonly #views = new Map<number, WireView>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #main: WireView;
  /** A view on its way to take the place of the page's own. */
  #arriving: { readonly view: WireView; readonly url: string; readonly arrived: () => void } | undefined;
  #socket: WebSocket | undefined;
  /** The last number that a view was given. */
  #number = 0;
  #attempts = 0;
  #tries = 0;
  #isClosed = false;
  url: string;

  constructor(options: WirePageOptions) {
    this.#options = options;
    this.url = options.url;
    const [main = ""] = options.tokens;
    this.#main = this.#addView(main);
    for (const token of options.tokens.slice(1)) this.#addView(token);
    this.#timers.add(setInterval(() => this.#beat(), BEAT));
    this.#connect();
  }

  /** The page's view can be used. */
  get isReady(): boolean {
    return this.#main.isJoined && !this.#arriving;
  }

  /** HTML of the page's own view. */
  get html(): string {
    return this.#main.html;
  }

  /** Sends an event or a live patch to the page's view, as soon as it is joined. @param answered called unless it is lost with the view */
  ask(frame: (view: number, ref: number) => ClientFrame, answered = () => {}): void {
    const { number } = this.#main;
    const stop = this.#options.events.start();
    const asked = this.#main.ask(
      (ref) => frame(number, ref),
      (isLost) => {
        stop();
        if (!isLost) answered();
      },
    );
    if (asked) this.#send(asked);
  }

  navigate(to: string, flash?: string): void {
    this.#cancelArrival();
    const url = new URL(to, this.url).href;
    const view = this.#addView(this.#main.token, { url, flash });
    this.#arriving = { view, url, arrived: this.#options.navigations.start() };
    if (this.#isOpen) this.#join(view);
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#socket?.close();
  }

  get #isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  #addView(token: string, arrival?: Arrival): WireView {
    const view = new WireView(++this.#number, token, this.#templates, arrival);
    this.#views.set(view.number, view);
    return view;
  }

  #connect(): void {
    this.#templates.clear();
    const socket = this.#options.visitor.dialAt("/overwire/socket");
    this.#socket = socket;
    socket.on("error", () => {});
    socket.on("open", () => {
      this.#join(this.#main);
      if (this.#arriving) this.#join(this.#arriving.view);
    });
    socket.on("message", (data) => this.#receive(JSON.parse(String(data)) as ServerFrame));
    socket.on("close", (code) => this.#lost(code));
  }

  #send(frame: ClientFrame): void {
    if (this.#isOpen) this.#socket?.send(JSON.stringify(frame));
  }

  #lost(code: number): void {
    if (this.#isClosed) return;
    for (const view of this.#views.values()) view.disconnected();
    if (code === 1001 || code === 1012 || code === 1013) this.#tries = Math.max(this.#tries, BUSY);
    const delay = DELAYS[Math.min(this.#tries++, DELAYS.length - 1)] ?? 0;
    this.#later(delay * (0.5 + Math.random()), () => this.#connect());
    this.#options.onChange();
  }

  #later(delay: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (!this.#isClosed) run();
    }, delay);
    this.#timers.add(timer);
  }

  #beat(): void {
    for (const view of this.#views.values()) {
      const frame = view.acknowledge();
      if (frame) this.#send(frame);
    }
    this.#send([HEARTBEAT]);
  }

  #join(view: WireView): void {
    if (this.#isOpen && !view.isAsked) this.#send(view.join(this.url, ++this.#attempts));
  }

  #receive(frame: ServerFrame): void {
    if (frame[0] === "h" || frame[0] === "b") return;
    const extras = frame[0] === "j" ? frame[4] : frame[0] === "p" ? frame[5] : undefined;
    learnTemplates(this.#templates, extras?.s);
    const view = this.#views.get(frame[1]);
    if (!view) return;
    if (frame[0] === "x") this.#ended(view, frame);
    else if (frame[0] === "p") {
      if (view.isJoined) view.patched(frame);
    } else {
      const before = view.html;
      for (const again of view.joined(frame[2], frame[3], frame[4])) this.#send(again);
      this.#joined(view);
      if (view === this.#main && before && !frame[4].q) this.#remounted(before);
    }
    if (extras?.n && extras.n[0] !== "s") this.#go(extras.n);
    this.#options.onChange();
  }

  #joined(view: WireView): void {
    if (view === this.#arriving?.view) {
      this.#send(["l", this.#main.number]);
      this.#views.delete(this.#main.number);
      this.#main = view;
      this.url = this.#arriving.url;
      this.#arriving.arrived();
      this.#arriving = undefined;
    }
    if (view !== this.#main) return;
    this.#tries = 0;
    // Nested views follow the view around them.
    for (const each of this.#views.values()) this.#join(each);
  }

  /** The views nested in it are others than before. */
  #remounted(before: string): void {
    for (const view of this.#views.values())
      if (view !== this.#main && view !== this.#arriving?.view) this.#views.delete(view.number);
    for (const [, token = ""] of this.#main.html.matchAll(/ data-ow-view="([^"]*)"/g))
      this.#join(this.#addView(token));
    this.#options.onRemount(before);
  }

  #ended(view: WireView, [, , code, , to]: Extract<ServerFrame, { readonly 0: "x" }>): void {
    view.ended();
    if (view === this.#arriving?.view) {
      const { url } = this.#arriving;
      this.#cancelArrival();
      if (to) this.#go(to);
      else this.#options.onLoad(url);
    } else if (view !== this.#main) this.#views.delete(view.number);
    else if (to) this.#go(to);
    else if (code === "stale" || code === "refused") this.#options.onLoad(this.url);
    else this.#later(RETRY, () => this.#join(view));
  }

  #go([kind, to, , flash]: Navigation): void {
    if (kind === "patch") this.url = new URL(to, this.url).href;
    else if (kind === "navigate") this.navigate(to, flash);
    else this.#options.onLoad(to, flash);
  }

  #cancelArrival(): void {
    if (!this.#arriving) return;
    const { number, isAsked } = this.#arriving.view;
    this.#views.delete(number);
    if (isAsked) this.#send(["l", number]);
    this.#arriving = undefined;
  }
}
