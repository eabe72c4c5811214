/**
 * One live view: runs its messages one at a time, and sends the changes of each. Knows no socket, only a
 * sink.
 */
import { randomUUID } from "node:crypto";
import type { EndCode, Extras } from "@overwire/client/wire";
import { chain, isPromiseLike, promiseOf } from "../view/chain.ts";
import { BackgroundRun, nameEvents } from "../view/events/event.ts";
import type { LiveView } from "../view/live-view.ts";
import { enterLink } from "../view/message-chain.ts";
import type { Redirect } from "../view/navigation/navigation.ts";
import { isRolledBack } from "../view/optimistic.ts";
import { construct, type EndReason } from "../view/view-host.ts";
import { ClientEvents, payloadOf, type ReceivedEvent } from "./client-events.ts";
import { disposeAll } from "./dispose-all.ts";
import { ROLLED_BACK, refusalOf } from "./event-refusals.ts";
import { inContext } from "./kept-context.ts";
import { Mailbox, type Message } from "./mailbox.ts";
import { type MountPhase, mountView } from "./mount.ts";
import { ProcessHost } from "./process-host.ts";
import { followRedirect, patchFromClient } from "./redirects.ts";
import type { Given, Services, Sink } from "./services.ts";
import { SlowWatch } from "./slow-watch.ts";
import { traced } from "./tracing.ts";
import { type UnrenderedChanges, watchFields } from "./unrendered-changes.ts";
import type { ChildView, CompletedRedirect, CrashInfo, ViewInit } from "./view-init.ts";
import { endedBeforeJoin, toNavigation, ViewLocation } from "./view-location.ts";
import type { ViewOwner } from "./view-owner.ts";
import { ViewRenderer } from "./view-renderer.ts";
import { reportsOf, type ViewReports } from "./view-reports.ts";

export class ViewProcess implements ChildView {
  /** Unguessable: who knows it may adopt the process. */
  readonly id: string;
  readonly init: ViewInit;
  readonly services: Services;
  readonly reports: ViewReports;
  readonly location: ViewLocation;
  /** Stands behind `this` of the author's object. */
  readonly host: ProcessHost;
  /** The author's object. */
  readonly view: LiveView;
  readonly renderer: ViewRenderer;
  /** The error that made the view crash, and the callback that was running; undefined if none did. */
  failure: CrashInfo | undefined;
  /** Called once when the process has ended, for any reason. */
  onEnd: ((reason: EndReason) => void) | undefined;
  readonly #mailbox: Mailbox;
  readonly #events: ClientEvents;
  readonly #run = inContext(() => this.#runMessages());
  /** Ends the view and all that belongs to it. */
  readonly end = inContext((reason: EndReason) => this.#end(reason));
  #slowWatch: SlowWatch | undefined;
  /** In development. */
  #unrendered: UnrenderedChanges | undefined;
  #phase: "new" | MountPhase | "running" | "ended" = "new";
  #started: Promise<void> | undefined;
  /** Counts clients that came or went: only the newest one is attached when the view is mounted. */
  #attachments = 0;
  #completedRedirect: CompletedRedirect | undefined;

  /** @throws what the view's field initialisers throw */
  constructor(init: ViewInit, services: Services, id: string = randomUUID()) {
    const { limits } = services;
    this.id = id;
    this.init = init;
    this.services = services;
    this.reports = reportsOf(init.View, services.report);
    this.location = new ViewLocation(init, this.reports.viewName);
    this.#mailbox = new Mailbox(limits.queuedMessages);
    this.host = new ProcessHost(init, services, this.location, this.reports, this);
    this.view = construct(init.View, this.host);
    nameEvents(this.view);
    this.renderer = new ViewRenderer(this.view, this.host, init, this.reports, services);
    this.host.renderer = this.#mailbox.client = this.renderer;
    this.#events = new ClientEvents(this.view, this.renderer, this.host, this.reports, this.#mailbox, limits);
    this.#unrendered = watchFields(this.view, this.renderer);
  }

  // A message: an event or live patch of the client, or something that the view has to do.

  /** The client's event `ref`. @param payload it and the rest are as in {@link ClientEvents.event} */
  event(ref: number, name: string, payload: unknown, component = 0, bytes = 0): void {
    this.#receive(this.#events.event(ref, name, payload, component, bytes));
  }

  /** The client's live patch `ref`. @param flash token of messages that a nested view sends along */
  patch(ref: number, url: string, flash?: string, bytes = 0): void {
    const run = () => patchFromClient(url, flash, this.location, this);
    this.#receive(this.#events.patch(ref, bytes, run));
  }

  /** Something to do in the view's turn. */
  post(label: string, run: () => unknown): void {
    if (!this.ended) this.#put({ label, ref: 0, run, link: this.link });
  }

  #receive(event: ReceivedEvent): void {
    if (!event) return;
    if ("flood" in event) return this.#finish("closed", "too_many", event.flood);
    this.findUnrendered();
    this.#put(event);
    if (!this.ended) this.#events.delivered(event);
  }

  #put(message: Message): void {
    const error = this.#mailbox.put(message);
    if (error) this.#fail(message, error);
    else this.#run();
  }

  /** Runs the messages whose turn it is, until one takes time or the event loop needs a turn. */
  #runMessages(): void {
    const mailbox = this.#mailbox;
    for (let message = mailbox.take(); message; message = mailbox.take()) {
      const outer = enterLink((message.link ?? 0) + 1);
      try {
        const over = this.#process(message);
        if (over) return this.#await(message, over);
        this.#messageOver();
      } finally {
        enterLink(outer);
      }
    }
    if (mailbox.overdue) mailbox.yield(() => this.#run());
  }

  /** The whole life of a message. A promise if it takes time: once its result is there, it goes on with that. */
  #process(message: Message, run = message.run): void | Promise<void> {
    const { label } = message;
    try {
      const result = traced(this.reports, label, run);
      if (isPromiseLike(result)) {
        const goOn = (value: unknown) => this.#process(message, () => value);
        return promiseOf(result).then(goOn, (error) => this.#fail(message, error));
      }
      const isLater = result instanceof BackgroundRun && message.ref !== 0;
      if (isLater) this.#events.answerLater(message, result, (answer) => this.#put(answer));
      if (this.ended) return;
      const ref = isLater ? 0 : message.ref;
      this.#events.answered(ref);
      const reply = ref && result !== undefined ? { r: result } : undefined;
      const { pendingRedirect } = this.location;
      if (pendingRedirect)
        return this.#follow(pendingRedirect, ref, reply)?.catch((error) => this.#fail(message, error));
      if (!this.#mailbox.rendersLater) return this.#show(label, ref, reply);
      this.renderer.stale = true;
      this.location.callbackEnded();
    } catch (error) {
      this.#fail(message, error);
    }
  }

  #await(message: Message, over: Promise<void>): void {
    this.#mailbox.waitFor(message);
    this.#slowWatch ??= new SlowWatch(this.services.limits.handlerTime, this.reports);
    this.#slowWatch.begin(message.label);
    over.then(() => {
      this.#slowWatch?.done();
      this.#messageOver();
      this.#run();
    });
  }

  #messageOver(): void {
    this.#unrendered?.remember();
    this.#mailbox.release();
  }

  #show(label: string, ref: number, extras: Extras | undefined): void {
    try {
      this.renderer.update(ref, extras);
      this.location.callbackEnded();
      this.host.hooks?.rendered();
    } catch (error) {
      this.#crash(`render after ${label}`, error);
    }
  }

  /** The message sends the page to another URL. */
  #follow(redirect: Redirect, ref: number, reply: Extras | undefined): void | Promise<void> {
    return followRedirect(redirect, this.location, this, {
      stay: (label, to) => this.#show(label, ref, { ...reply, n: toNavigation(to) }),
      leave: (to) => {
        this.renderer.leave(ref, { ...reply, n: toNavigation(to) });
        this.#completedRedirect = { ...to, unseen: this.renderer.unseenUpTo() };
        this.end("redirected");
      },
    });
  }

  handleParams(): unknown {
    const own = () => this.view.handleParams?.();
    return this.host.hooks ? this.host.hooks.run("handleParams", [], own) : own();
  }

  /** The message has thrown. Never throws itself. */
  #fail(message: Message, error: unknown, { label, ref } = message): void {
    const given = () => [payloadOf(message), this.init.session, this.view.params];
    try {
      this.#events.answered(ref);
      const refusal = refusalOf(error);
      if (refusal) this.#events.refuse(ref, label, refusal, given);
      else if (isRolledBack(error) && !this.ended) {
        this.location.pendingRedirect = undefined;
        this.reports.rolledBack(label, error as Error);
        this.#show(label, ref, ref ? { x: ROLLED_BACK } : undefined);
      } else this.#crash(label, error, given);
    } catch (unsendable) {
      this.#crash(label, unsendable, given);
    }
  }

  /** Renders in the middle of a handler. */
  showNow(): void {
    this.#uninterrupted(() => this.renderer.flush(this.#mailbox.handling));
  }

  /** Renders outside of the mailbox's turn: messages that it sends to the view wait until it has ended. */
  #uninterrupted<T>(render: () => T): T {
    this.#mailbox.pause();
    try {
      return render();
    } finally {
      this.#unrendered?.remember();
      this.#mailbox.unpause();
      this.#run();
    }
  }

  // Life: mounted, painted, joined by a client, left by it, ended.

  /**
   * Mounts and handles params. A promise only if the author's code is asynchronous.
   * @throws what the author's code throws; the process has ended then.
   */
  start(): void | Promise<void> {
    const enter = (phase: MountPhase) => {
      this.#phase = phase;
    };
    const { view, init, location } = this;
    const mount = () => chain(mountView(view, init, location, this, enter), (to) => this.#mounted(to));
    try {
      const started = traced(this.reports, "mount", mount)?.catch((error) => this.#abort(error));
      this.#started = started;
      return started;
    } catch (error) {
      this.#abort(error);
    }
  }

  #abort(error: unknown): never {
    this.failure ??= { event: "mount", error };
    this.end("crashed");
    throw error;
  }

  #mounted(redirect: Redirect | undefined): void {
    if (this.ended) return;
    if (redirect) {
      const unseen = this.renderer.unseenUpTo(Infinity);
      this.#completedRedirect = { ...this.location.withFlashToken(redirect), unseen };
      return this.end("redirected");
    }
    this.#phase = "running";
    this.#started = undefined;
    this.#events.mounted = true;
    this.#messageOver();
    this.#run();
  }

  /**
   * Renders for a first paint, nested views included. A promise only if one of those takes time.
   * @throws the error of the author's `render`
   */
  paint(): string | Promise<string> {
    const html = this.#uninterrupted(() => this.renderer.html());
    return this.renderer.children?.fill(html) ?? html;
  }

  /**
   * Gives the process its client, and the client the whole tree.
   * @param extras go with it
   * @param resumed it is the client that it had before, with all that it was shown
   */
  attach(view: number, sink: Sink, extras?: Extras, resumed = false): void {
    this.#events.useClient(sink);
    const attachment = ++this.#attachments;
    const attach = () => {
      if (attachment !== this.#attachments) return;
      if (this.ended) return sink.send(endedBeforeJoin(view, this.#completedRedirect));
      try {
        const patch = this.location.takeUntoldPatch();
        const all = {
          ...extras,
          ...(patch && { n: toNavigation(patch) }),
          ...(resumed && { q: [...this.#events.refs, ...this.renderer.unackedRefs] }),
        };
        this.renderer.attach(view, sink, all, resumed);
        if (this.ended) return;
        // A handler that is still running may redirect the page.
        if (!this.#mailbox.busy) this.location.callbackEnded();
        this.location.client = sink;
        this.host.clientJoined(sink);
      } catch (error) {
        this.#crash("render", error);
      }
    };
    // A nested view may be joined before it is mounted.
    const now = () => this.#uninterrupted(attach);
    if (this.#started) this.#started.then(now, now);
    else now();
  }

  /** The client has lost the connection and may come back. */
  detach(): void {
    this.#attachments++;
    this.renderer.release();
    this.host.clientLost();
    this.#events.useClient(undefined);
    // Without a client to show it to, nothing holds events back.
    this.#run();
  }

  /** The sink has room again. */
  drained(): void {
    if (this.ended) return;
    this.host.uploads?.drained();
    if (this.renderer.stale && this.#mailbox.idle) this.post("drain", () => {});
    else this.#run();
  }

  #end(reason: EndReason): void {
    if (this.ended) return;
    const hasMounted = this.#phase !== "new";
    this.#phase = "ended";
    this.#mailbox.clear();
    this.#slowWatch?.end();
    this.#unrendered = undefined;
    this.#events.end();
    const failed = (error: unknown) => this.reports.crash("end", "a part of the view did not end", error);
    disposeAll([() => this.renderer.detach(reason), () => this.host.end(failed)], failed);
    if (hasMounted) this.host.terminate(this.view, reason);
    disposeAll([() => this.onEnd?.(reason)], failed);
  }

  #crash(event: string, error: unknown, given?: Given): void {
    if (this.ended) return this.reports.lateError(event, error);
    this.failure = { event, error };
    this.reports.crash(event, "the view ends, its client mounts it again", error, given);
    this.#finish("crashed", "crashed", "The view crashed.");
  }

  /** Ends the view, and tells its client. */
  #finish(reason: EndReason, code: EndCode, message: string): void {
    const failed = (error: unknown) => this.reports.warn("end", "the client could not be told", error);
    disposeAll([() => this.renderer.end(code, message), () => this.end(reason)], failed);
  }

  // State.

  get owner(): ViewOwner | undefined {
    return this.init.owner;
  }

  get isChild(): boolean {
    return this.init.child !== undefined;
  }

  get mounting(): boolean {
    return this.#phase === "new" || this.#phase === "mounting";
  }

  get ended(): boolean {
    return this.#phase === "ended";
  }

  /** The redirect that mounting, or a painted nested view, led to, with messages that go along. */
  get completedRedirect(): CompletedRedirect | undefined {
    return this.#completedRedirect ?? this.renderer.children?.completedRedirect;
  }

  get link(): number {
    return this.#mailbox.link;
  }

  /** Nothing runs or waits in the mailbox. */
  get idle(): boolean {
    return this.#mailbox.idle;
  }

  whenIdle(): Promise<void> {
    return this.#mailbox.whenIdle();
  }

  /** In development, finds fields that changed after their handler had ended. */
  findUnrendered(): void {
    if (this.#unrendered && this.idle && this.host.underWay.length === 0) this.#unrendered.look();
  }
}
