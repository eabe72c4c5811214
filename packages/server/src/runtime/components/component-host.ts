/** What stands behind `this` of a live component: its view's process, but what it owns and its flash are its own. */
import { type Flash, FlashBox } from "../../view/flash.ts";
import { HookTable, type LifecycleHooks } from "../../view/lifecycle-hooks.ts";
import type { ComponentSeat } from "../../view/live-component.ts";
import type { Going } from "../../view/navigation/navigation.ts";
import type { Params } from "../../view/navigation/params.ts";
import type { UploadSide } from "../../view/uploads/ports.ts";
import type { Session, ViewContext, ViewHost } from "../../view/view-host.ts";
import { Owned } from "../disposables.ts";

/** What a component's host needs to know of the component and of the table that it stands in. */
export interface Seated {
  readonly name: string;
  readonly number: number;
  readonly props: object;
  readonly gone: boolean;
  /** Something of the component is about to run. */
  enter(): void;
  /** Components are given props, or mounted, on the way of a rendering. */
  readonly rendering: boolean;
  /** The view's own `handleInfo`. */
  viewInfo(message: unknown): unknown;
}

export class ComponentHost implements ComponentSeat {
  readonly #view: ViewHost;
  readonly #seated: Seated;
  #owned: Owned | undefined;
  #flash: FlashBox | undefined;
  #hooks: HookTable | undefined;
  /** The callback that runs has sent the page elsewhere. */
  #goes = false;

  constructor(view: ViewHost, seated: Seated) {
    this.#view = view;
    this.#seated = seated;
  }

  get number(): number {
    return this.#seated.number;
  }

  get props(): object {
    return this.#seated.props;
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

  get context(): ViewContext {
    return this.#view.context;
  }

  get connected(): boolean {
    return this.#view.connected;
  }

  get callbacks(): number {
    return this.#view.callbacks;
  }

  get flash(): Flash {
    return (this.#flash ??= new FlashBox()).all;
  }

  post(label: string, run: () => unknown): void {
    this.#view.post(`${this.#seated.name}: ${label}`, () => {
      if (this.#seated.gone) return;
      this.#seated.enter();
      return run();
    });
  }

  owns(stop: () => void): () => void {
    return (this.#owned ??= new Owned()).add(stop);
  }

  subscribe(topic: string, receive: (message: unknown) => void): () => void {
    return this.#view.subscribe(topic, receive);
  }

  publish(topic: string, message: unknown): void {
    this.#view.publish(topic, message);
  }

  failedLate(event: string, error: unknown): void {
    this.#view.failedLate?.(event, error);
  }

  pushEvent(name: string, payload: unknown): void {
    this.#view.pushEvent(name, payload);
  }

  flush(): void {
    // In mount and update the view is being rendered already.
    if (!this.#seated.gone && !this.#seated.rendering) this.#view.flush();
  }

  putFlash(kind: string, message: string): void {
    (this.#flash ??= new FlashBox()).put(kind, message);
    if (this.#goes) this.#view.putFlash(kind, message);
  }

  clearFlash(kind?: string): void {
    this.#flash?.clear(kind);
  }

  /** Its messages of this callback become the page's, which is where they travel. */
  go(going: Going): void {
    if (this.#seated.rendering) {
      throw new Error(
        `${this.#seated.name} cannot send the page elsewhere in mount or update, while the view is rendered. Do it in a handler, or in the view.`,
      );
    }
    this.#view.go(going);
    this.#goes = true;
    for (const [kind, message] of Object.entries(this.#flash?.travelling ?? {})) {
      if (message) this.#view.putFlash(kind, message);
    }
  }

  attachHook<Stage extends keyof LifecycleHooks>(stage: Stage, hook: LifecycleHooks[Stage]): () => void {
    if (stage === "afterRender") return this.owns(this.#view.attachHook(stage, hook));
    if (stage === "handleEvent") return (this.#hooks ??= new HookTable()).attach(stage, hook);
    throw new TypeError(
      `${this.#seated.name} is a live component and has no ${stage}: it may attach hooks to handleEvent and afterRender. Attach this one in the view.`,
    );
  }

  /** A component has no `handleInfo`: what it subscribes to without a handler is the view's. */
  inform(message: unknown): unknown {
    return this.#view.inform(message, () => this.#seated.viewInfo(message));
  }

  sendUpdate(Component: object, props: { readonly id: string }): void {
    this.#view.sendUpdate(Component, props);
  }

  whenConnected(run: () => void): void {
    this.#view.whenConnected(() => {
      if (!this.#seated.gone) run();
    });
  }

  working(what: string): () => void {
    const done = this.#view.working(`${this.#seated.name}: ${what}`);
    // What a removed component leaves behind is nobody's work.
    return this.owns(done);
  }

  allow(upload: UploadSide): void {
    this.#view.allow(upload);
    this.owns(() => upload.end());
  }

  /** Hooks that stand before the component's own events. */
  get hooks(): HookTable | undefined {
    return this.#hooks;
  }

  /** A callback begins. */
  settle(): void {
    this.#goes = false;
    this.#flash?.settle();
  }

  /** The component is gone. @param failed gets what ending a part of it throws */
  end(failed: (error: unknown) => void): void {
    (this.#owned ??= new Owned()).end(failed);
  }
}
