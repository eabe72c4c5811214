/** The surroundings that the live components of one view share, and the components that something happened to. */
import type { ViewHost } from "../../view/view-host.ts";
import { JoinedCallbacks } from "../joined-callbacks.ts";
import type { Mistakes } from "../mistakes.ts";

/** A component, as its host and its scope see it. */
export interface ScopedComponent {
  readonly number: number;
  readonly name: string;
  readonly props: object;
  readonly gone: boolean;
  /** The component around it; undefined if that is the view. */
  readonly parent: ScopedComponent | undefined;
}

/** The author's view. */
interface ViewAround {
  handleInfo?(message: unknown): unknown;
}

export class ComponentScope<Component extends ScopedComponent = ScopedComponent> {
  readonly host: ViewHost;
  readonly view: ViewAround;
  /** Takes note of likely mistakes, in development. */
  readonly mistakes: Mistakes | undefined;
  /** Components are mounted or given props, in the course of a rendering. */
  updating = false;
  /** The component whose callback ran last. */
  #active: Component | undefined;
  /** Components that something happened to since they were rendered. */
  #touched: Set<Component> | undefined;
  #joined: JoinedCallbacks | undefined;

  constructor(host: ViewHost, view: ViewAround, mistakes: Mistakes | undefined) {
    this.host = host;
    this.view = view;
    this.mistakes = mistakes;
  }

  /** Calls of `joined`; undefined if neither the view nor a component has it. */
  get joined(): JoinedCallbacks | undefined {
    return this.#joined;
  }

  get joining(): JoinedCallbacks {
    return (this.#joined ??= new JoinedCallbacks());
  }

  /** A callback of a component begins: it may change all that is around it too, through functions among its props. */
  enter(component: Component): void {
    this.#active = component;
    const touched = (this.#touched ??= new Set());
    for (let at: Component | undefined = component; at; at = at.parent as Component | undefined)
      touched.add(at);
  }

  /** A component has to be rendered again. */
  touch(component: Component): void {
    (this.#touched ??= new Set()).add(component);
  }

  /** The components that something happened to since the last call of {@link rendered}. */
  touched(): readonly Component[] {
    // Its callback may still be running.
    if (this.#active) this.enter(this.#active);
    return this.#touched ? [...this.#touched] : [];
  }

  rendered(): void {
    this.#touched?.clear();
  }

  /** A component is gone. */
  forget(component: Component): void {
    this.#touched?.delete(component);
    if (this.#active === component) this.#active = undefined;
  }
}
