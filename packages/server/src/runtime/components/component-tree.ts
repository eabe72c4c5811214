/** The live components of one view, by class and id: placing them while it renders, level by level, and their part of each message. */
import type { ComponentDiffs } from "@overwire/client/wire";
import type { ComponentHole, Differ } from "../../template/diff.ts";
import { TemplateValueError } from "../../template/errors.ts";
import type { Child } from "../../template/nodes.ts";
import {
  type ClassLike,
  ComponentSlot,
  fillPlaceholders,
  type RenderContext,
} from "../../template/render-context.ts";
import type { RenderedTemplate } from "../../template/rendered-tree.ts";
import type { StreamQueue } from "../../template/stream-queue.ts";
import { LiveComponent, type LiveComponentClass } from "../../view/live-component.ts";
import { LiveView, type ViewClass } from "../../view/live-view.ts";
import type { EndReason, ViewHost } from "../../view/view-host.ts";
import { ChildViews } from "../child-views.ts";
import type { JoinedCallbacks } from "../joined-callbacks.ts";
import type { Mistakes } from "../mistakes.ts";
import type { ViewInit } from "../view-init.ts";
import type { ViewReports } from "../view-reports.ts";
import { ComponentScope } from "./component-scope.ts";
import { ComponentUpdates } from "./component-updates.ts";
import {
  type ComponentProps,
  componentError,
  depthOf,
  isThere,
  MountedComponent,
  standsTwice,
  updateMany,
} from "./mounted-component.ts";
import { repeatedIn, StreamComponents } from "./stream-components.ts";

/** Components in components, after which it is a circle. */
const DEEPEST = 500;

/** Most views have no live components. */
const none = new Map<number, MountedComponent>();

export class ComponentTree implements RenderContext {
  readonly #view: LiveView;
  readonly #host: ViewHost;
  readonly #init: ViewInit;
  readonly #reports: ViewReports;
  /** The components' scope; undefined until there is one, or a `joined` to call. */
  #shared: ComponentScope<MountedComponent> | undefined;
  /** The view's nested views; undefined until one is rendered. */
  children: ChildViews | undefined;
  #byClass: Map<unknown, Map<string, MountedComponent>> | undefined;
  /** By their numbers. */
  mounted = none;
  /** Undefined until the view renders a stream. */
  #streams: StreamComponents | undefined;
  #last = 0;
  /** Renderings so far. */
  #renderings = 0;
  /** Placed by the level that is rendered, to be rendered next. */
  #pending: MountedComponent[] = [];
  /** Owner of the current rendering, undefined for the view's own. */
  #owner: MountedComponent | undefined;
  /** The client has a tree. */
  #kept = false;
  #updates: ComponentUpdates | undefined;
  #warned = false;
  /** Left the client's page with items of streams. */
  #dropped: ComponentSlot[] = [];
  readonly mistakes: Mistakes | undefined;

  /** @param mistakes takes note of likely mistakes, in development */
  constructor(
    view: LiveView,
    host: ViewHost,
    init: ViewInit,
    reports: ViewReports,
    mistakes: Mistakes | undefined,
  ) {
    this.#view = view;
    this.#host = host;
    this.#init = init;
    this.#reports = reports;
    this.mistakes = mistakes;
  }

  /** Set if there are any, or streams, which may hold some. */
  get any(): boolean {
    return this.mounted.size > 0 || this.#streams?.any === true;
  }

  /** Tells if a client can go on with the streams' items that it has. @param seen number of the last message that it has got */
  resumable(seen: number): boolean {
    return this.#streams?.resumable(seen) ?? true;
  }

  /** The client has got all messages up to this one. */
  seen(sent: number): void {
    this.#streams?.seen(sent);
  }

  /** A component's `render` runs. */
  get drawing(): boolean {
    return this.#owner !== undefined;
  }

  /** The component with this number; undefined if it is gone. */
  find(number: number): MountedComponent | undefined {
    return this.mounted.get(number);
  }

  treeOf(component: ComponentSlot): RenderedTemplate | undefined {
    return (component as MountedComponent).tree;
  }

  get #scope(): ComponentScope<MountedComponent> {
    return (this.#shared ??= new ComponentScope<MountedComponent>(this.#host, this.#view, this.mistakes));
  }

  /** Calls of `joined`; undefined if neither the view nor a component has it. */
  get joined(): JoinedCallbacks | undefined {
    return this.#shared?.joined;
  }

  get joining(): JoinedCallbacks {
    return this.#scope.joining;
  }

  warnEqualKeys(problem: string): void {
    if (this.#warned) return;
    this.#warned = true;
    this.#reports.warn("render", problem);
  }

  renderStream(queue: StreamQueue): void {
    if (queue.repeated !== undefined) this.mistakes?.add(repeatedIn(queue));
    this.#streams ??= new StreamComponents(this.#renderings);
    this.#streams.place(queue, this.#owner);
  }

  renderClass(Class: ClassLike, props: Record<string, unknown>): Child | ComponentSlot {
    const { prototype } = Class;
    if (prototype instanceof LiveComponent) {
      return this.#place(Class as unknown as LiveComponentClass, props);
    }
    if (prototype instanceof LiveView) {
      const View = Class as unknown as ViewClass;
      this.children ??= new ChildViews(this.#init, this.#host, View);
      return this.children.render(View, props);
    }
    throw new TemplateValueError(
      `${Class.name || "This"} is a class, but neither a LiveComponent nor a LiveView. A component is a function of its props that returns html, or a class that extends one of them.`,
    );
  }

  #place(Class: LiveComponentClass, props: Record<string, unknown>): MountedComponent {
    const { id } = props;
    if ((typeof id !== "string" && typeof id !== "number") || id === "") {
      throw new TemplateValueError(
        `A live component needs an id that no other of its class has in this view: <\${${Class.name}} id="…" />.`,
      );
    }
    props.id = String(id);
    const byId = this.#ofClass(Class);
    let mounted = byId.get(props.id as string);
    if (!mounted) {
      mounted = new MountedComponent(++this.#last, Class, props as ComponentProps, this.#scope);
      byId.set(props.id as string, mounted);
      if (this.mounted === none) this.mounted = new Map();
      this.mounted.set(mounted.number, mounted);
    } else if (mounted.visited === this.#renderings) throw new TemplateValueError(standsTwice(mounted));
    mounted.visited = this.#renderings;
    mounted.parent = this.#owner;
    mounted.give(props as ComponentProps);
    this.#pending.push(mounted);
    return mounted;
  }

  #ofClass(Class: LiveComponentClass): Map<string, MountedComponent> {
    const all = (this.#byClass ??= new Map());
    let byId = all.get(Class);
    if (!byId) {
      byId = new Map();
      all.set(Class, byId);
    }
    return byId;
  }

  /** Renders with all components that the view and they themselves hold, for a first paint. */
  html(render: () => string): string {
    this.begin();
    const html = render();
    if (this.any) {
      this.#levels((mounted) => mounted.paint());
      this.#removeStray();
    }
    this.#rendered();
    return fillPlaceholders(html, (number) => this.#htmlOf(number));
  }

  #htmlOf(number: number): string {
    return fillPlaceholders(this.mounted.get(number)?.html ?? "", (inner) => this.#htmlOf(inner));
  }

  /**
   * Removes components without a position. If no tree is kept, every component that is there was rendered.
   */
  #removeStray(): void {
    if (this.#kept) this.#streams?.sweep();
    for (const mounted of this.mounted.values()) {
      if (this.#kept ? mounted.placements === 0 : mounted.visited !== this.#renderings) this.#remove(mounted);
    }
  }

  /** A rendering begins. */
  begin(): void {
    this.#renderings++;
    this.#streams?.begin(this.#renderings);
    if (this.#pending.length) this.#pending = [];
    this.#owner = undefined;
  }

  /** The first rendering for a client begins. @param resumed it has what streams put into its page */
  beginAfresh(resumed: boolean): void {
    this.begin();
    this.#kept = true;
    this.#dropped = [];
    this.#streams?.renew(resumed);
    for (const mounted of this.mounted.values()) {
      mounted.placements = 0;
      mounted.tree = undefined;
      mounted.known = false;
    }
  }

  /**
   * The rest of a rendering, after the view's own: renders the components and completes the message.
   * @param sent number of the message that will take it to the client
   * @returns the changes of those that the client has; undefined for none
   * @throws the error of their code, and if one has two positions
   */
  finish(differ: Differ, sent: number, afresh = false): ComponentDiffs | undefined {
    if (!this.any) {
      this.#rendered();
      return undefined;
    }
    const holes = differ.takeHoles();
    const all: MountedComponent[] = [];
    const show = (mounted: MountedComponent) => {
      mounted.render(differ);
      all.push(mounted);
    };
    this.#levels(show);
    for (const mounted of this.#passedOver()) {
      if (mounted.visited === this.#renderings) continue;
      mounted.visited = this.#renderings;
      this.#show(mounted, show);
      this.#levels(show);
    }
    this.#scope.rendered();
    this.#streams?.hold(differ, sent);
    const diffs: Record<number, ComponentDiffs[number]> = {};
    this.#sweep(differ, diffs);
    if (afresh) this.#removeStray();
    this.#fill(holes, differ, diffs);
    // Outer components come first: those that are sent as a whole within them are not sent here.
    for (const mounted of all) {
      if (mounted.gone || mounted.sentWhole === this.#renderings) continue;
      if (mounted.replaced) diffs[mounted.number] = differ.writeFull(mounted.tree as never);
      else if (mounted.change) diffs[mounted.number] = mounted.change;
      this.#fill(mounted.replaced ? differ.takeHoles() : mounted.holes, differ, diffs);
    }
    this.#streams?.end(sent);
    this.#rendered();
    for (const _ in diffs) return diffs;
    return undefined;
  }

  /** Gives props and renders the placed components, level by level. */
  #levels(show: (mounted: MountedComponent) => void): void {
    for (let depth = 0; this.#pending.length; depth++) {
      const level = this.#pending;
      this.#pending = [];
      if (depth > DEEPEST)
        throw componentError(level[0] as MountedComponent, "render", "it holds itself without end");
      this.#update(level);
      for (const mounted of level) this.#show(mounted, show);
    }
  }

  #show(mounted: MountedComponent, show: (mounted: MountedComponent) => void): void {
    this.#owner = mounted;
    show(mounted);
    this.#owner = undefined;
  }

  #update(level: readonly MountedComponent[]): void {
    let batches: Map<LiveComponentClass, MountedComponent[]> | undefined;
    this.#scope.updating = true;
    try {
      for (const mounted of level) {
        mounted.begin();
        if (mounted.Class.updateMany) {
          batches ??= new Map();
          const batch = batches.get(mounted.Class);
          if (batch) batch.push(mounted);
          else batches.set(mounted.Class, [mounted]);
        } else mounted.update();
      }
      for (const batch of batches?.values() ?? []) updateMany(batch);
    } finally {
      this.#scope.updating = false;
    }
  }

  /** Components that something happened to and that this rendering did not reach, because a `memo` stood before them. */
  #passedOver(): MountedComponent[] {
    for (const placed of this.#streams?.overlooked() ?? []) this.#scope.touch(placed as MountedComponent);
    return this.#scope
      .touched()
      .filter((mounted) => mounted.visited !== this.#renderings && isThere(mounted))
      .sort((a, b) => depthOf(a) - depthOf(b));
  }

  /** Removes components without a position, and those within them. */
  #sweep(differ: Differ, diffs: Record<number, ComponentDiffs[number]>): void {
    const dropped = this.#dropped;
    this.#dropped = [];
    for (const component of dropped) differ.release(component);
    // Grows on the way.
    for (const leaf of differ.released ?? []) {
      if (!(leaf instanceof ComponentSlot)) {
        this.#streams?.released(leaf, differ);
        continue;
      }
      const mounted = leaf as MountedComponent;
      if (mounted.placements > 0 || mounted.gone) continue;
      if (mounted.known) diffs[mounted.number] = 0;
      differ.release(mounted.tree);
      this.#remove(mounted);
    }
  }

  #remove(mounted: MountedComponent, reason: EndReason = "removed"): void {
    this.mounted.delete(mounted.number);
    this.#byClass?.get(mounted.Class)?.delete(mounted.props.id);
    this.#scope.forget(mounted);
    if (mounted.component) this.joined?.remove(mounted.component);
    mounted.end(reason, (error) =>
      this.#reports.warn(`${mounted.name}.terminate`, "terminate() threw", error),
    );
  }

  /** Inserts components at their positions that are new to the client. */
  #fill(
    holes: readonly ComponentHole[] | undefined,
    differ: Differ,
    diffs: Record<number, ComponentDiffs[number]>,
  ): void {
    for (const { component, full } of holes ?? []) {
      const mounted = component as MountedComponent;
      // Its other place is in a memo that was not rendered again.
      if (mounted.placements > 1) throw new Error(standsTwice(mounted));
      mounted.sentWhole = this.#renderings;
      mounted.known = true;
      // It came and went with an item in this very message.
      if (mounted.gone) diffs[mounted.number] = 0;
      if (mounted.tree) full.v = differ.writeFull(mounted.tree);
      this.#fill(differ.takeHoles(), differ, diffs);
    }
  }

  #rendered(): void {
    this.#updates?.rendered();
  }

  /** @throws TypeError if it is not a component's class, or there is no id */
  sendUpdate(Class: object, props: { readonly id: string }): void {
    this.#updates ??= new ComponentUpdates(this.#host, this.#reports, {
      isRendered: () => this.#renderings > 0,
      find: (Class, id) => this.#byClass?.get(Class)?.get(id),
      update: (mounted) => this.#update([mounted]),
    });
    this.#updates.send(Class, props);
  }

  /**
   * The client has dropped items with these components in them, because of a stream's limit. They end with the next rendering.
   * @param seen number of the last message that the client had got
   */
  gone(numbers: readonly number[], seen: number): void {
    this.#dropped.push(...(this.#streams?.gone(numbers, seen) ?? []));
  }

  /** The view is over. */
  end(reason: EndReason): void {
    for (const mounted of [...this.mounted.values()]) this.#remove(mounted, reason);
    this.children?.end();
  }
}
