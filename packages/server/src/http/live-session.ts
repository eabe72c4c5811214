/** Live sessions: groups of live routes between which a page goes without being loaded anew. */
import type { Context } from "hono";
import type { OnMount } from "../view/live-view.ts";
import type { Session } from "../view/view-host.ts";
import type { Layout } from "./layout.ts";

/** Common options of the routes of a live session. */
export interface LiveSessionOptions {
  /** For the log, and to be the same on all nodes; by default its number in the app. */
  readonly name?: string | undefined;
  /** Runs before `mount` of each view, in this order, at every request and every join. */
  readonly onMount?: OnMount | readonly OnMount[] | undefined;
  /** In place of the app's layout. */
  readonly layout?: Layout | undefined;
  /** Merged over the user's session. */
  readonly session?:
    | Partial<Session>
    | ((c: Context) => Partial<Session> | Promise<Partial<Session>>)
    | undefined;
}

/** Name of the live session of routes that are in no other. */
const DEFAULT = "default";

export class LiveSession {
  readonly name: string;
  readonly onMount: readonly OnMount[];
  readonly layout: Layout | undefined;
  readonly #session: LiveSessionOptions["session"];
  /** Additions to each session. */
  readonly #added = new WeakMap<Session, Partial<Session>>();

  constructor(name: string, { onMount = [], layout, session }: LiveSessionOptions) {
    this.name = name;
    this.onMount = typeof onMount === "function" ? [onMount] : onMount;
    this.layout = layout;
    this.#session = session;
  }

  /** Its additions are made of the request, by a function that gets Hono's context. */
  get isComputed(): boolean {
    return typeof this.#session === "function";
  }

  /** The session that a view of it finds. A promise only where one of the two is. */
  extend(c: Context, own: Session | Promise<Session>): Session | Promise<Session> {
    if (!this.#session) return own;
    const more = typeof this.#session === "function" ? this.#session(c) : this.#session;
    if (own instanceof Promise || more instanceof Promise)
      return Promise.all([own, more]).then(([own, more]) => this.#merge(own, more));
    return this.#merge(own, more);
  }

  #merge(own: Session, more: Partial<Session>): Session {
    const session = { ...own, ...more };
    this.#added.set(session, more);
    return session;
  }

  /** The session of such a view once its page has another: what was added to the first one stays. */
  extension(first: Session): ((own: Session) => Session) | undefined {
    const more = this.#added.get(first);
    return more && ((own) => ({ ...own, ...more }));
  }
}

/** The live sessions of one app, of which one is being defined. */
export class LiveSessions {
  readonly #all = new Map<string, LiveSession>();
  readonly #default = new LiveSession(DEFAULT, {});
  /** The live session that new routes are added to. */
  current = this.#default;

  constructor() {
    this.#all.set(DEFAULT, this.#default);
  }

  get(name: string): LiveSession | undefined {
    return this.#all.get(name);
  }

  /**
   * Runs `define` with a new live session as the current one.
   * @throws Error if one is being defined already, or has the name
   */
  define(options: LiveSessionOptions, define: () => unknown): void {
    const { name = `#${this.#all.size}` } = options;
    if (this.current !== this.#default) {
      throw new Error(
        `The live session "${name}" stands in "${this.current.name}". A route has one live session: define it outside.`,
      );
    }
    if (this.#all.has(name)) {
      throw new Error(
        name === DEFAULT
          ? `"${DEFAULT}" is the live session of all routes that stand outside of others. Choose another name.`
          : `There is a live session "${name}" already. Define all its routes in one place.`,
      );
    }
    this.#all.set(name, (this.current = new LiveSession(name, options)));
    try {
      if (define() instanceof Promise)
        throw new TypeError(
          "The routes of a live session are defined at once: its function cannot be async.",
        );
    } finally {
      this.current = this.#default;
    }
  }
}
