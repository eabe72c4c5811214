/** What a view's client has: the tree and title it was sent last. Sends it what differs, or nothing while it is slow. */
import { Differ } from "../template/diff.ts";
import type { Template } from "../template/html.ts";
import { checkRendered, setPlacer, withPlacer } from "../template/live.ts";
import { renderToHtml } from "../template/render.ts";
import { type Instance, keepTemplate } from "../template/tree.ts";
import type { HookTable } from "../view/hooks.ts";
import type { EndReason } from "../view/host.ts";
import { nameOf } from "../view/live.ts";
import type { LiveComponent } from "../view/live-component.ts";
import type { LiveView } from "../view/live-view.ts";
import { END, JOIN, PATCH } from "../wire/keys.ts";
import type { EndCode, Extras, ServerFrame } from "../wire/messages.ts";
import type { ComponentDiffs, Diff, FullInstance } from "../wire/tree.ts";
import { Answers } from "./answers.ts";
import { type Around, Components } from "./components.ts";
import type { Sink } from "./services.ts";

const none: Extras = {};

/** What a screen tells the process that it belongs to. */
export interface Renderer extends Around {
  /** A rendering begins. */
  rendering(): void;
}

export class Screen {
  readonly #view: LiveView;
  readonly #process: Renderer;
  readonly #components: Components;
  readonly #answers = new Answers();
  #tree: Instance | undefined;
  #title: string | undefined;
  #sink: Sink | undefined;
  /** The number under which the client knows the view. */
  #number = 0;
  /** Frames sent. */
  #sent = 0;
  /** Events for the page that go with the next patch. */
  #events: [name: string, payload: unknown][] | undefined;
  /** A rendering is under way, and its frame not made yet. */
  #rendering = false;
  /** The view's own `render` runs. */
  #drawing = false;
  /** State may have changed that the client was not shown. */
  stale = false;

  constructor(view: LiveView, process: Renderer) {
    this.#view = view;
    this.#process = process;
    this.#components = new Components(view, process);
  }

  /** Whether there is a client. */
  get attached(): boolean {
    return this.#sink !== undefined;
  }

  /** The client's buffer is full. */
  get full(): boolean {
    return this.#sink?.full ?? false;
  }

  /**
   * What the view shows now, for a first paint. Nothing of it is kept: what is painted is joined once, or never.
   * @throws what the author's `render` throws
   */
  html(): string {
    this.#rendering = true;
    try {
      return withPlacer(this.#components, () =>
        this.#components.html(() => {
          const html = renderToHtml(this.#render());
          this.#drawing = false;
          return html;
        }),
      );
    } finally {
      this.#rendering = this.#drawing = false;
    }
  }

  /** A rendering is under way. */
  get rendering(): boolean {
    return this.#rendering;
  }

  /** The author's `render` runs, the view's or that of a live component. */
  get drawing(): boolean {
    return this.#rendering && (this.#drawing || this.#components.drawing);
  }

  /**
   * Takes a client and sends it the whole tree.
   * @param extras go with it
   * @param resumed the client has what it was shown before
   * @throws what the author's `render` throws
   */
  attach(view: number, sink: Sink, extras?: Extras, resumed = false): void {
    this.#sink = sink;
    this.#number = view;
    const differ = new Differ(sink.templates, true);
    this.#rendering = true;
    let tree: FullInstance;
    try {
      tree = withPlacer(this.#components, () => {
        this.#components.begin(true, resumed);
        this.#tree = keepTemplate(this.#render());
        const full = differ.full(this.#tree);
        this.#drawing = false;
        this.#components.finish(differ, this.#sent + 1, true);
        return full;
      });
    } finally {
      this.#rendering = this.#drawing = false;
    }
    // The rendering may have ended the view.
    if (this.#sink !== sink) return;
    this.#title = this.#view.pageTitle;
    this.stale = false;
    const unheard = resumed ? this.#answers.take() : [];
    this.#send(sink, differ, [JOIN, view, ++this.#sent, tree, this.#extras(differ, this.#title, extras)]);
    for (const [ref, extras] of unheard) this.answer(ref, extras);
  }

  /** The client is lost, and may come back. */
  release(): void {
    this.#sink = undefined;
    this.#tree = undefined;
  }

  /**
   * Whether a client that comes back can go on from what it has.
   * @param seen number of the last patch that it was shown
   */
  resumable(seen: number): boolean {
    const { itemsSent, streamed } = this.#components;
    return seen <= this.#sent && seen >= itemsSent && !streamed;
  }

  /** A client that comes back has been shown all up to this patch. */
  seen(patch: number): void {
    this.#answers.seen(patch);
  }

  /** Refs of events whose answers a client that comes back has not got; they are sent when it is attached. */
  get unheard(): readonly number[] {
    return this.#answers.refs;
  }

  /** The view is over. */
  detach(reason: EndReason): void {
    this.#sink = undefined;
    this.#components.end(reason);
  }

  /** The live component that an event is for; undefined where it is gone. */
  component(number: number): LiveComponent | undefined {
    const placed = this.#components.find(number);
    placed?.enter();
    return placed?.component;
  }

  /** The same without an event: nothing is rendered again because of it. */
  find(number: number): LiveComponent | undefined {
    return this.#components.find(number)?.component;
  }

  /** A live component's name, for reports. */
  nameOf(component: number): string {
    return this.#components.find(component)?.name ?? `component ${component}`;
  }

  /** Hooks that a live component has attached. */
  hooks(component: number): HookTable | undefined {
    return this.#components.find(component)?.host?.hooks;
  }

  /**
   * Live components that left with items of a stream.
   * @param seen number of the last patch that the client had been shown
   */
  gone(numbers: readonly number[], seen: number = this.#sent): void {
    this.#components.gone(numbers, seen);
  }

  /** Gives a live component new props, in the view's turn. @throws TypeError where it cannot be told which is meant */
  sendUpdate(Component: object, props: { readonly id: string }): void {
    this.#components.sendUpdate(Component, props);
  }

  /** Answers, and sends the page elsewhere: events go along, what changed does not. */
  leave(ref: number, extras: Extras): void {
    const e = this.#events;
    this.#events = undefined;
    this.answer(ref, { ...extras, ...(e && { e }) });
  }

  /**
   * Renders, and sends what differs from what the client has. The event `ref` gets its answer in any case.
   * @throws what the author's `render` throws
   */
  update(ref: number, reply?: Extras): void {
    const sink = this.#sink;
    if (!sink || sink.full) {
      this.stale = true;
      if (ref || reply) this.answer(ref, reply ?? none);
      return;
    }
    this.stale = false;
    const components = this.#components;
    const differ = new Differ(sink.templates, components.any);
    const outer = setPlacer(components);
    let diff: Diff | undefined;
    let changes: ComponentDiffs | undefined;
    this.#rendering = true;
    try {
      components.begin();
      diff = this.#diff(differ, this.#render());
      this.#drawing = false;
      changes = components.finish(differ, this.#sent + 1);
    } finally {
      this.#rendering = this.#drawing = false;
      setPlacer(outer);
    }
    if (this.#sink !== sink) return;
    const { pageTitle } = this.#view;
    const title = pageTitle === this.#title ? undefined : (pageTitle ?? "");
    this.#title = pageTitle;
    const isSame = diff === undefined && !changes && title === undefined;
    if (isSame && ref === 0 && !this.#events && !reply) return;
    const extras = this.#extras(differ, title, reply, changes);
    this.#answers.keep(ref, this.#sent + 1, extras);
    if (extras === none) sink.send([PATCH, this.#number, ++this.#sent, ref, diff ?? 0]);
    else this.#send(sink, differ, [PATCH, this.#number, ++this.#sent, ref, diff ?? 0, extras]);
  }

  /** Answers an event without rendering. */
  answer(ref: number, extras: Extras): void {
    this.#answers.keep(ref, this.#sent + 1, extras);
    this.#sink?.send([PATCH, this.#number, ++this.#sent, ref, 0, extras]);
  }

  /** Tells the client that the view is over. */
  end(code: EndCode, message: string): void {
    this.#sink?.send([END, this.#number, code, message]);
  }

  pushEvent(name: string, payload: unknown): void {
    (this.#events ??= []).push([name, payload]);
  }

  #render(): Template {
    this.#drawing = true;
    this.#process.rendering();
    return checkRendered(nameOf(this.#view), this.#view.render());
  }

  #diff(differ: Differ, next: Template): Diff | undefined {
    const tree = this.#tree as Instance;
    if (tree.strings === next.strings) return differ.instance(tree, next);
    this.#tree = keepTemplate(next);
    differ.release(tree);
    return differ.full(this.#tree);
  }

  #send(sink: Sink, { fresh }: Differ, frame: ServerFrame): void {
    sink.send(frame);
    // Not before: a reply that is no JSON makes sending throw.
    for (const id in fresh) sink.templates.add(Number(id));
  }

  #extras(differ: Differ, title: string | undefined, reply?: Extras, c?: ComponentDiffs): Extras {
    const events = this.#events;
    if (!differ.fresh && !events && title === undefined && !c) return reply ?? none;
    this.#events = undefined;
    return {
      ...(differ.fresh && { s: differ.fresh }),
      ...(title !== undefined && { t: title }),
      ...(c && { c }),
      ...(events && { e: events }),
      ...reply,
    };
  }
}
