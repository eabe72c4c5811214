/** One live component of a view: the author's object, its props, and the client's tree of it. */
import type { InstanceDiff } from "@overwire/client/wire";
import type { ComponentHole, Differ } from "../../template/diff.ts";
import { renderForClient } from "../../template/render.ts";
import { ComponentSlot, callRender } from "../../template/render-context.ts";
import { type RenderedTemplate, toRenderedTemplate } from "../../template/rendered-tree.ts";
import { nameEvents } from "../../view/events/event.ts";
import type { LiveComponent, LiveComponentClass } from "../../view/live-component.ts";
import { construct, type EndReason } from "../../view/view-host.ts";
import { watchRender } from "../changes-in-render.ts";
import { disposeAll } from "../dispose-all.ts";
import { ComponentHost } from "./component-host.ts";
import type { ComponentScope, ScopedComponent } from "./component-scope.ts";

export type ComponentProps = Readonly<Record<string, unknown>> & { readonly id: string };

export class MountedComponent extends ComponentSlot implements ScopedComponent {
  readonly Class: LiveComponentClass;
  /** The author's view of the props. */
  readonly props: ComponentProps;
  gone = false;
  /** The component around it, undefined if that is the view. */
  parent: MountedComponent | undefined;
  /** Number of the last rendering that placed it. */
  visited = 0;
  /** Number of the last rendering that sent it as a whole. */
  sentWhole = 0;
  /** The client has it. */
  known = false;
  /** The tree that the client was sent last. */
  tree: RenderedTemplate | undefined;
  /** HTML of the last first paint. */
  html = "";
  /** Changes of the last rendering, and the components that are new in it. */
  change: InstanceDiff | undefined;
  holes: readonly ComponentHole[] | undefined;
  /** The last rendering chose another template. */
  replaced = false;
  readonly #scope: ComponentScope<MountedComponent>;
  #host: ComponentHost | undefined;
  #component: LiveComponent | undefined;
  /** Former and current props of its tag. */
  #given: ComponentProps;
  /** Props of `sendUpdate`, each as long as the tag gives the same as when it came. */
  #sent: ComponentProps | undefined;
  #previous: ComponentProps | undefined;

  constructor(
    number: number,
    Class: LiveComponentClass,
    props: ComponentProps,
    scope: ComponentScope<MountedComponent>,
  ) {
    super(number);
    this.Class = Class;
    this.props = props;
    this.#given = props;
    this.#scope = scope;
  }

  get name(): string {
    return this.Class.name || "A live component";
  }

  /** The author's object, there from its first rendering on. */
  get component(): LiveComponent | undefined {
    return this.#component;
  }

  get host(): ComponentHost | undefined {
    return this.#host;
  }

  /** Takes props of its tag. */
  give(props: ComponentProps): void {
    this.#previous = this.#component && this.props;
    if (this.#sent) {
      const kept = Object.entries(this.#sent).filter(([name]) => props[name] === this.#given[name]);
      this.#sent = kept.length ? (Object.fromEntries(kept) as ComponentProps) : undefined;
    }
    this.#given = props;
    this.#show(this.#sent ? { ...props, ...this.#sent } : props);
  }

  /** Takes props of `sendUpdate`. */
  send(props: ComponentProps): void {
    this.#previous = this.props;
    this.#sent = { ...this.#sent, ...props };
    this.#show({ ...this.props, ...props });
  }

  #show(props: ComponentProps): void {
    (this as { props: ComponentProps }).props = props;
  }

  /** Makes and mounts the author's object, if it is not there. */
  begin(): void {
    if (this.#component) return;
    this.#guard("mount", () => {
      const host = new ComponentHost(this.#scope, this);
      this.#host = host;
      const component = construct(this.Class, host);
      nameEvents(component, this.number);
      this.#component = component;
      if (typeof component.joined === "function")
        this.#scope.joining.add(component, (label, run) => host.post(label, run));
      this.#sync("mount", component.mount?.());
    });
  }

  update(): void {
    this.#guard("update", () => this.#sync("update", this.#component?.update?.(this.#previous as never)));
  }

  #sync(method: string, result: unknown): void {
    if (!(result instanceof Promise)) return;
    result.catch(() => {});
    throw new TypeError(
      `${method}() of a live component cannot be asynchronous, because the view is being rendered. Load in the background, or in the view.`,
    );
  }

  /** A callback of the author's is about to run. */
  enter(): void {
    if (this.#host) this.#host.enter();
    else this.#scope.enter(this);
  }

  /** Renders for a first paint. */
  paint(): void {
    this.#guard("render", () => {
      const rendered = this.#watchRender();
      this.html = renderForClient(this.#template(), this.position);
      rendered?.();
    });
  }

  /** Renders, and records the changes. */
  render(differ: Differ): void {
    this.#guard("render", () => {
      const { tree } = this;
      const rendered = this.#watchRender();
      const next = this.#template();
      this.change = undefined;
      this.replaced = false;
      if (tree?.strings === next.strings) this.change = differ.diffTemplate(tree, next);
      else {
        this.tree = toRenderedTemplate(next);
        this.replaced = tree !== undefined;
        differ.release(tree);
      }
      rendered?.();
      this.holes = differ.takeHoles();
    });
  }

  #watchRender(): (() => void) | undefined {
    return this.#component && watchRender(this.#component, this.#scope.mistakes);
  }

  #template() {
    return callRender(this.name, this.#component ?? {});
  }

  /** A component's error is its view's, but says whose it was. */
  #guard(method: string, run: () => void): void {
    try {
      run();
    } catch (error) {
      throw componentError(this, method, error);
    }
  }

  /** @param failed gets the error of the author's code */
  end(reason: EndReason, failed: (error: unknown) => void): void {
    this.gone = true;
    disposeAll([() => this.#host?.end(failed), () => this.#component?.terminate?.(reason)], failed);
  }
}

/** The error of the author's code, with the component's name before it. */
export function componentError({ name, props }: MountedComponent, method: string, cause: unknown): Error {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new Error(`${name} ${JSON.stringify(props.id)} threw in ${method}(): ${message}`, { cause });
}

/** Gives the components of one class their props together. */
export function updateMany(batch: readonly MountedComponent[]): void {
  const [first] = batch as [MountedComponent];
  try {
    first.Class.updateMany?.(batch.map(({ component }) => component as never));
  } catch (error) {
    throw componentError(first, "static updateMany", error);
  }
}

/** Message of an error. */
export const standsTwice = ({ name, props }: MountedComponent) =>
  `${name} ${JSON.stringify(props.id)} stands in two places of one rendering. Give each its own id.`;

/** Tells if nothing around it has been taken away. */
export function isThere(mounted: MountedComponent): boolean {
  for (let at: MountedComponent | undefined = mounted; at; at = at.parent)
    if (at.gone || at.placements === 0) return false;
  return true;
}

/** Live components around it. */
export function depthOf(mounted: MountedComponent): number {
  let depth = 0;
  for (let at = mounted.parent; at; at = at.parent) depth++;
  return depth;
}
