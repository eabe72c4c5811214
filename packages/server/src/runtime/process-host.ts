/** The host of a view and its components: everything behind their `this`. */
import type { Raw } from "../template/raw.ts";
import type { Flash } from "../view/flash.ts";
import { HookTable, type LifecycleHooks } from "../view/lifecycle-hooks.ts";
import { nameOf } from "../view/live.ts";
import type { LiveView, ViewClass } from "../view/live-view.ts";
import { withLink } from "../view/message-chain.ts";
import type { Redirect } from "../view/navigation/navigation.ts";
import type { Params } from "../view/navigation/params.ts";
import type { UploadEndpoint } from "../view/uploads/ports.ts";
import type { EndReason, Session, ViewContext, ViewHost } from "../view/view-host.ts";
import type { EventRefusal } from "../wire/frames.ts";
import { ChildViews } from "./child-views.ts";
import { Disposables } from "./disposables.ts";
import { disposeAll } from "./dispose-all.ts";
import { type FoundMistake, type Mistakes, watchMistakes } from "./mistakes.ts";
import { PendingWork } from "./pending-work.ts";
import type { Report, Services, Sink } from "./services.ts";
import { traced } from "./tracing.ts";
import { type UnrenderedChanges, watchFields } from "./unrendered-changes.ts";
import type { ChildView, ViewInit } from "./view-init.ts";
import { ViewLocation } from "./view-location.ts";
import type { ViewOwner } from "./view-owner.ts";
import type { ViewRenderer } from "./view-renderer.ts";
import { ViewUploads } from "./view-uploads.ts";

export abstract class ProcessHost implements ViewHost {
  protected readonly init: ViewInit;
  protected readonly services: Services;
  protected readonly location: ViewLocation;
  abstract readonly renderer: ViewRenderer;
  hooks: HookTable | undefined;
  uploads: ViewUploads | undefined;
  protected childViews: ChildViews | undefined;
  #context: ViewContext | undefined;
  #disposables: Disposables | undefined;
  /** The client that is there, or will be as soon as the view is mounted. */
  protected expectedSink: Sink | undefined;
  #sink: Sink | undefined;
  /** The client that is there, or was. */
  #lastSink: Sink | undefined;
  #pendingWork: PendingWork | undefined;
  /** Callbacks that wait for a client. */
  #waitingForClient: (() => void)[] | undefined;
  /** In development. */
  readonly unrenderedChanges: UnrenderedChanges | undefined;

  constructor(init: ViewInit, services: Services) {
    this.init = init;
    this.services = services;
    this.unrenderedChanges = watchFields(this);
    this.location = new ViewLocation(init, init.View.name || "anonymous view");
  }

  /** The author's object. */
  abstract readonly view: LiveView;
  abstract get idle(): boolean;
  abstract get ended(): boolean;
  abstract readonly crashed: boolean;
  abstract whenIdle(): Promise<void>;
  abstract post(label: string, run: () => unknown): void;
  abstract flush(): void;
  abstract requestRedirect(redirect: Redirect): void;
  /** Number of the current message in a chain of the view's own. */
  protected abstract get link(): number;
  /** Makes the process of a nested view. */
  protected abstract spawn(init: ViewInit): ChildView;

  get nested(): boolean {
    return this.init.nested !== undefined;
  }

  /** Id of a nested view's container. */
  get container(): string | undefined {
    return this.init.nested?.id;
  }

  /** Outlives the view around it. */
  get sticky(): boolean {
    return this.init.nested?.sticky ?? false;
  }

  get messageSize(): number {
    return this.services.limits.messageSize;
  }

  get mostEvents(): number {
    return this.services.limits.queuedEvents;
  }

  /** A nested view's process in the same place that is there now. */
  get successor(): ChildView | undefined {
    return this.init.nested?.position.viewProcess;
  }

  get viewName(): string {
    return nameOf(this.view);
  }

  get title(): string | undefined {
    return this.view.pageTitle;
  }

  get View(): ViewClass {
    return this.init.View;
  }

  get mostMessages(): number {
    return this.services.limits.queuedMessages;
  }

  get slowAfter(): number {
    return this.services.limits.handlerTime;
  }

  /** A handler has been running for longer than it should. */
  messageSlow({ label }: { readonly label: string }, milliseconds: number): void {
    const seconds = Math.round(milliseconds / 1000);
    const message = `it has been running for ${seconds} seconds, and all else that the view has to do waits for it. Use startAsync for long work`;
    this.warn(label, message);
  }

  /** It may be joined anew when it has ended: it crashed, or its container has left the page and may come back. */
  get renewable(): boolean {
    const { nested } = this.init;
    return nested !== undefined && (this.crashed || !nested.position.isOver);
  }

  get params(): Params {
    return this.location.params;
  }

  get url(): URL {
    return this.location.url;
  }

  get session(): Session {
    return this.init.session;
  }

  get owner(): ViewOwner | undefined {
    return this.init.owner;
  }

  get context(): ViewContext {
    return (this.#context ??= { ...this.init.context });
  }

  get flash(): Flash {
    return this.location.flash;
  }

  /** Asks the app's middleware, as the client that was there last. */
  protected mayPatch(url: URL): Promise<boolean> {
    return this.#lastSink?.mayPatch?.(url, this.init.View) ?? Promise.resolve(false);
  }

  get connected(): boolean {
    // While the view's fields are initialised there is no renderer yet.
    const renderer: ViewRenderer | undefined = this.renderer;
    return renderer?.attached ?? false;
  }

  get callbackCount(): number {
    return this.location.callbackCount;
  }

  /** The container of a nested view, while this one renders. */
  renderChildView(View: ViewClass, props: Readonly<Record<string, unknown>>): Raw {
    const { childRegistry, createFlashToken } = this.init;
    if (!childRegistry) throw new Error(`${View.name} cannot be nested here: its page has no socket.`);
    this.childViews ??= new ChildViews(
      (View, session, nested) =>
        this.spawn({
          View,
          url: this.url,
          params: {},
          session: { ...this.session, ...session },
          owner: this.owner,
          context: { ...this.context },
          painting: !this.connected,
          nested,
          childRegistry,
          ...(createFlashToken && { createFlashToken }),
        }),
      childRegistry,
    );
    return this.childViews.container(View, props, !this.connected);
  }

  /** A rendering begins. */
  rendering(): void {
    this.childViews?.begin();
  }

  onDispose(stop: () => void): () => void {
    return (this.#disposables ??= new Disposables()).add(stop);
  }

  /** Ends the view's disposables. */
  protected disposeOwned(failed: (error: unknown) => void): void {
    this.#waitingForClient = undefined;
    const owned = (this.#disposables ??= new Disposables());
    disposeAll(
      [
        () => this.childViews?.end(),
        () => owned.end(failed),
        () => this.uploads?.end(),
        () => this.#pendingWork?.end(),
      ],
      failed,
    );
  }

  whenConnected(run: () => void): void {
    if (this.connected) run();
    else (this.#waitingForClient ??= []).push(run);
  }

  /** Its client has lost the connection and may come back. */
  detach(): void {
    this.#sink = this.expectedSink = undefined;
    this.renderer.release();
    this.uploads?.detached();
  }

  /** A client has been sent the view's content. */
  protected clientJoined(sink: Sink): void {
    this.#sink = this.#lastSink = sink;
    this.uploads?.attached(sink);
    const early = this.#waitingForClient;
    this.#waitingForClient = undefined;
    for (const run of early ?? []) run();
  }

  trackWork(what: string): () => void {
    return (this.#pendingWork ??= new PendingWork()).begin(what);
  }

  /** Labels of the work beside the mailbox. */
  get underWay(): readonly string[] {
    return this.#pendingWork?.running ?? [];
  }

  /** Resolves when nothing runs or waits, in the mailbox or beside it. */
  async whenSettled(): Promise<void> {
    while (!this.ended && !(this.idle && this.underWay.length === 0)) {
      await this.whenIdle();
      await this.#pendingWork?.whenDone();
    }
  }

  registerUpload(upload: UploadEndpoint): void {
    if (!this.uploads) {
      this.uploads = new ViewUploads(this, this.services.limits);
      if (this.#sink) this.uploads.attached(this.#sink);
    }
    this.uploads.add(upload);
  }

  subscribe(topic: string, receive: (message: unknown) => void): () => void {
    return this.services.pubsub.subscribe(topic, receive);
  }

  publish(topic: string, message: unknown): void {
    withLink(this.link, () => this.services.pubsub.publish(topic, message));
  }

  pushEvent(name: string, payload: unknown): void {
    this.renderer.pushEvent(name, payload);
  }

  putFlash(kind: string, message: string): void {
    this.location.putFlash(kind, message);
  }

  clearFlash(kind?: string): void {
    this.location.clearFlash(kind);
  }

  attachHook<Stage extends keyof LifecycleHooks>(stage: Stage, hook: LifecycleHooks[Stage]): () => void {
    return (this.hooks ??= new HookTable()).attach(stage, hook);
  }

  dispatchInfo(message: unknown, own: () => unknown): unknown {
    return this.hooks ? this.hooks.run("handleInfo", [message], own) : own();
  }

  sendUpdate(Component: object, props: { readonly id: string }): void {
    this.renderer.sendUpdate(Component, props);
  }

  watch(): Mistakes | undefined {
    return watchMistakes(this.services.report, (message, error) => this.warn("render", message, error));
  }

  /** Likely mistakes that were found in the view, in development. */
  get mistakes(): readonly FoundMistake[] {
    return this.renderer.mistakes;
  }

  mistake(problem: string): void {
    this.renderer.mistake({ problem, certain: false, inState: true });
  }

  /** A mistake that does not stop anything. */
  warn(event: string, message: string, error?: unknown): void {
    this.report({ kind: "warning", event, message, error });
  }

  /** Answers an event that is not to reach the view. */
  refuse(ref: number, event: string, refusal: EventRefusal): void {
    this.refused(event, refusal.message);
    if (!this.ended) this.renderer.answer(ref, { x: refusal });
  }

  /** Something that the client sent was refused. */
  protected refused(event: string, message: string): void {
    const report: Report = { kind: "refused", view: this.viewName, event, message };
    if (this.expectedSink?.refused) this.expectedSink.refused(report);
    else this.report(report);
  }

  reportLateError(event: string, error: unknown): void {
    // Work that stops because the view has ended is no failure.
    if (error instanceof Error && error.name === "AbortError") return;
    this.report({ kind: "crash", event, message: "it failed after its view had ended", error });
  }

  protected terminate(reason: EndReason): void {
    const run = () => traced(this, "terminate", () => this.view.terminate?.(reason));
    disposeAll([run], (error) =>
      this.report({ kind: "crash", event: "terminate", message: "terminate() threw", error }),
    );
  }

  trace(report: Report): void {
    this.report(report);
  }

  protected report(report: Report): void {
    this.services.report({ view: this.viewName, ...report });
  }
}
