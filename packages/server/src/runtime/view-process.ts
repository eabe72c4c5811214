/** One live view: its object, its mailbox, its life and death. Knows no socket: it is given a sink. */
import { randomUUID } from "node:crypto";
import { nameEvents } from "../view/events/event.ts";
import type { LiveView } from "../view/live-view.ts";
import type { Going } from "../view/navigation/navigation.ts";
import { isRolledBack } from "../view/optimistic.ts";
import { construct, type EndReason } from "../view/view-host.ts";
import type { EndCode, Extras } from "../wire/frames.ts";
import { type Asked, Inbox, later } from "./client-events.ts";
import { endAll } from "./dispose-all.ts";
import { refusalOf, rolledBack } from "./event-refusals.ts";
import { Mailbox, type Message, type Turn } from "./mailbox.ts";
import { runGuards } from "./on-mount-hooks.ts";
import { ViewSide } from "./process-host.ts";
import type { Services, Sink } from "./services.ts";
import { traced } from "./tracing.ts";
import type { Failure, Gone, Nestling, ViewSpec } from "./view-init.ts";
import { missed, navigation, passed } from "./view-location.ts";
import { Screen } from "./view-renderer.ts";

export type { Failure, Gone, Nestling, Nursery, ViewSpec } from "./view-init.ts";

export class ViewProcess extends ViewSide implements Turn, Nestling, Asked {
  /** Unguessable: who knows it may adopt the process. */
  readonly id: string;
  /** Called once when the process has ended, whatever the reason. */
  onEnd: ((reason: EndReason) => void) | undefined;
  /** The client's events and live patches. */
  readonly inbox: Inbox;
  readonly screen: Screen;
  readonly #mailbox = new Mailbox(this);
  readonly #view: LiveView;
  #phase: "new" | "mounting" | "starting" | "running" | "ended" = "new";
  #started: Promise<void> | undefined;
  /** `mount` has begun, so that there may be something to terminate. */
  #hasMounted = false;
  #gone: Gone | undefined;
  /** A live patch that `handleParams` pushed before there was a client to tell. */
  #patched: Going | undefined;
  #failure: Failure | undefined;
  /** Counts clients that came or went: only the newest one is attached when the view is mounted. */
  #attachments = 0;

  /** @throws what the view's field initialisers throw */
  constructor(spec: ViewSpec, services: Services, id: string = randomUUID()) {
    super(spec, services);
    this.id = id;
    this.#view = construct(spec.View, this);
    nameEvents(this.#view);
    this.screen = new Screen(this.#view, this, services.limits);
    this.inbox = new Inbox(this, this.#mailbox);
  }

  protected spawn(spec: ViewSpec): Nestling {
    return new ViewProcess(spec, this.services);
  }

  /** Another process for a nested view that is {@link renewable}, under the same id. */
  again(): ViewProcess {
    const again = new ViewProcess(this.spec, this.services, this.id);
    const { nested } = this.spec;
    if (nested) nested.place.process = again;
    return again;
  }

  /**
   * Mounts and handles params. A promise only where the author's code is asynchronous.
   * @throws what the author's code throws; the process has ended then.
   */
  start(): void | Promise<void> {
    this.#phase = "mounting";
    try {
      const started = traced(this, "mount", () => this.#guarded())?.catch((error) => this.#abort(error));
      this.#started = started;
      return started;
    } catch (error) {
      this.#abort(error);
    }
  }

  #guarded(): void | Promise<void> {
    const { onMount, liveSession } = this.spec;
    const isOver = () => this.ended || this.course.going !== undefined;
    const guarded = onMount && runGuards(this.#view, onMount, liveSession, isOver);
    return guarded ? guarded.then(() => this.#mount()) : this.#mount();
  }

  #mount(): void | Promise<void> {
    if (this.ended) return;
    const { going } = this.course;
    if (going) return this.#leave(going);
    this.#hasMounted = true;
    const mounted = this.#view.mount?.();
    return mounted instanceof Promise ? mounted.then(() => this.#begin()) : this.#begin();
  }

  #begin(): void | Promise<void> {
    // Its client has gone while it was mounted.
    if (this.ended) return;
    const { going } = this.course;
    if (going) return this.#leave(going);
    this.#phase = "starting";
    const handled = this.spec.nested ? undefined : this.#handleParams();
    return handled instanceof Promise ? handled.then(() => this.#open()) : this.#open();
  }

  #open(): void | Promise<void> {
    if (this.ended) return;
    const { going } = this.course;
    if (going?.kind === "patch" && this.course.guarded(going.to)) return this.#leave(going, "navigate");
    if (going?.kind === "patch" && !this.spec.painting) {
      this.course.follow(going);
      this.#patched = going;
      const handled = this.#handleParams();
      return handled instanceof Promise ? handled.then(() => this.#open()) : this.#open();
    }
    if (going) return this.#leave(going);
    this.#phase = "running";
    this.#started = undefined;
    this.#mailbox.open();
  }

  /** Mounting led elsewhere. */
  #leave(going: Going, kind = going.kind): void {
    this.#gone = { ...this.course.seal({ ...going, kind }), unseen: this.screen.unseenUpTo(Infinity) };
    this.end("redirected");
  }

  #abort(error: unknown): never {
    this.#failure ??= { event: "mount", error };
    this.end("crashed");
    throw error;
  }

  /** The author's object. */
  get view(): LiveView {
    return this.#view;
  }

  /** What made the view crash, if it did. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  get crashed(): boolean {
    return this.#failure !== undefined;
  }

  get ended(): boolean {
    return this.#phase === "ended";
  }

  /** Where mounting, or a nested view that was painted, sent the page; its messages included. */
  get going(): Gone | undefined {
    return this.#gone ?? this.nestedViews?.going;
  }

  /** Nothing runs, nothing waits. */
  get idle(): boolean {
    return this.#mailbox.idle;
  }

  whenIdle(): Promise<void> {
    return this.#mailbox.whenIdle();
  }

  /**
   * What the view shows now, for a first paint, with its nested views; a promise only where one of those takes time.
   * @throws what the author's `render` throws
   */
  paint(): string | Promise<string> {
    const html = this.#uninterrupted(() => this.screen.html());
    return this.nestedViews ? this.nestedViews.fill(html) : html;
  }

  /**
   * Gives the process its client, and the client the whole tree.
   * @param extras go with it
   * @param resumed it is the client that it had before, with all that it was shown
   */
  attach(view: number, sink: Sink, extras?: Extras, resumed = false): void {
    this.coming = sink;
    this.inbox.weigh(sink.backlog);
    const attachment = ++this.#attachments;
    const attach = () => {
      if (attachment !== this.#attachments) return;
      if (this.ended) return sink.send(missed(view, this.#gone));
      try {
        const patched = this.#patched;
        this.#patched = undefined;
        const all = {
          ...extras,
          ...(patched && { n: navigation(patched) }),
          ...(resumed && { q: [...this.inbox.refs, ...this.screen.unheard] }),
        };
        this.screen.attach(view, sink, all, resumed);
        if (this.ended) return;
        // A handler that is still running may redirect the page.
        if (!this.#mailbox.busy) this.course.settle();
        this.joined(sink);
      } catch (error) {
        this.#crash("render", error);
      }
    };
    // A nested view may be joined before it is mounted.
    const now = () => this.#uninterrupted(attach);
    if (this.#started) this.#started.then(now, now);
    else now();
  }

  /** Renders outside of the mailbox's turn: messages that it sends to the view wait until it has ended. */
  #uninterrupted<T>(render: () => T): T {
    this.#mailbox.pause();
    try {
      return render();
    } finally {
      this.#mailbox.unpause();
    }
  }

  override detach(): void {
    this.#attachments++;
    super.detach();
    this.inbox.weigh(undefined);
    // Nothing holds events back where nobody has to be shown what they do.
    this.#mailbox.run();
  }

  /** @throws Elsewhere where the URL is not the view's */
  arrive(url: string, flash: string | undefined): unknown {
    const arrive = () => {
      this.course.arrive(url, flash);
      return this.#handleParams();
    };
    const guarded = this.course.guarded(url);
    return guarded
      ? this.mayPatch(guarded).then((may) => passed(may, url) && !this.ended && arrive())
      : arrive();
  }

  #handleParams(): unknown {
    const own = () => this.#view.handleParams?.();
    return this.hooks ? this.hooks.run("handleParams", [], own) : own();
  }

  get running(): boolean {
    return this.#phase === "running";
  }

  overflow(ref: number, event: string, most: string): void {
    const message = `more than ${most} wait for their turn`;
    this.refused(event, message);
    // A client that sends without reading would fill its own buffer with refusals.
    if (this.screen.full) this.#finish("closed", "too_many", message);
    else this.screen.answer(ref, { x: { code: "too_many_events", message } });
  }

  /** The sink has room again. */
  drained(): void {
    if (this.ended) return;
    this.uploads?.drained();
    if (this.screen.stale && this.#mailbox.idle) this.post("drain", () => {});
    else this.#mailbox.run();
  }

  get held(): boolean {
    return this.screen.full;
  }

  /** A message has run: show what it changed, or go where it sent the page. */
  done({ ref, label, run }: Message, result: unknown, more: boolean): void | Promise<void> {
    if (this.ended) return;
    if (result === later) return this.done({ ref: 0, label, run }, undefined, more);
    this.inbox.answered(ref);
    const reply = ref && result !== undefined ? { r: result } : undefined;
    const { going } = this.course;
    if (going) return this.#follow(going, ref, reply);
    if (!more) this.#show(label, ref, reply);
    else {
      this.screen.stale = true;
      this.course.settle();
    }
  }

  #show(label: string, ref: number, extras: Extras | undefined): void {
    try {
      this.screen.update(ref, extras);
      this.course.settle();
      this.hooks?.rendered();
    } catch (error) {
      this.#crash(`render after ${label}`, error);
    }
  }

  #follow(going: Going, ref: number, reply: Extras | undefined): void | Promise<void> {
    const guarded = going.kind === "patch" && !this.nested ? this.course.guarded(going.to) : undefined;
    if (!guarded) return this.#go(going, ref, reply);
    return this.mayPatch(guarded).then((may) => {
      // Its middleware answers by itself: the page gets that answer.
      if (!this.ended) return this.#go(may ? going : { ...going, kind: "navigate" }, ref, reply);
    });
  }

  #go(going: Going, ref: number, reply: Extras | undefined): void | Promise<void> {
    const course = this.course;
    if (going.kind !== "patch" || this.nested) {
      course.going = undefined;
      const gone = course.seal(going);
      const extras = { ...reply, n: navigation(gone) };
      // A nested view goes on; whether it is taken away is up to the page.
      if (this.nested) return this.#show(going.kind, ref, extras);
      this.screen.leave(ref, extras);
      this.#gone = { ...gone, unseen: this.screen.unseenUpTo() };
      return this.end("redirected");
    }
    course.follow(going);
    const arrive = (): void | Promise<void> => {
      if (this.ended) return;
      if (course.going) return this.#follow(course.going, ref, reply);
      this.#show("pushPatch", ref, { ...reply, n: navigation(going) });
    };
    const handled = this.#handleParams();
    return handled instanceof Promise ? handled.then(arrive) : arrive();
  }

  failed({ ref, label }: Message, error: unknown): void {
    try {
      this.inbox.answered(ref);
      const refusal = refusalOf(error);
      if (refusal?.code === "elsewhere") this.screen.answer(ref, { x: refusal });
      else if (refusal) this.refuse(ref, label, refusal);
      else if (isRolledBack(error) && !this.ended) this.#rolledBack(label, ref, error as Error);
      else this.#crash(label, error);
    } catch (second) {
      // An answer that cannot be sent, or an error that cannot be looked at.
      this.#crash(label, second);
    }
  }

  #rolledBack(event: string, ref: number, error: Error): void {
    const message = `An optimistic change was taken back: ${error.message}`;
    this.course.going = undefined;
    this.report({ kind: "warning", event, message, error });
    this.#show(event, ref, ref ? { x: rolledBack } : undefined);
  }

  protected get link(): number {
    return this.#mailbox.link;
  }

  post(label: string, run: () => unknown): void {
    if (!this.ended) this.#mailbox.put({ label, ref: 0, run, link: this.#mailbox.link });
  }

  /** @throws Error while the author's `render` runs; during the rest of a rendering it does nothing */
  flush(): void {
    if (this.ended) return;
    if (!this.screen.rendering) return this.#uninterrupted(() => this.screen.flush(this.#mailbox.handling));
    if (!this.screen.drawing) return;
    throw new Error(
      `${this.viewName} called flush() while it is rendered. Nothing is to happen in render(): flush in a handler.`,
    );
  }

  /** @throws Error if the page is already being redirected, or the view is being rendered */
  go(going: Going): void {
    if (this.ended) return;
    if (this.screen.rendering) {
      throw new Error(
        `${this.viewName} cannot go to ${going.to} while it is rendered. Do it in a handler, in mount or in handleParams.`,
      );
    }
    this.course.go(going, this.#phase === "new" || this.#phase === "mounting");
  }

  /** Ends the view and all that belongs to it. */
  end(reason: EndReason): void {
    if (this.ended) return;
    this.#phase = "ended";
    this.#mailbox.clear();
    this.inbox.end();
    const failed = (error: unknown) =>
      this.report({ kind: "crash", event: "end", message: "a part of the view did not end", error });
    endAll([() => this.screen.detach(reason), () => this.disown(failed)], failed);
    if (this.#hasMounted) this.terminate(reason);
    endAll([() => this.onEnd?.(reason)], failed);
  }

  #crash(event: string, error: unknown): void {
    if (this.ended) return this.failedLate(event, error);
    this.#failure = { event, error };
    this.report({ kind: "crash", event, message: "the view ends, its client mounts it again", error });
    this.#finish("crashed", "crashed", "The view crashed.");
  }

  #finish(reason: EndReason, code: EndCode, message: string): void {
    const failed = (error: unknown) => this.warn("end", "the client could not be told", error);
    endAll([() => this.screen.end(code, message), () => this.end(reason)], failed);
  }
}
