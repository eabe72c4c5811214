/** The host of a view: everything behind its `this`, with the hooks, disposables, uploads and work of the author's code. */
import { ActorPresences } from "../presence/actor-presences.ts";
import { PresentClient } from "../presence/tracked.ts";
import { chain } from "../view/chain.ts";
import type { Flash } from "../view/flash.ts";
import { askAll, guardsOf } from "../view/guard.ts";
import { HookTable, type LifecycleHooks } from "../view/lifecycle-hooks.ts";
import type { LiveView } from "../view/live-view.ts";
import { withLink } from "../view/message-chain.ts";
import type { Redirect } from "../view/navigation/navigation.ts";
import type { Params } from "../view/navigation/params.ts";
import { watchSessions } from "../view/read-only-session.ts";
import type { UploadEndpoint } from "../view/uploads/ports.ts";
import type { EndReason, Session, ViewContext, ViewHost } from "../view/view-host.ts";
import { Disposables } from "./disposables.ts";
import { disposeAll } from "./dispose-all.ts";
import { PendingWork } from "./pending-work.ts";
import type { Services, Sink } from "./services.ts";
import { type SessionClient, SessionRequests } from "./session-change.ts";
import { traced } from "./tracing.ts";
import type { ViewInit } from "./view-init.ts";
import type { ViewLocation } from "./view-location.ts";
import type { ViewRenderer } from "./view-renderer.ts";
import type { ViewReports } from "./view-reports.ts";
import { ViewUploads } from "./view-uploads.ts";

/** The process, as far as its view's code has it do something. */
export interface ProcessTurn {
  readonly ended: boolean;
  /** The view's `mount` is not over: no page could stay. */
  readonly mounting: boolean;
  /** Number in a chain of the messages that the view causes now. */
  readonly link: number;
  post(label: string, run: () => unknown): void;
  /** Renders in the middle of a handler. */
  showNow(): void;
}

export class ProcessHost implements ViewHost {
  /** Undefined while the view's fields are initialised. */
  renderer: ViewRenderer | undefined;
  /** Hooks that the view has attached. */
  hooks: HookTable | undefined;
  uploads: ViewUploads | undefined;
  readonly #init: ViewInit;
  readonly #services: Services;
  readonly #location: ViewLocation;
  readonly #reports: ViewReports;
  readonly #turn: ProcessTurn;
  readonly #watchSession = watchSessions();
  #returnTo: string | undefined;
  #context: ViewContext | undefined;
  #disposables: Disposables | undefined;
  #pendingWork: PendingWork | undefined;
  #sessions: SessionRequests | undefined;
  #presences: ActorPresences | undefined;
  #presentClient: PresentClient | undefined;
  /** The client that is there. */
  #client: Sink | undefined;
  /** One was there, and may come back. */
  #isLost = false;
  /** Calls that wait for a client. */
  #waitingForClient: (() => void)[] | undefined;

  constructor(
    init: ViewInit,
    services: Services,
    location: ViewLocation,
    reports: ViewReports,
    turn: ProcessTurn,
  ) {
    this.#init = init;
    this.#returnTo = init.returnTo;
    const guards = guardsOf(init.onMount, init.View.guard);
    if (guards) {
      location.mayEnter = (url, params) =>
        chain(askAll(guards, this.session, { url, params, context: this.context }), (refusal) => !refusal);
    }
    this.#services = services;
    this.#location = location;
    this.#reports = reports;
    this.#turn = turn;
  }

  // For the author.

  get params(): Params {
    return this.#location.params;
  }

  get url(): URL {
    return this.#location.url;
  }

  get session(): Session {
    const { session } = this.#init;
    return this.#watchSession?.(session) ?? session;
  }

  async changeSession(data: Session | undefined, what: string): Promise<void> {
    const host = this;
    this.#sessions ??= new SessionRequests(
      {
        init: this.#init,
        name: this.#reports.viewName,
        get client() {
          const client = host.#client;
          return host.#turn.ended || !client?.changeSession ? undefined : (client as SessionClient);
        },
        get rendering() {
          return host.renderer?.rendering ?? false;
        },
        send: (offer) => {
          host.#turn.showNow();
          host.renderer?.answer(0, { n: offer });
        },
      },
      this.#isLost && !this.#turn.ended,
    );
    await this.#sessions.change(data, what);
  }

  get ended(): boolean {
    return this.#turn.ended;
  }

  get context(): ViewContext {
    return (this.#context ??= { ...this.#init.context });
  }

  get flash(): Flash {
    return this.#location.flash;
  }

  get connected(): boolean {
    return this.renderer?.attached ?? false;
  }

  get callbackCount(): number {
    return this.#location.callbackCount;
  }

  post(label: string, run: () => unknown): void {
    this.#turn.post(label, run);
  }

  /** @throws Error while the author's `render` runs; during the rest of a rendering it does nothing */
  flush(): void {
    if (this.#turn.ended) return;
    const { rendering, drawing } = this.#rendered;
    if (!rendering) return this.#turn.showNow();
    if (!drawing) return;
    const name = this.#reports.viewName;
    throw new Error(
      `${name} called flush() while it is rendered. Nothing is to happen in render(): flush in a handler.`,
    );
  }

  takeReturnTo(): string | undefined {
    const path = this.#returnTo;
    this.#returnTo = undefined;
    return path;
  }

  /** @throws Error if the page is already being redirected, or the view is being rendered */
  requestRedirect(redirect: Redirect): void {
    if (this.#turn.ended) return;
    if (this.#rendered.rendering) {
      throw new Error(
        `${this.#reports.viewName} cannot go to ${redirect.to} while it is rendered. Do it in a handler, in mount or in handleParams.`,
      );
    }
    this.#location.requestRedirect(redirect, this.#turn.mounting);
  }

  subscribe(topic: string, receive: (message: unknown) => void, subscriber: object): () => void {
    return this.#services.pubsub.subscribe(topic, receive, subscriber);
  }

  publish(topic: string, message: unknown, except?: object): void {
    withLink(this.#turn.link, () => this.#services.pubsub.publish(topic, message, except));
  }

  get presences(): ActorPresences {
    if (!this.#presences) {
      this.#presentClient = new PresentClient(this.#services.presences);
      if (this.#client) this.#presentClient.joined();
      this.#presences = new ActorPresences(this.#presentClient, (stop) => this.onDispose(stop));
    }
    return this.#presences;
  }

  pushEvent(name: string, payload: unknown): void {
    this.#rendered.pushEvent(name, payload);
  }

  sendUpdate(Component: object, props: { readonly id: string }): void {
    this.#rendered.sendUpdate(Component, props);
  }

  get #rendered(): ViewRenderer {
    if (!this.renderer)
      throw new Error(`${this.#reports.viewName} is not there yet: do this in mount, not in a field.`);
    return this.renderer;
  }

  putFlash(kind: string, message: string): void {
    this.#location.putFlash(kind, message);
  }

  clearFlash(kind?: string): void {
    this.#location.clearFlash(kind);
  }

  attachHook<Stage extends keyof LifecycleHooks>(stage: Stage, hook: LifecycleHooks[Stage]): () => void {
    return (this.hooks ??= new HookTable()).attach(stage, hook);
  }

  dispatchInfo(message: unknown, own: () => unknown): unknown {
    return this.hooks ? this.hooks.run("handleInfo", [message], own) : own();
  }

  onDispose(stop: () => void): () => void {
    return (this.#disposables ??= new Disposables()).add(stop);
  }

  whenConnected(run: () => void): void {
    if (this.connected) run();
    else (this.#waitingForClient ??= []).push(run);
  }

  trackWork(what: string): () => void {
    return (this.#pendingWork ??= new PendingWork()).begin(what);
  }

  mistake(problem: string): void {
    this.#rendered.mistake({ problem, certain: false, inState: true });
  }

  registerUpload(upload: UploadEndpoint): void {
    if (!this.uploads) {
      this.uploads = new ViewUploads(this.#reports, this.#services.limits);
      if (this.#client) this.uploads.attached(this.#client);
    }
    this.uploads.add(upload);
  }

  reportLateError(event: string, error: unknown): void {
    this.#reports.lateError(event, error);
  }

  // For the process.

  /** Work under way beside the mailbox. */
  get underWay(): readonly string[] {
    return this.#pendingWork?.running ?? [];
  }

  /** Resolves when no work is under way beside the mailbox. */
  async whenWorkDone(): Promise<void> {
    await this.#pendingWork?.whenDone();
  }

  /** A client has been sent the whole tree. */
  clientJoined(client: Sink): void {
    this.#client = client;
    this.#isLost = false;
    this.uploads?.attached(client);
    this.#presentClient?.joined();
    this.#sessions?.clientJoined();
    const early = this.#waitingForClient;
    this.#waitingForClient = undefined;
    for (const run of early ?? []) run();
  }

  /** The client has lost the connection and may come back. */
  clientLost(): void {
    this.#client = undefined;
    this.#isLost = true;
    this.#sessions?.clientLost();
    this.uploads?.detached();
    this.#presentClient?.lost();
  }

  /** The client that was lost is not to come back. */
  clientGone(): void {
    this.#presentClient?.gone();
  }

  /** Has the view know that it is over. */
  terminate(view: LiveView, reason: EndReason): void {
    const run = () => traced(this.#reports, "terminate", () => view.terminate?.(reason));
    disposeAll([run], (error) => this.#reports.crash("terminate", "terminate() threw", error));
  }

  /** The view has ended. @param failed gets the error of ending a part of it */
  end(failed: (error: unknown) => void): void {
    this.#waitingForClient = undefined;
    this.#client = undefined;
    this.#sessions?.end();
    const owned = (this.#disposables ??= new Disposables());
    disposeAll([() => owned.end(failed), () => this.uploads?.end(), () => this.#pendingWork?.end()], failed);
  }
}
