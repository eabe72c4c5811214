/** One live view: its object, its mailbox, its life and death. Knows no socket: it is given a sink. */
import { randomUUID } from "node:crypto";
import { callEvent, findEvent, InvalidPayload, nameEvents, readPayload } from "../view/event.ts";
import { construct, type EndReason, type Session, type ViewContext, type ViewHost } from "../view/host.ts";
import { type LiveView, nameOf, type ViewClass } from "../view/live-view.ts";
import type { Params } from "../view/params.ts";
import type { EndCode, EventRefusal } from "../wire/messages.ts";
import { Mailbox, type Message, type Turn } from "./mailbox.ts";
import { Screen } from "./screen.ts";
import type { Report, Services, Sink } from "./services.ts";

/** What a view is mounted with. */
export interface ViewSpec {
  readonly View: ViewClass;
  readonly url: URL;
  readonly params: Params;
  readonly session: Session;
  readonly context: ViewContext;
}

/** What was running when a view crashed, and what it threw. */
export interface Failure {
  readonly event: string;
  readonly error: unknown;
}

const nobody: ReadonlySet<() => void> = new Set();

export class ViewProcess implements ViewHost, Turn {
  /** Unguessable: who knows it may adopt the process. */
  readonly id: string = randomUUID();
  /** Called once when the process has ended, whatever the reason. */
  onEnd: ((reason: EndReason) => void) | undefined;
  readonly #spec: ViewSpec;
  readonly #services: Services;
  readonly #mailbox = new Mailbox(this);
  readonly #view: LiveView;
  readonly #screen: Screen;
  #owned: Set<() => void> | undefined;
  #ended = false;
  #failure: Failure | undefined;

  /** @throws what the view's field initialisers throw */
  constructor(spec: ViewSpec, services: Services) {
    this.#spec = spec;
    this.#services = services;
    this.#view = construct(spec.View, this);
    nameEvents(this.#view);
    this.#screen = new Screen(this.#view);
  }

  /**
   * Mounts and handles params. A promise only where the author's code is asynchronous.
   * @throws what the author's code throws; the process has ended then.
   */
  start(): void | Promise<void> {
    try {
      const mounted = this.#view.mount?.();
      const started = mounted instanceof Promise ? mounted.then(() => this.#begin()) : this.#begin();
      return started?.catch((error) => this.#abort(error));
    } catch (error) {
      this.#abort(error);
    }
  }

  #begin(): void | Promise<void> {
    const handled = this.#view.handleParams?.();
    if (handled instanceof Promise) return handled.then(() => this.#mailbox.open());
    this.#mailbox.open();
  }

  #abort(error: unknown): never {
    this.end("crashed");
    throw error;
  }

  /** The author's object. */
  get view(): LiveView {
    return this.#view;
  }

  get viewName(): string {
    return nameOf(this.#view);
  }

  get title(): string | undefined {
    return this.#view.pageTitle;
  }

  /** What made the view crash, if it did. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Nothing runs, nothing waits. */
  get idle(): boolean {
    return this.#mailbox.idle;
  }

  whenIdle(): Promise<void> {
    return this.#mailbox.whenIdle();
  }

  get params(): Params {
    return this.#spec.params;
  }

  get url(): URL {
    return this.#spec.url;
  }

  get session(): Session {
    return this.#spec.session;
  }

  get context(): ViewContext {
    return this.#spec.context;
  }

  /**
   * What the view shows now, for a first paint.
   * @throws what the author's `render` throws
   */
  html(): string {
    return this.#screen.html();
  }

  /** Gives the process its client, and the client the whole tree. */
  attach(view: number, sink: Sink): void {
    try {
      this.#screen.attach(view, sink);
    } catch (error) {
      this.#crash("render", error);
    }
  }

  /** The client's event `ref`: declared ones run, others go to `handleEvent` or are refused. */
  event(ref: number, name: string, payload: unknown): void {
    if (this.#mailbox.events >= this.#services.limits.queuedEvents) {
      this.#overflow(ref, name);
      return;
    }
    this.#mailbox.put({ label: name, ref, run: () => this.#call(name, payload) });
  }

  #call(name: string, payload: unknown): unknown {
    const event = findEvent(this.#view, name);
    if (event) return callEvent(event, payload);
    if (this.#view.handleEvent) return this.#view.handleEvent(name, readPayload(name, payload));
    throw new UnknownEvent(name, this.#view);
  }

  #overflow(ref: number, event: string): void {
    const message = `more than ${this.#services.limits.queuedEvents} events wait for their turn`;
    this.#report({ kind: "refused", event, message });
    // A client that sends without reading would fill its own buffer with refusals.
    if (this.#screen.full) this.#finish("closed", "too_many", message);
    else this.#screen.answer(ref, { x: { code: "too_many_events", message } });
  }

  /** The sink has room again. */
  drained(): void {
    if (this.#ended) return;
    if (this.#screen.stale && this.#mailbox.idle) this.post("drain", () => {});
    else this.#mailbox.run();
  }

  get held(): boolean {
    return this.#screen.full;
  }

  /** A message has run: show what it changed. */
  done({ ref, label }: Message, result: unknown): void {
    try {
      if (!this.#ended) this.#screen.update(ref, ref && result !== undefined ? { r: result } : undefined);
    } catch (error) {
      this.#crash(`render after ${label}`, error);
    }
  }

  failed({ ref, label }: Message, error: unknown): void {
    if (error instanceof InvalidPayload) this.refuse(ref, label, error.refusal);
    else if (error instanceof UnknownEvent)
      this.refuse(ref, label, { code: "unknown_event", message: error.message });
    else this.#crash(label, error);
  }

  /** Answers an event that is not to reach the view. */
  refuse(ref: number, event: string, refusal: EventRefusal): void {
    this.#report({ kind: "refused", event, message: refusal.message });
    this.#screen.answer(ref, { x: refusal });
  }

  post(label: string, run: () => unknown): void {
    if (!this.#ended) this.#mailbox.put({ label, ref: 0, run });
  }

  owns(stop: () => void): () => void {
    if (this.#ended) {
      // A handler that was under way when the view ended goes on, but keeps nothing alive.
      stop();
      return stop;
    }
    const owned = (this.#owned ??= new Set());
    const once = () => {
      if (owned.delete(once)) stop();
    };
    owned.add(once);
    return once;
  }

  subscribe(topic: string, receive: (message: unknown) => void): () => void {
    return this.#services.pubsub.subscribe(topic, receive);
  }

  publish(topic: string, message: unknown): void {
    this.#services.pubsub.publish(topic, message);
  }

  pushEvent(name: string, payload: unknown): void {
    this.#screen.pushEvent(name, payload);
  }

  flush(): void {
    if (!this.#ended) this.#screen.update(0);
  }

  /** Ends the view and all that belongs to it. */
  end(reason: EndReason): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#screen.detach();
    this.#mailbox.clear();
    for (const stop of [...(this.#owned ?? nobody)]) stop();
    const failed = (error: unknown) =>
      this.#report({ kind: "crash", event: "terminate", message: "terminate() threw", error });
    try {
      const done: unknown = this.#view.terminate?.(reason);
      if (done instanceof Promise) done.catch(failed);
    } catch (error) {
      failed(error);
    }
    this.onEnd?.(reason);
  }

  #crash(event: string, error: unknown): void {
    if (this.#ended) return;
    this.#failure = { event, error };
    this.#report({ kind: "crash", event, message: "the view ends, its client mounts it again", error });
    this.#finish("crashed", "crashed", "The view crashed.");
  }

  #finish(reason: EndReason, code: EndCode, message: string): void {
    this.#screen.end(code, message);
    this.end(reason);
  }

  #report(report: Report): void {
    this.#services.report({ view: this.viewName, ...report });
  }
}

/** An event that a view does not declare. */
class UnknownEvent extends Error {
  constructor(name: string, view: LiveView) {
    const shown = JSON.stringify(name.slice(0, 100));
    const declared = /^[\w$]{1,40}$/.test(name) ? name : "name";
    const advice = name.startsWith("{")
      ? `Is a $ missing before ${shown}?`
      : `Declare it: ${declared} = this.event(…)`;
    super(`${nameOf(view)} declares no event ${shown} and has no handleEvent. ${advice}`);
  }
}
