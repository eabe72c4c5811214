/** The class that authors extend for a part of a view with a life of its own: state, events, and props from around it. */
import type { Child, Template } from "../template/html.ts";
import { detached, howToRun } from "./actor.ts";
import type { EventPayload } from "./events/event.ts";
import { type Joined, Live } from "./live.ts";
import { currentHost, type EndReason, type ViewHost } from "./view-host.ts";

/** A component's share of its view: the view's host, with its own props and number. */
export interface ComponentContext extends ViewHost {
  readonly props: object;
  readonly number: number;
}

/** A component's props: its own, the `id` that names it, and its children. */
export type PropsOf<Props extends object> = Readonly<Props> & {
  readonly id: string;
  readonly children?: Child;
};

/** A live component's class, as templates name it. */
export interface LiveComponentClass {
  new (): LiveComponent;
  readonly name: string;
  /** In place of `update` for all components of the class that one level of a rendering holds: for loading at once. */
  updateMany?(components: readonly never[]): void;
}

const isComponentContext = (host: ViewHost | undefined): host is ComponentContext =>
  host !== undefined && "number" in host;

/**
 * A part of a view with its own state and events. In a template it is a tag: `<${Cart} id="cart"
 * currency="EUR" />`. The view is rendered after every handler of the component as after one of its own, and
 * with it its components, except unchanged ones in a `memo` that is not rendered again. Its class and `id`
 * identify a component within its view: wherever it moves in the view it keeps its state, and it ends when it
 * is not rendered any more.
 *
 * A class that declares `static updateMany(components)` gets new props for many of its components at once: it
 * is called in place of {@link update} for all components of the class on one level of a rendering.
 * @typeParam Props its props besides `id` and `children`. It calls functions among them to notify the view
 * @example
 * class Cart extends LiveComponent<{ currency: string; onBuy: () => void }> {
 *   items = 0;
 *   add = this.event(() => { this.items++; });
 *   render() { return html`<button phx-click=${this.add}>${this.items} items in ${this.props.currency}</button>`; }
 * }
 */
export abstract class LiveComponent<Props extends object = object> extends Live {
  /** @internal */
  static override [howToRun](name: string): string {
    return `a view around it, but this component was made with new. Write it as a tag: <\${${name}} id="…" />.`;
  }

  readonly #context: ViewHost | undefined = currentHost();

  /** Content of the component. Called with every rendering of the view: synchronous, without side effects. */
  abstract render(): Template;

  /** Once, before the first {@link update}, with `props` set. Synchronous: it runs while the view is rendered. */
  mount?(): void;

  /**
   * Before each rendering, with new `props` set, and for {@link Live.sendUpdate}. Synchronous.
   * @param previous the props before; undefined the first time
   */
  update?(previous: PropsOf<Props> | undefined): void;

  /**
   * Called when a client was sent the component, and again when it is back after a lost connection, like a view's. It
   * may be asynchronous: it runs after the rendering, in the view's turn.
   */
  joined?(client: Joined): void | Promise<void>;

  /** Events that no field declares. Without it they are refused. Its result is the reply. */
  handleEvent?(name: string, payload: EventPayload): unknown;

  /** When the component is not rendered any more (`removed`), or its view ends. */
  terminate?(reason: EndReason): void;

  /** Its latest props: all attributes of its tag, and `children`. */
  get props(): PropsOf<Props> {
    return this.#contextFor("props").props as PropsOf<Props>;
  }

  /** Identifies it among those of its class in this view. */
  get id(): string {
    return (this.#contextFor("id").props as PropsOf<Props>).id;
  }

  /** For events that have no handle: `phx-click="save" phx-target=${this.target}`. */
  get target(): number {
    return this.#contextFor("target").number;
  }

  #contextFor(what: string): ComponentContext {
    if (isComponentContext(this.#context)) return this.#context;
    return detached(this, what);
  }
}
