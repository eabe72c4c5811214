/** What a process is for its view and the components in it: all that stands behind their `this`. */
import type { Raw } from "../template/raw.ts";
import type { Flash } from "../view/flash.ts";
import { HookTable, type LifecycleHooks } from "../view/lifecycle-hooks.ts";
import { nameOf } from "../view/live.ts";
import type { LiveView, ViewClass } from "../view/live-view.ts";
import { withLink } from "../view/message-chain.ts";
import type { Going } from "../view/navigation/navigation.ts";
import type { Params } from "../view/navigation/params.ts";
import type { UploadSide } from "../view/uploads/ports.ts";
import type { EndReason, Session, ViewContext, ViewHost } from "../view/view-host.ts";
import type { EventRefusal } from "../wire/frames.ts";
import { NestedViews } from "./child-views.ts";
import { Owned } from "./disposables.ts";
import { endAll } from "./dispose-all.ts";
import { type FoundMistake, type Mistakes, watchMistakes } from "./mistakes.ts";
import { Work } from "./pending-work.ts";
import type { Report, Services, Sink } from "./services.ts";
import { traced } from "./tracing.ts";
import { type Unshown, watchFields } from "./unrendered-changes.ts";
import type { Nestling, ViewSpec } from "./view-init.ts";
import { Course } from "./view-location.ts";
import type { Owner } from "./view-owner.ts";
import type { Screen } from "./view-renderer.ts";
import { Uploads } from "./view-uploads.ts";

export abstract class ViewSide implements ViewHost {
  protected readonly spec: ViewSpec;
  protected readonly services: Services;
  protected readonly course: Course;
  abstract readonly screen: Screen;
  hooks: HookTable | undefined;
  uploads: Uploads | undefined;
  protected nestedViews: NestedViews | undefined;
  #context: ViewContext | undefined;
  #owned: Owned | undefined;
  /** The client that is there, or will be as soon as the view is mounted. */
  protected coming: Sink | undefined;
  #sink: Sink | undefined;
  /** The client that is there, or was. */
  #last: Sink | undefined;
  #work: Work | undefined;
  /** What waits for a client. */
  #early: (() => void)[] | undefined;
  /** In development. */
  readonly unshown: Unshown | undefined;

  constructor(spec: ViewSpec, services: Services) {
    this.spec = spec;
    this.services = services;
    this.unshown = watchFields(this);
    this.course = new Course(spec, spec.View.name || "anonymous view");
  }

  /** The author's object. */
  abstract readonly view: LiveView;
  abstract get idle(): boolean;
  abstract get ended(): boolean;
  abstract readonly crashed: boolean;
  abstract whenIdle(): Promise<void>;
  abstract post(label: string, run: () => unknown): void;
  abstract flush(): void;
  abstract go(going: Going): void;
  /** Number, in a chain of messages, of what the view causes now. */
  protected abstract get link(): number;
  /** Makes the process of a nested view. */
  protected abstract spawn(spec: ViewSpec): Nestling;

  get nested(): boolean {
    return this.spec.nested !== undefined;
  }

  /** Id of a nested view's container. */
  get container(): string | undefined {
    return this.spec.nested?.id;
  }

  /** Outlives the view around it. */
  get sticky(): boolean {
    return this.spec.nested?.sticky ?? false;
  }

  get messageSize(): number {
    return this.services.limits.messageSize;
  }

  get mostEvents(): number {
    return this.services.limits.queuedEvents;
  }

  /** A nested view's process in the same place that is there now. */
  get successor(): Nestling | undefined {
    return this.spec.nested?.place.process;
  }

  get viewName(): string {
    return nameOf(this.view);
  }

  get title(): string | undefined {
    return this.view.pageTitle;
  }

  get View(): ViewClass {
    return this.spec.View;
  }

  get mostMessages(): number {
    return this.services.limits.queuedMessages;
  }

  get slowAfter(): number {
    return this.services.limits.handlerTime;
  }

  /** A handler has been running for longer than it should. */
  slow({ label }: { readonly label: string }, milliseconds: number): void {
    const seconds = Math.round(milliseconds / 1000);
    const message = `it has been running for ${seconds} seconds, and all else that the view has to do waits for it. Use startAsync for long work`;
    this.warn(label, message);
  }

  /** It may be joined anew when it has ended: it crashed, or its container has left the page and may come back. */
  get renewable(): boolean {
    const { nested } = this.spec;
    return nested !== undefined && (this.crashed || !nested.place.isOver);
  }

  get params(): Params {
    return this.course.params;
  }

  get url(): URL {
    return this.course.url;
  }

  get session(): Session {
    return this.spec.session;
  }

  get owner(): Owner | undefined {
    return this.spec.owner;
  }

  get context(): ViewContext {
    return (this.#context ??= { ...this.spec.context });
  }

  get flash(): Flash {
    return this.course.flash;
  }

  /** Asks the app's middleware, as the client that was there last. */
  protected mayPatch(url: URL): Promise<boolean> {
    return this.#last?.mayPatch?.(url, this.spec.View) ?? Promise.resolve(false);
  }

  get connected(): boolean {
    // While the view's fields are initialised there is no screen yet.
    const screen: Screen | undefined = this.screen;
    return screen?.attached ?? false;
  }

  get callbacks(): number {
    return this.course.callbacks;
  }

  /** The container of a nested view, while this one renders. */
  nest(View: ViewClass, props: Readonly<Record<string, unknown>>): Raw {
    const { nursery, sealFlash } = this.spec;
    if (!nursery) throw new Error(`${View.name} cannot be nested here: its page has no socket.`);
    this.nestedViews ??= new NestedViews(
      (View, session, nested) =>
        this.spawn({
          View,
          url: this.url,
          params: {},
          session: { ...this.session, ...session },
          owner: this.owner,
          context: { ...this.#context },
          painting: !this.connected,
          nested,
          nursery,
          ...(sealFlash && { sealFlash }),
        }),
      nursery,
    );
    return this.nestedViews.place(View, props, !this.connected);
  }

  /** A rendering begins. */
  rendering(): void {
    this.nestedViews?.begin();
  }

  owns(stop: () => void): () => void {
    return (this.#owned ??= new Owned()).add(stop);
  }

  /** Ends what the view owns. */
  protected disown(failed: (error: unknown) => void): void {
    this.#early = undefined;
    const owned = (this.#owned ??= new Owned());
    endAll(
      [
        () => this.nestedViews?.end(),
        () => owned.end(failed),
        () => this.uploads?.end(),
        () => this.#work?.end(),
      ],
      failed,
    );
  }

  whenConnected(run: () => void): void {
    if (this.connected) run();
    else (this.#early ??= []).push(run);
  }

  /** Its client has lost the connection and may come back. */
  detach(): void {
    this.#sink = this.coming = undefined;
    this.screen.release();
    this.uploads?.detached();
  }

  /** A client has been sent what the view shows. */
  protected joined(sink: Sink): void {
    this.#sink = this.#last = sink;
    this.uploads?.attached(sink);
    const early = this.#early;
    this.#early = undefined;
    for (const run of early ?? []) run();
  }

  working(what: string): () => void {
    return (this.#work ??= new Work()).begin(what);
  }

  /** What is under way beside the mailbox. */
  get underWay(): readonly string[] {
    return this.#work?.running ?? [];
  }

  /** Resolves when nothing runs or waits, in the mailbox or beside it. */
  async whenSettled(): Promise<void> {
    while (!this.ended && !(this.idle && this.underWay.length === 0)) {
      await this.whenIdle();
      await this.#work?.whenDone();
    }
  }

  allow(upload: UploadSide): void {
    if (!this.uploads) {
      this.uploads = new Uploads(this, this.services.limits);
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
    this.screen.pushEvent(name, payload);
  }

  putFlash(kind: string, message: string): void {
    this.course.putFlash(kind, message);
  }

  clearFlash(kind?: string): void {
    this.course.clearFlash(kind);
  }

  attachHook<Stage extends keyof LifecycleHooks>(stage: Stage, hook: LifecycleHooks[Stage]): () => void {
    return (this.hooks ??= new HookTable()).attach(stage, hook);
  }

  inform(message: unknown, own: () => unknown): unknown {
    return this.hooks ? this.hooks.run("handleInfo", [message], own) : own();
  }

  sendUpdate(Component: object, props: { readonly id: string }): void {
    this.screen.sendUpdate(Component, props);
  }

  watch(): Mistakes | undefined {
    return watchMistakes(this.services.report, (message, error) => this.warn("render", message, error));
  }

  /** Likely mistakes that were found in the view, in development. */
  get mistakes(): readonly FoundMistake[] {
    return this.screen.mistakes;
  }

  /** A mistake that does not stop anything. */
  warn(event: string, message: string, error?: unknown): void {
    this.report({ kind: "warning", event, message, error });
  }

  /** Answers an event that is not to reach the view. */
  refuse(ref: number, event: string, refusal: EventRefusal): void {
    this.refused(event, refusal.message);
    if (!this.ended) this.screen.answer(ref, { x: refusal });
  }

  /** Something that the client sent was refused. */
  protected refused(event: string, message: string): void {
    const report: Report = { kind: "refused", view: this.viewName, event, message };
    if (this.coming?.refused) this.coming.refused(report);
    else this.report(report);
  }

  failedLate(event: string, error: unknown): void {
    // Work that stops because the view has ended is no failure.
    if (error instanceof Error && error.name === "AbortError") return;
    this.report({ kind: "crash", event, message: "it failed after its view had ended", error });
  }

  protected terminate(reason: EndReason): void {
    const run = () => traced(this, "terminate", () => this.view.terminate?.(reason));
    endAll([run], (error) =>
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
