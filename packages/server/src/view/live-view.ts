/** The class that authors extend: a view's life, its state in fields, and everything it may ask for. */
import type { Template } from "../template/html.ts";
import type { EventPayload } from "./events/event.ts";
import type { Guard, SessionOf } from "./guard.ts";
import { inTurn, type Joined, Live } from "./live.ts";
import type { ParamsOf } from "./navigation/params.ts";
import type { EndReason } from "./view-host.ts";

declare const routed: unique symbol;
declare const behind: unique symbol;

/** A view's class, as `app.live` and `live()` take it. */
export interface ViewClass<Path extends string = string> {
  new (): LiveView<Path>;
  readonly name: string;
  /**
   * A guard that stands before the view, wherever it is served or nested: asked after the `onMount` hooks of its live session.
   * @example static guard = user;
   */
  readonly guard?: Guard | undefined;
}

/** Tells a view that says it is behind a guard, and does not have it: `static guard = user`. */
export type Guarded<V> = V extends { readonly [behind]?: infer G }
  ? [NonNullable<G>] extends [never]
    ? unknown
    : unknown extends G
      ? unknown
      : { readonly guard: NonNullable<G> }
  : unknown;

/**
 * Runs before `mount` of every view of a live session: fills `view.context`, redirects, attaches hooks. If it
 * redirects or throws, `mount` does not run.
 * @example const requireUser: OnMount = (view) => { if (!view.session.userId) view.redirect("/login"); };
 */
export type OnMount = (this: LiveView, view: LiveView) => void | Promise<void>;

/**
 * A page, or part of one, that lives on the server. Its own data fields are its state: after every handler
 * the view is rendered and the changes are sent, nothing has to be marked. It handles one message at a time,
 * in order; an async handler holds the next one back.
 * @typeParam Path the route it is made for; types `this.params`
 * @typeParam G its guard, with `static guard = user`; types `this.session`
 * @example
 * class Counter extends LiveView {
 *   count = 0;
 *   inc = this.event(() => { this.count++; });
 *   render() { return html`<button phx-click=${this.inc}>${this.count}</button>`; }
 * }
 */
export abstract class LiveView<Path extends string = string, G = unknown> extends Live {
  /** Only the type. */
  declare readonly [routed]?: Path;
  /** Only the type. */
  declare readonly [behind]?: G;

  /** The page's title. Set it like any field. */
  declare pageTitle?: string | undefined;

  /** Content of the view. Called after every handler: synchronous, without side effects. */
  abstract render(): Template;

  /** Once per life of the view, before its first render. */
  mount?(): void | Promise<void>;

  /** After {@link mount}, with `params` and `url` set. */
  handleParams?(): void | Promise<void>;

  /**
   * Called when a client is there, after it was sent the view; never for a painted page whose client does not come.
   * Called again when the client is back after a lost connection. Its changes arrive as a patch; while it takes time,
   * events wait.
   * @example override joined({ resumed }: Joined) { if (!resumed) this.visits.add(this.session.userId); }
   */
  joined?(client: Joined): void | Promise<void>;

  /** Events that no field declares. Without it they are refused. Its result is the reply. */
  handleEvent?(name: string, payload: EventPayload): unknown;

  /** Messages by {@link send} and {@link subscribe} that have no handler of their own. */
  handleInfo?(message: unknown): void | Promise<void>;

  /** When the view ends, for any reason. */
  terminate?(reason: EndReason): void;

  /** Params of the route and of the query string. */
  override get params(): ParamsOf<Path> {
    return super.params as ParamsOf<Path>;
  }

  /** The user's session, as {@link Live.session}: one that the view's guard lets in. */
  override get session(): Readonly<SessionOf<G>> {
    return super.session as Readonly<SessionOf<G>>;
  }

  /** Sends a message to this view's own {@link handleInfo}, after the messages that are waiting already. */
  send(message: unknown): void {
    this[inTurn]("handleInfo", (host) => host.dispatchInfo(message, () => this.handleInfo?.(message)));
  }
}
