/** One live view: its object, its mailbox, its life and death. Knows no socket: it is given a sink. */
import { randomUUID } from "node:crypto";
import { nameEvents } from "../view/events/event.ts";
import type { LiveView } from "../view/live-view.ts";
import type { Redirect } from "../view/navigation/navigation.ts";
import { isRolledBack } from "../view/optimistic.ts";
import { construct, type EndReason } from "../view/view-host.ts";
import type { EndCode, Extras } from "../wire/frames.ts";
import { ANSWERED_LATER, ClientEvents, type EventReceiver } from "./client-events.ts";
import { disposeAll } from "./dispose-all.ts";
import { ROLLED_BACK, refusalOf } from "./event-refusals.ts";
import { Mailbox, type MailboxOwner, type Message } from "./mailbox.ts";
import { runOnMountHooks } from "./on-mount-hooks.ts";
import { ProcessHost } from "./process-host.ts";
import type { Services, Sink } from "./services.ts";
import { traced } from "./tracing.ts";
import type { ChildView, CompletedRedirect, CrashInfo, ViewInit } from "./view-init.ts";
import { checkMayPatch, endedBeforeJoin, toNavigation } from "./view-location.ts";
import { ViewRenderer } from "./view-renderer.ts";

export class ViewProcess extends ProcessHost implements MailboxOwner, ChildView, EventReceiver {
  /** Unguessable: who knows it may adopt the process. */
  readonly id: string;
  /** Called once when the process has ended, whatever the reason. */
  onEnd: ((reason: EndReason) => void) | undefined;
  /** The client's events and live patches. */
  readonly events: ClientEvents;
  readonly renderer: ViewRenderer;
  readonly #mailbox = new Mailbox(this);
  readonly #view: LiveView;
  #phase: "new" | "mounting" | "starting" | "running" | "ended" = "new";
  #started: Promise<void> | undefined;
  /** `mount` has begun, so that there may be something to terminate. */
  #hasMounted = false;
  #completedRedirect: CompletedRedirect | undefined;
  /** A live patch that `handleParams` pushed before there was a client to tell. */
  #patched: Redirect | undefined;
  #crashInfo: CrashInfo | undefined;
  /** Counts clients that came or went: only the newest one is attached when the view is mounted. */
  #attachments = 0;

  /** @throws what the view's field initialisers throw */
  constructor(init: ViewInit, services: Services, id: string = randomUUID()) {
    super(init, services);
    this.id = id;
    this.#view = construct(init.View, this);
    nameEvents(this.#view);
    this.renderer = new ViewRenderer(this.#view, this, services.limits);
    this.events = new ClientEvents(this, this.#mailbox);
  }

  protected spawn(init: ViewInit): ChildView {
    return new ViewProcess(init, this.services);
  }

  /** Another process for a nested view that is {@link renewable}, under the same id. */
  again(): ViewProcess {
    const again = new ViewProcess(this.init, this.services, this.id);
    const { nested } = this.init;
    if (nested) nested.position.viewProcess = again;
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
    const { onMount, liveSession } = this.init;
    const isOver = () => this.ended || this.location.pendingRedirect !== undefined;
    const guarded = onMount && runOnMountHooks(this.#view, onMount, liveSession, isOver);
    return guarded ? guarded.then(() => this.#mount()) : this.#mount();
  }

  #mount(): void | Promise<void> {
    if (this.ended) return;
    const { pendingRedirect } = this.location;
    if (pendingRedirect) return this.#leave(pendingRedirect);
    this.#hasMounted = true;
    const mounted = this.#view.mount?.();
    return mounted instanceof Promise ? mounted.then(() => this.#begin()) : this.#begin();
  }

  #begin(): void | Promise<void> {
    // Its client has gone while it was mounted.
    if (this.ended) return;
    const { pendingRedirect } = this.location;
    if (pendingRedirect) return this.#leave(pendingRedirect);
    this.#phase = "starting";
    const handled = this.init.nested ? undefined : this.#handleParams();
    return handled instanceof Promise ? handled.then(() => this.#open()) : this.#open();
  }

  #open(): void | Promise<void> {
    if (this.ended) return;
    const { pendingRedirect: redirect } = this.location;
    if (redirect?.kind === "patch" && this.location.guardedUrl(redirect.to))
      return this.#leave(redirect, "navigate");
    if (redirect?.kind === "patch" && !this.init.painting) {
      this.location.applyPushedPatch(redirect);
      this.#patched = redirect;
      const handled = this.#handleParams();
      return handled instanceof Promise ? handled.then(() => this.#open()) : this.#open();
    }
    if (redirect) return this.#leave(redirect);
    this.#phase = "running";
    this.#started = undefined;
    this.#mailbox.open();
  }

  /** Mounting led elsewhere. */
  #leave(redirect: Redirect, kind = redirect.kind): void {
    const completed = this.location.withFlashToken({ ...redirect, kind });
    this.#completedRedirect = { ...completed, unseen: this.renderer.unseenUpTo(Infinity) };
    this.end("redirected");
  }

  #abort(error: unknown): never {
    this.#crashInfo ??= { event: "mount", error };
    this.end("crashed");
    throw error;
  }

  /** The author's object. */
  get view(): LiveView {
    return this.#view;
  }

  /** What made the view crash, if it did. */
  get failure(): CrashInfo | undefined {
    return this.#crashInfo;
  }

  get crashed(): boolean {
    return this.#crashInfo !== undefined;
  }

  get ended(): boolean {
    return this.#phase === "ended";
  }

  /** Where mounting, or a nested view that was painted, sent the page; its messages included. */
  get completedRedirect(): CompletedRedirect | undefined {
    return this.#completedRedirect ?? this.childViews?.completedRedirect;
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
    const html = this.#uninterrupted(() => this.renderer.html());
    return this.childViews ? this.childViews.fill(html) : html;
  }

  /**
   * Gives the process its client, and the client the whole tree.
   * @param extras go with it
   * @param resumed it is the client that it had before, with all that it was shown
   */
  attach(view: number, sink: Sink, extras?: Extras, resumed = false): void {
    this.expectedSink = sink;
    this.events.useBudget(sink.eventBudget);
    const attachment = ++this.#attachments;
    const attach = () => {
      if (attachment !== this.#attachments) return;
      if (this.ended) return sink.send(endedBeforeJoin(view, this.#completedRedirect));
      try {
        const patched = this.#patched;
        this.#patched = undefined;
        const all = {
          ...extras,
          ...(patched && { n: toNavigation(patched) }),
          ...(resumed && { q: [...this.events.refs, ...this.renderer.unackedRefs] }),
        };
        this.renderer.attach(view, sink, all, resumed);
        if (this.ended) return;
        // A handler that is still running may redirect the page.
        if (!this.#mailbox.busy) this.location.callbackEnded();
        this.clientJoined(sink);
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
    this.events.useBudget(undefined);
    // Nothing holds events back where nobody has to be shown what they do.
    this.#mailbox.run();
  }

  /** @throws ForeignUrlError where the URL is not the view's */
  handleClientPatch(url: string, flash: string | undefined): unknown {
    const apply = () => {
      this.location.applyClientPatch(url, flash);
      return this.#handleParams();
    };
    const guarded = this.location.guardedUrl(url);
    return guarded
      ? this.mayPatch(guarded).then((may) => checkMayPatch(may, url) && !this.ended && apply())
      : apply();
  }

  #handleParams(): unknown {
    const own = () => this.#view.handleParams?.();
    return this.hooks ? this.hooks.run("handleParams", [], own) : own();
  }

  get running(): boolean {
    return this.#phase === "running";
  }

  tooManyEvents(ref: number, event: string, most: string): void {
    const message = `more than ${most} wait for their turn`;
    this.refused(event, message);
    // A client that sends without reading would fill its own buffer with refusals.
    if (this.renderer.full) this.#finish("closed", "too_many", message);
    else this.renderer.answer(ref, { x: { code: "too_many_events", message } });
  }

  /** The sink has room again. */
  drained(): void {
    if (this.ended) return;
    this.uploads?.drained();
    if (this.renderer.stale && this.#mailbox.idle) this.post("drain", () => {});
    else this.#mailbox.run();
  }

  get holdsEvents(): boolean {
    return this.renderer.full;
  }

  /** A message has run: show what it changed, or go where it sent the page. */
  messageDone({ ref, label, run }: Message, result: unknown, more: boolean): void | Promise<void> {
    if (this.ended) return;
    if (result === ANSWERED_LATER) return this.messageDone({ ref: 0, label, run }, undefined, more);
    this.events.answered(ref);
    const reply = ref && result !== undefined ? { r: result } : undefined;
    const { pendingRedirect } = this.location;
    if (pendingRedirect) return this.#follow(pendingRedirect, ref, reply);
    if (!more) this.#show(label, ref, reply);
    else {
      this.renderer.stale = true;
      this.location.callbackEnded();
    }
  }

  #show(label: string, ref: number, extras: Extras | undefined): void {
    try {
      this.renderer.update(ref, extras);
      this.location.callbackEnded();
      this.hooks?.rendered();
    } catch (error) {
      this.#crash(`render after ${label}`, error);
    }
  }

  #follow(redirect: Redirect, ref: number, reply: Extras | undefined): void | Promise<void> {
    const guarded = redirect.kind === "patch" && !this.nested && this.location.guardedUrl(redirect.to);
    if (!guarded) return this.#go(redirect, ref, reply);
    return this.mayPatch(guarded).then((may) => {
      // Its middleware answers by itself: the page gets that answer.
      if (!this.ended) return this.#go(may ? redirect : { ...redirect, kind: "navigate" }, ref, reply);
    });
  }

  #go(redirect: Redirect, ref: number, reply: Extras | undefined): void | Promise<void> {
    if (redirect.kind !== "patch" || this.nested) {
      this.location.pendingRedirect = undefined;
      const completed = this.location.withFlashToken(redirect);
      const extras = { ...reply, n: toNavigation(completed) };
      // A nested view goes on; whether it is taken away is up to the page.
      if (this.nested) return this.#show(redirect.kind, ref, extras);
      this.renderer.leave(ref, extras);
      this.#completedRedirect = { ...completed, unseen: this.renderer.unseenUpTo() };
      return this.end("redirected");
    }
    this.location.applyPushedPatch(redirect);
    const arrive = (): void | Promise<void> => {
      if (this.ended) return;
      if (this.location.pendingRedirect) return this.#follow(this.location.pendingRedirect, ref, reply);
      this.#show("pushPatch", ref, { ...reply, n: toNavigation(redirect) });
    };
    const handled = this.#handleParams();
    return handled instanceof Promise ? handled.then(arrive) : arrive();
  }

  messageFailed({ ref, label }: Message, error: unknown): void {
    try {
      this.events.answered(ref);
      const refusal = refusalOf(error);
      if (refusal?.code === "elsewhere") this.renderer.answer(ref, { x: refusal });
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
    this.location.pendingRedirect = undefined;
    this.report({ kind: "warning", event, message, error });
    this.#show(event, ref, ref ? { x: ROLLED_BACK } : undefined);
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
    if (!this.renderer.rendering)
      return this.#uninterrupted(() => this.renderer.flush(this.#mailbox.handling));
    if (!this.renderer.drawing) return;
    throw new Error(
      `${this.viewName} called flush() while it is rendered. Nothing is to happen in render(): flush in a handler.`,
    );
  }

  /** @throws Error if the page is already being redirected, or the view is being rendered */
  requestRedirect(redirect: Redirect): void {
    if (this.ended) return;
    if (this.renderer.rendering) {
      throw new Error(
        `${this.viewName} cannot go to ${redirect.to} while it is rendered. Do it in a handler, in mount or in handleParams.`,
      );
    }
    this.location.requestRedirect(redirect, this.#phase === "new" || this.#phase === "mounting");
  }

  /** Ends the view and all that belongs to it. */
  end(reason: EndReason): void {
    if (this.ended) return;
    this.#phase = "ended";
    this.#mailbox.clear();
    this.events.end();
    const failed = (error: unknown) =>
      this.report({ kind: "crash", event: "end", message: "a part of the view did not end", error });
    disposeAll([() => this.renderer.detach(reason), () => this.disposeOwned(failed)], failed);
    if (this.#hasMounted) this.terminate(reason);
    disposeAll([() => this.onEnd?.(reason)], failed);
  }

  #crash(event: string, error: unknown): void {
    if (this.ended) return this.reportLateError(event, error);
    this.#crashInfo = { event, error };
    this.report({ kind: "crash", event, message: "the view ends, its client mounts it again", error });
    this.#finish("crashed", "crashed", "The view crashed.");
  }

  #finish(reason: EndReason, code: EndCode, message: string): void {
    const failed = (error: unknown) => this.warn("end", "the client could not be told", error);
    disposeAll([() => this.renderer.end(code, message), () => this.end(reason)], failed);
  }
}
