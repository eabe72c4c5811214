/** The live components of one view, by class and id: placing them while it renders, level by level, and what is sent of them. */
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
import type { ComponentDiffs } from "../../wire/rendered.ts";
import { JoinedCallbacks } from "../joined-callbacks.ts";
import type { Mistakes } from "../mistakes.ts";
import { ComponentUpdates } from "./component-updates.ts";
import {
  type ComponentOwner,
  type ComponentProps,
  componentError,
  MountedComponent,
} from "./mounted-component.ts";
import { StreamComponents } from "./stream-components.ts";

/** What the table asks of the process whose view it belongs to. */
export interface ComponentTreeOwner extends ViewHost {
  /** What stands for a nested view. */
  renderChildView(View: ViewClass, props: Readonly<Record<string, unknown>>): Child;
  /** Takes note of likely mistakes, in development. */
  watch(): Mistakes | undefined;
  /** Tells of a mistake that does not stop anything. */
  warn(event: string, message: string, error?: unknown): void;
}

/** Components in components, after which it is a circle. */
const DEEPEST = 500;

export class ComponentTree implements RenderContext, ComponentOwner {
  readonly process: ComponentTreeOwner;
  readonly #view: LiveView;
  #byClass: Map<unknown, Map<string, MountedComponent>> | undefined;
  /** By their numbers. */
  readonly mounted = new Map<number, MountedComponent>();
  readonly #streams = new StreamComponents();
  #last = 0;
  /** Renderings so far. */
  #renderings = 0;
  /** Placed by the level that is rendered, to be rendered next. */
  #pending: MountedComponent[] = [];
  /** Whose rendering is under way, undefined for the view's own. */
  #owner: MountedComponent | undefined;
  /** The client has a tree. */
  #kept = false;
  /** To which something happened since they were rendered. */
  readonly #dirty = new Set<MountedComponent>();
  /** Whose callback ran last. */
  #active: MountedComponent | undefined;
  #updates: ComponentUpdates | undefined;
  /** The view and components that want to know of a client. */
  joined: JoinedCallbacks | undefined;
  #warned = false;
  /** Left the client's page with items of streams. */
  #dropped: ComponentSlot[] = [];
  rendering = false;
  /** In development. */
  readonly mistakes: Mistakes | undefined;

  constructor(view: LiveView, process: ComponentTreeOwner) {
    this.#view = view;
    this.process = process;
    this.mistakes = process.watch();
  }

  /** Whether there are any, or streams, which may hold some. */
  get any(): boolean {
    return this.mounted.size > 0 || this.#streams.any;
  }

  /** Tells if a client can go on with the streams' items that it has. @param seen number of the last message that it has got */
  resumable(seen: number): boolean {
    return this.#streams.resumable(seen);
  }

  /** The client has got all messages up to this one. */
  seen(sent: number): void {
    this.#streams.seen(sent);
  }

  /** A component's `render` runs. */
  get drawing(): boolean {
    return this.#owner !== undefined;
  }

  viewInfo(message: unknown): unknown {
    return this.#view.handleInfo?.(message);
  }

  /** The component with this number; undefined where it is gone. */
  find(number: number): MountedComponent | undefined {
    return this.mounted.get(number);
  }

  treeOf(living: ComponentSlot): RenderedTemplate | undefined {
    return (living as MountedComponent).tree;
  }

  /** A component's callback may change all that is around it too, through functions among its props. */
  entered(placed: MountedComponent): void {
    this.#active = placed;
    for (let at: MountedComponent | undefined = placed; at; at = at.parent) this.#dirty.add(at);
  }

  get joining(): JoinedCallbacks {
    return (this.joined ??= new JoinedCallbacks());
  }

  warnEqualKeys(problem: string): void {
    if (this.#warned) return;
    this.#warned = true;
    this.process.warn("render", problem);
  }

  renderStream(source: StreamQueue): void {
    if (source.repeated !== undefined) this.mistakes?.add(repeated(source));
    this.#streams.place(source, this.#owner);
  }

  renderClass(Class: ClassLike, props: Record<string, unknown>): Child | ComponentSlot {
    const { prototype } = Class;
    if (prototype instanceof LiveComponent) {
      return this.#place(Class as unknown as LiveComponentClass, props);
    }
    if (prototype instanceof LiveView)
      return this.process.renderChildView(Class as unknown as ViewClass, props);
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
    let placed = byId.get(props.id as string);
    if (!placed) {
      placed = new MountedComponent(++this.#last, Class, props as ComponentProps, this);
      byId.set(props.id as string, placed);
      this.mounted.set(placed.number, placed);
    } else if (placed.visited === this.#renderings) throw new TemplateValueError(twice(placed));
    placed.visited = this.#renderings;
    placed.parent = this.#owner;
    placed.give(props as ComponentProps);
    this.#pending.push(placed);
    return placed;
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
      this.#levels((placed) => placed.paint());
      this.#removeStray();
    }
    this.#rendered();
    return fillPlaceholders(html, (number) => this.#htmlOf(number));
  }

  #htmlOf(number: number): string {
    return fillPlaceholders(this.mounted.get(number)?.html ?? "", (inner) => this.#htmlOf(inner));
  }

  /** Removes what stands nowhere. Where no tree is kept, everything that is there was rendered. */
  #removeStray(): void {
    if (this.#kept) this.#streams.sweep();
    for (const placed of this.mounted.values()) {
      if (this.#kept ? placed.placements === 0 : placed.visited !== this.#renderings) this.#remove(placed);
    }
  }

  /**
   * A rendering begins.
   * @param afresh it is the first for this client, which has nothing
   * @param resumed or only what streams put into its page
   */
  begin(afresh = false, resumed = false): void {
    this.#streams.begin(++this.#renderings);
    if (this.#pending.length) this.#pending = [];
    this.#owner = undefined;
    if (!afresh) return;
    this.#kept = true;
    this.#dropped = [];
    this.#streams.renew(resumed);
    for (const placed of this.mounted.values()) {
      placed.placements = 0;
      placed.tree = undefined;
      placed.known = false;
    }
  }

  /**
   * The rest of a rendering, after the view's own: renders the components and completes what is to be sent.
   * @param sent number of the message that will take it to the client
   * @returns what changed in those that the client has; undefined for nothing
   * @throws what their code throws, and where one stands in two places
   */
  finish(differ: Differ, sent: number, afresh = false): ComponentDiffs | undefined {
    if (!this.any) {
      this.#rendered();
      return undefined;
    }
    const holes = differ.takeHoles();
    const all: MountedComponent[] = [];
    const show = (placed: MountedComponent) => {
      placed.render(differ);
      all.push(placed);
    };
    this.#levels(show);
    for (const placed of this.#passedOver()) {
      if (placed.visited === this.#renderings) continue;
      placed.visited = this.#renderings;
      this.#show(placed, show);
      this.#levels(show);
    }
    this.#dirty.clear();
    this.#streams.hold(differ, sent);
    const diffs: Record<number, ComponentDiffs[number]> = {};
    this.#sweep(differ, diffs);
    if (afresh) this.#removeStray();
    this.#fill(holes, differ, diffs);
    // Those around others come first: what is sent as a whole there is not sent here.
    for (const placed of all) {
      if (placed.gone || placed.sentWhole === this.#renderings) continue;
      if (placed.replaced) diffs[placed.number] = differ.writeFull(placed.tree as never);
      else if (placed.change) diffs[placed.number] = placed.change;
      this.#fill(placed.replaced ? differ.takeHoles() : placed.holes, differ, diffs);
    }
    this.#streams.end(sent);
    this.#rendered();
    for (const _ in diffs) return diffs;
    return undefined;
  }

  /** Gives props and renders what was placed, level by level. */
  #levels(show: (placed: MountedComponent) => void): void {
    for (let depth = 0; this.#pending.length; depth++) {
      const level = this.#pending;
      this.#pending = [];
      if (depth > DEEPEST)
        throw componentError(level[0] as MountedComponent, "render", "it holds itself without end");
      this.#update(level);
      for (const placed of level) this.#show(placed, show);
    }
  }

  #show(placed: MountedComponent, show: (placed: MountedComponent) => void): void {
    this.#owner = placed;
    show(placed);
    this.#owner = undefined;
  }

  #update(level: readonly MountedComponent[]): void {
    let batches: Map<LiveComponentClass, MountedComponent[]> | undefined;
    this.rendering = true;
    try {
      for (const placed of level) {
        placed.begin();
        if (placed.Class.updateMany) {
          batches ??= new Map();
          const batch = batches.get(placed.Class);
          if (batch) batch.push(placed);
          else batches.set(placed.Class, [placed]);
        } else placed.update();
      }
      for (const batch of batches?.values() ?? []) updateMany(batch);
    } finally {
      this.rendering = false;
    }
  }

  /** Components that something happened to and that this rendering did not reach, because a `memo` stood before them. */
  #passedOver(): MountedComponent[] {
    if (this.#active) this.entered(this.#active);
    for (const placed of this.#streams.overlooked()) this.#dirty.add(placed as MountedComponent);
    return [...this.#dirty]
      .filter((placed) => placed.visited !== this.#renderings && isThere(placed))
      .sort((a, b) => depthOf(a) - depthOf(b));
  }

  /** Removes what stands nowhere any more, and what stood in it. */
  #sweep(differ: Differ, diffs: Record<number, ComponentDiffs[number]>): void {
    const dropped = this.#dropped;
    this.#dropped = [];
    for (const living of dropped) differ.release(living);
    // Grows on the way.
    for (const leaf of differ.released ?? []) {
      if (!(leaf instanceof ComponentSlot)) {
        this.#streams.released(leaf, differ);
        continue;
      }
      const placed = leaf as MountedComponent;
      if (placed.placements > 0 || placed.gone) continue;
      if (placed.known) diffs[placed.number] = 0;
      differ.release(placed.tree);
      this.#remove(placed);
    }
  }

  #remove(placed: MountedComponent, reason: EndReason = "removed"): void {
    this.mounted.delete(placed.number);
    this.#byClass?.get(placed.Class)?.delete(placed.props.id);
    this.#dirty.delete(placed);
    if (this.#active === placed) this.#active = undefined;
    if (placed.component) this.joined?.remove(placed.component);
    placed.end(reason, (error) => this.process.warn(`${placed.name}.terminate`, "terminate() threw", error));
  }

  /** Puts components where they are new to the client. */
  #fill(
    holes: readonly ComponentHole[] | undefined,
    differ: Differ,
    diffs: Record<number, ComponentDiffs[number]>,
  ): void {
    for (const { component, full } of holes ?? []) {
      const placed = component as MountedComponent;
      // Its other place is in a memo that was not rendered again.
      if (placed.placements > 1) throw new Error(twice(placed));
      placed.sentWhole = this.#renderings;
      placed.known = true;
      // It came and went with an item in this very message.
      if (placed.gone) diffs[placed.number] = 0;
      if (placed.tree) full.v = differ.writeFull(placed.tree);
      this.#fill(differ.takeHoles(), differ, diffs);
    }
  }

  #rendered(): void {
    this.#updates?.rendered();
  }

  /** @throws TypeError if it is not a component's class, or there is no id */
  sendUpdate(Class: object, props: { readonly id: string }): void {
    this.#updates ??= new ComponentUpdates({
      rendered: () => this.#renderings > 0,
      named: (Class, id) => this.#byClass?.get(Class)?.get(id),
      take: (placed) => this.#update([placed]),
      process: this.process,
    });
    this.#updates.send(Class, props);
  }

  /**
   * The client has dropped items with these components in them, because of a stream's limit. They end with the next rendering.
   * @param seen number of the last message that the client had got
   */
  gone(numbers: readonly number[], seen: number): void {
    this.#dropped.push(...this.#streams.gone(numbers, seen));
  }

  /** The view is over. */
  end(reason: EndReason): void {
    for (const placed of [...this.mounted.values()]) this.#remove(placed, reason);
  }
}

const twice = ({ name, props }: MountedComponent) =>
  `${name} ${JSON.stringify(props.id)} stands in two places of one rendering. Give each its own id.`;

const repeated = ({ name, repeated }: StreamQueue) => ({
  problem: `Two items that are put into the stream ${name} together have the id ${JSON.stringify(repeated)}: only the last one is shown. Give each its own.`,
  certain: false,
});

function updateMany(batch: readonly MountedComponent[]): void {
  const [first] = batch as [MountedComponent];
  try {
    first.Class.updateMany?.(batch.map(({ component }) => component as never));
  } catch (error) {
    throw componentError(first, "static updateMany", error);
  }
}

/** Whether nothing around it has been taken away. */
function isThere(placed: MountedComponent): boolean {
  for (let at: MountedComponent | undefined = placed; at; at = at.parent)
    if (at.gone || at.placements === 0) return false;
  return true;
}

function depthOf(placed: MountedComponent): number {
  let depth = 0;
  for (let at = placed.parent; at; at = at.parent) depth++;
  return depth;
}
