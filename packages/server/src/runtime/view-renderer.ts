/** A client's state: the tree and title it was sent last. Sends the difference, or nothing while it is slow. */
import {
  type ComponentDiffs,
  END,
  type EndCode,
  type Extras,
  type FullInstance,
  JOIN,
  PATCH,
  type PushedEvent,
  type ServerFrame,
  type TreeDiff,
} from "@overwire/client/wire";
import { checkPositions } from "../template/check-positions.ts";
import { Differ } from "../template/diff.ts";
import type { Template } from "../template/html.ts";
import type { Mistake } from "../template/mistakes.ts";
import { isProduction } from "../template/mode.ts";
import { renderForClient } from "../template/render.ts";
import { callRender, setRenderContext, withRenderContext } from "../template/render-context.ts";
import {
  type RenderedTemplate,
  renderedTemplateCount,
  toRenderedTemplate,
} from "../template/rendered-tree.ts";
import { viewPosition } from "../template/slot-position.ts";
import { nameOf } from "../view/actor.ts";
import type { HookTable } from "../view/lifecycle-hooks.ts";
import type { LiveComponent } from "../view/live-component.ts";
import type { LiveView } from "../view/live-view.ts";
import type { EndReason, ViewHost } from "../view/view-host.ts";
import { watchRender } from "./changes-in-render.ts";
import type { ChildViews } from "./child-views.ts";
import { ComponentTree } from "./components/component-tree.ts";
import { type FoundMistake, watchMistakes } from "./mistakes.ts";
import { redactEndMessage, redactRefusal } from "./redact-errors.ts";
import type { Services, Sink } from "./services.ts";
import { UnackedMessages } from "./unacked-messages.ts";
import type { CompletedRedirect, ViewInit } from "./view-init.ts";
import type { ViewReports } from "./view-reports.ts";

const none: Extras = {};
/** Characters of events that are kept for a client without a connection whose view has redirected. */
const MOST_AFTERWARDS = 65_536;

export class ViewRenderer {
  readonly #view: LiveView;
  readonly #reports: ViewReports;
  readonly #isChild: boolean;
  readonly #components: ComponentTree;
  readonly #unacked: UnackedMessages;
  #tree: RenderedTemplate | undefined;
  #title: string | undefined;
  #sink: Sink | undefined;
  /** The number under which the client knows the view. */
  #number = 0;
  /** Frames sent. */
  #sent = 0;
  /** The loss of events has been reported. */
  #hasWarned = false;
  /** A rendering is under way, and its frame not made yet. */
  #rendering = false;
  /** The view's own `render` runs. */
  #drawing = false;
  /** State may have changed that the client was not shown. */
  stale = false;

  /** @param host of the view */
  constructor(view: LiveView, host: ViewHost, init: ViewInit, reports: ViewReports, services: Services) {
    this.#view = view;
    this.#reports = reports;
    this.#isChild = init.child !== undefined;
    this.#unacked = new UnackedMessages(services.limits);
    const mistakes = watchMistakes(services.report, (message, error) =>
      reports.warn("render", message, error),
    );
    this.#components = new ComponentTree(view, host, init, reports, mistakes);
    if (typeof view.joined === "function")
      this.#components.joining.add(view, (label, run) => host.post(label, run));
  }

  /** The view's nested views; undefined if it has not rendered any. */
  get children(): ChildViews | undefined {
    return this.#components.children;
  }

  /** Set if there is a client. */
  get attached(): boolean {
    return this.#sink !== undefined;
  }

  /** The client's buffer is full. */
  get full(): boolean {
    return this.#sink?.full ?? false;
  }

  /**
   * HTML of the view, for a first paint. Nothing of it is kept: a painted view is joined once, or never.
   * @throws the error of the author's `render`
   */
  html(): string {
    this.#rendering = true;
    try {
      return withRenderContext(this.#components, () =>
        this.#components.html(() => {
          const rendered = this.#watchRender();
          const html = renderForClient(this.#render(), isProduction() ? undefined : viewPosition);
          rendered?.();
          this.#drawing = false;
          return html;
        }),
      );
    } finally {
      this.#rendering = this.#drawing = false;
    }
  }

  get mistakes(): readonly FoundMistake[] {
    return this.#components.mistakes?.found ?? [];
  }

  mistake(mistake: Mistake): void {
    this.#components.mistakes?.add(mistake);
  }

  /** The authors' live components that have been mounted. */
  get components(): readonly LiveComponent[] {
    const { mounted } = this.#components;
    return mounted.size === 0 ? [] : [...mounted.values()].flatMap(({ component }) => component ?? []);
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
   * @param resumed the client has its former content
   * @throws the error of the author's `render`
   */
  attach(view: number, sink: Sink, extras?: Extras, resumed = false): void {
    this.#sink = sink;
    this.#number = view;
    const differ = new Differ(sink.templates, true);
    this.#rendering = true;
    let tree: FullInstance;
    try {
      tree = withRenderContext(this.#components, () => {
        this.#components.beginAfresh(resumed);
        const rendered = this.#watchRender();
        this.#tree = toRenderedTemplate(this.#render());
        rendered?.();
        const full = differ.writeFull(this.#tree);
        this.#drawing = false;
        this.#components.finish(differ, this.#sent + 1, true);
        this.#checkPlaces();
        return full;
      });
    } finally {
      this.#rendering = this.#drawing = false;
    }
    // The rendering may have ended the view.
    if (this.#sink !== sink) return;
    this.#title = this.#view.pageTitle;
    this.stale = false;
    const { events, navigation, replies } = this.#unacked.again();
    const more = { ...(navigation && { n: navigation }), ...extras };
    const all = this.#extras(differ, this.#titleFor(this.#title), more, undefined, events);
    this.#unacked.keep(this.#sent + 1, 0, all, this.#isChild);
    this.#send(sink, differ, [JOIN, view, ++this.#sent, tree, all]);
    if (resumed) for (const [ref, extras] of replies) this.answer(ref, extras);
    this.#components.joined?.attached();
  }

  /** The client is lost, and may come back. */
  release(): void {
    this.#sink = undefined;
    this.#tree = undefined;
    this.#components.joined?.released();
  }

  /**
   * Tells if a client that comes back can go on from its state.
   * @param seen number of the last patch that it was shown
   */
  canResume(seen: number): boolean {
    return seen <= this.#sent && this.#components.resumable(seen) && !this.#unacked.lacks(seen);
  }

  /** The client has been shown all up to this patch. */
  seen(patch: number): void {
    this.#unacked.seen(patch);
    this.#components.seen(patch);
  }

  /** Refs of events whose answers a client that comes back has not got; they are sent when it is attached. */
  get unackedRefs(): readonly number[] {
    return this.#unacked.refs;
  }

  /** The view is over. */
  detach(reason: EndReason): void {
    this.#sink = undefined;
    this.#components.end(reason);
  }

  /** The live component that an event is for; undefined if it is gone. */
  component(number: number): LiveComponent | undefined {
    const mounted = this.#components.find(number);
    mounted?.enter();
    return mounted?.component;
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
    // A client cannot have been shown more than was sent.
    if (numbers.length > 0) this.#components.gone(numbers, Math.min(seen, this.#sent));
  }

  /** Gives a live component new props, in the view's turn. @throws TypeError if the component is ambiguous */
  sendUpdate(Component: object, props: { readonly id: string }): void {
    this.#components.sendUpdate(Component, props);
  }

  /** Answers, and redirects the page: events go along, changes do not. */
  leave(ref: number, extras: Extras): void {
    const e = this.#unacked.take();
    this.answer(ref, { ...extras, ...(e && { e }) });
  }

  /**
   * Finds events for the page that its client has not got.
   * @param most characters, so that not much is kept of views that are over
   * @returns undefined if there are none, or more
   */
  unseenUpTo(most = MOST_AFTERWARDS): CompletedRedirect["unseen"] {
    const outbox = this.#unacked;
    return outbox.empty || outbox.size > most ? undefined : (seen) => outbox.unseen(seen);
  }

  /**
   * Renders, and sends the difference from the client's tree. The event `ref` gets its answer in any case.
   * @param within ref of the event whose handler is not done yet, and shows something meanwhile
   * @throws the error of the author's `render`
   */
  update(ref: number, reply?: Extras, within = 0): void {
    const sink = this.#sink;
    if (!sink || sink.full) {
      this.stale = true;
      if (ref || reply) this.answer(ref, reply ?? none);
      return;
    }
    this.stale = false;
    const components = this.#components;
    const differ = new Differ(sink.templates, components.any);
    const outer = setRenderContext(components);
    let diff: TreeDiff | undefined;
    let changes: ComponentDiffs | undefined;
    const kept = renderedTemplateCount();
    this.#rendering = true;
    try {
      components.begin();
      const rendered = this.#watchRender();
      diff = this.#diff(differ, this.#render());
      rendered?.();
      this.#drawing = false;
      changes = components.finish(differ, this.#sent + 1);
      if (renderedTemplateCount() > kept) this.#checkPlaces();
    } finally {
      this.#rendering = this.#drawing = false;
      setRenderContext(outer);
    }
    if (this.#sink !== sink) return;
    components.joined?.rendered();
    const { pageTitle } = this.#view;
    const title = pageTitle === this.#title ? undefined : this.#titleFor(pageTitle ?? "");
    this.#title = pageTitle;
    const isSame = diff === undefined && !changes && title === undefined;
    if (isSame && ref === 0 && !this.#unacked.any && !reply) return;
    const more = within ? { ...reply, f: within } : reply;
    const extras = this.#extras(differ, title, more, changes);
    if (extras !== none) this.#unacked.keep(this.#sent + 1, ref, extras, this.#isChild);
    if (extras === none) sink.send([PATCH, this.#number, ++this.#sent, ref, diff ?? 0]);
    else this.#send(sink, differ, [PATCH, this.#number, ++this.#sent, ref, diff ?? 0, extras]);
  }

  /** Shows the changes. @param within ref of the event that is being handled, 0 if none is */
  flush(within: number): void {
    this.update(0, undefined, within);
  }

  /** Answers an event without rendering. */
  answer(ref: number, extras: Extras): void {
    const sent = extras.x ? { ...extras, x: redactRefusal(extras.x) } : extras;
    this.#unacked.keep(this.#sent + 1, ref, sent, this.#isChild);
    this.#sink?.send([PATCH, this.#number, ++this.#sent, ref, 0, sent]);
  }

  /** Tells the client that the view is over. */
  end(code: EndCode, message: string): void {
    this.#sink?.send([END, this.#number, code, redactEndMessage(code, message)]);
  }

  /** @throws TypeError for a payload that has no JSON, at the latest when it is sent */
  pushEvent(name: string, payload: unknown): void {
    const sink = this.#sink;
    const isBlocked = !sink || sink.full;
    if (!this.#unacked.push([name, payload], isBlocked)) this.#warnOfLoss();
    if (!sink || this.#rendering || !this.#unacked.much) return;
    if (isBlocked) sink.overflow(`${nameOf(this.#view)} has pushed more events than it reads`);
    else this.answer(0, { e: this.#unacked.take() ?? [] });
  }

  #warnOfLoss(): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const message =
      "more events were pushed for a client that is away than are kept for it (limits.pushedEvents): they are lost, and the view is mounted anew if its client comes back";
    this.#reports.warn("pushEvent", message);
  }

  /** @throws TemplateError, in development, if a browser would move a part of the tree */
  #checkPlaces(): void {
    if (!isProduction())
      checkPositions(this.#tree, viewPosition, (component) => this.#components.treeOf(component));
  }

  #watchRender(): (() => void) | undefined {
    return watchRender(this.#view, this.#components.mistakes);
  }

  #render(): Template {
    this.#drawing = true;
    this.children?.begin();
    return callRender(nameOf(this.#view), this.#view);
  }

  /** A nested view without a title leaves the page's. */
  #titleFor(title: string | undefined): string | undefined {
    return title === "" && this.#isChild ? undefined : title;
  }

  #diff(differ: Differ, next: Template): TreeDiff | undefined {
    const tree = this.#tree as RenderedTemplate;
    if (tree.strings === next.strings) return differ.diffTemplate(tree, next);
    this.#tree = toRenderedTemplate(next);
    differ.release(tree);
    return differ.writeFull(this.#tree);
  }

  #send(sink: Sink, { fresh }: Differ, frame: ServerFrame): void {
    sink.send(frame);
    // Not before: a reply that is no JSON makes sending throw.
    for (const id in fresh) sink.templates.add(Number(id));
  }

  #extras(
    differ: Differ,
    title: string | undefined,
    reply?: Extras,
    c?: ComponentDiffs,
    again: readonly PushedEvent[] = [],
  ): Extras {
    const { any } = this.#unacked;
    if (!differ.fresh && !any && !again.length && title === undefined && !c) return reply ?? none;
    const events = any ? [...again, ...(this.#unacked.take() ?? [])] : again;
    return {
      ...(differ.fresh && { s: differ.fresh }),
      ...(title !== undefined && { t: title }),
      ...(c && { c }),
      ...(events.length > 0 && { e: events }),
      ...reply,
    };
  }
}
