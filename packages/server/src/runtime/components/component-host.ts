/**
 * The host behind `this` of a live component: its view's process, but with disposables and a flash of its
 * own.
 */
import { type Flash, FlashBox } from "../../view/flash.ts";
import { HookTable, type LifecycleHooks } from "../../view/lifecycle-hooks.ts";
import type { ComponentContext } from "../../view/live-component.ts";
import type { Redirect } from "../../view/navigation/navigation.ts";
import type { Params } from "../../view/navigation/params.ts";
import type { PresenceHost } from "../../view/presence.ts";
import type { UploadEndpoint } from "../../view/uploads/ports.ts";
import type { Session, ViewContext, ViewHost } from "../../view/view-host.ts";
import { Disposables } from "../disposables.ts";
import type { ComponentScope, ScopedComponent } from "./component-scope.ts";

export class ComponentHost implements ComponentContext {
  readonly #view: ViewHost;
  readonly #scope: ComponentScope;
  readonly #component: ScopedComponent;
  #owned: Disposables | undefined;
  #flash: FlashBox | undefined;
  #hooks: HookTable | undefined;
  #presences: PresenceHost | undefined;
  /** The callback that runs has redirected the page. */
  #goes = false;

  constructor(scope: ComponentScope, component: ScopedComponent) {
    this.#view = scope.host;
    this.#scope = scope;
    this.#component = component;
  }

  get number(): number {
    return this.#component.number;
  }

  get props(): object {
    return this.#component.props;
  }

  get params(): Params {
    return this.#view.params;
  }

  get url(): URL {
    return this.#view.url;
  }

  get session(): Session {
    return this.#view.session;
  }

  changeSession(data: Session | undefined, what: string): Promise<void> {
    return this.#view.changeSession(data, what);
  }

  get context(): ViewContext {
    return this.#view.context;
  }

  get connected(): boolean {
    return this.#view.connected;
  }

  get ended(): boolean {
    return this.#view.ended || this.#component.gone;
  }

  get callbackCount(): number {
    return this.#view.callbackCount;
  }

  get flash(): Flash {
    return (this.#flash ??= new FlashBox()).all;
  }

  post(label: string, run: () => unknown): void {
    this.#view.post(`${this.#component.name}: ${label}`, () => {
      if (this.#component.gone) return;
      this.enter();
      return run();
    });
  }

  onDispose(stop: () => void): () => void {
    return (this.#owned ??= new Disposables()).add(stop);
  }

  subscribe(topic: string, receive: (message: unknown) => void, subscriber: object): () => void {
    return this.#view.subscribe(topic, receive, subscriber);
  }

  publish(topic: string, message: unknown, except?: object): void {
    this.#view.publish(topic, message, except);
  }

  get presences(): PresenceHost {
    return (this.#presences ??= this.#view.presences.forActor((stop) => this.onDispose(stop)));
  }

  reportLateError(event: string, error: unknown): void {
    this.#view.reportLateError?.(event, error);
  }

  pushEvent(name: string, payload: unknown): void {
    this.#view.pushEvent(name, payload);
  }

  flush(): void {
    // In mount and update the view is being rendered already.
    if (!this.#component.gone && !this.#scope.updating) this.#view.flush();
  }

  putFlash(kind: string, message: string): void {
    (this.#flash ??= new FlashBox()).put(kind, message);
    if (this.#goes) this.#view.putFlash(kind, message);
  }

  clearFlash(kind?: string): void {
    this.#flash?.clear(kind);
  }

  /** Its messages of this callback become the page's, with which they travel. */
  takeReturnTo(): string | undefined {
    return this.#view.takeReturnTo();
  }

  requestRedirect(redirect: Redirect): void {
    if (this.#scope.updating) {
      throw new Error(
        `${this.#component.name} cannot send the page elsewhere in mount or update, while the view is rendered. Do it in a handler, or in the view.`,
      );
    }
    this.#view.requestRedirect(redirect);
    this.#goes = true;
    for (const [kind, message] of Object.entries(this.#flash?.travelling ?? {})) {
      if (message) this.#view.putFlash(kind, message);
    }
  }

  attachHook<Stage extends keyof LifecycleHooks>(stage: Stage, hook: LifecycleHooks[Stage]): () => void {
    if (stage === "afterRender") return this.onDispose(this.#view.attachHook(stage, hook));
    if (stage === "handleEvent") return (this.#hooks ??= new HookTable()).attach(stage, hook);
    throw new TypeError(
      `${this.#component.name} is a live component and has no ${stage}: it may attach hooks to handleEvent and afterRender. Attach this one in the view.`,
    );
  }

  /** A component has no `handleInfo`: messages of subscriptions without a handler go to the view. */
  dispatchInfo(message: unknown): unknown {
    return this.#view.dispatchInfo(message, () => this.#scope.view.handleInfo?.(message));
  }

  mistake(problem: string): void {
    this.#view.mistake?.(problem);
  }

  sendUpdate(Component: object, props: { readonly id: string }): void {
    this.#view.sendUpdate(Component, props);
  }

  whenConnected(run: () => void): void {
    this.#view.whenConnected(() => {
      if (!this.#component.gone) run();
    });
  }

  trackWork(what: string): () => void {
    const done = this.#view.trackWork(`${this.#component.name}: ${what}`);
    // Work of a component that has been removed is not waited for.
    return this.onDispose(done);
  }

  registerUpload(upload: UploadEndpoint): void {
    this.#view.registerUpload(upload);
    this.onDispose(() => upload.end());
  }

  /** Hooks that stand before the component's own events. */
  get hooks(): HookTable | undefined {
    return this.#hooks;
  }

  /** A callback begins. */
  enter(): void {
    this.#goes = false;
    this.#flash?.settle();
    this.#scope.enter(this.#component);
  }

  /** The component is gone. @param failed gets the error of ending a part of it */
  end(failed: (error: unknown) => void): void {
    (this.#owned ??= new Disposables()).end(failed);
  }
}
