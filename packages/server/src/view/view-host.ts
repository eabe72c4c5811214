/** The host behind `this` of a view or a live component: the process that runs it, as an interface. */
import { type ActorHost, enterActor } from "./actor.ts";
import type { Flash } from "./flash.ts";
import type { LifecycleHooks } from "./lifecycle-hooks.ts";
import type { Redirect } from "./navigation/navigation.ts";
import type { Params } from "./navigation/params.ts";
import type { Session, ViewContext } from "./session.ts";
import type { UploadEndpoint } from "./uploads/ports.ts";

export type { Session, ViewContext } from "./session.ts";

/**
 * The reason for a view's end: its user left, the socket closed, the page was redirected, its code threw, no
 * client claimed it, the server stops, or `app.disconnect` ended it. A live component ends with its view, or is `removed`
 * from what it renders; a channel is `replaced` when its client joins the topic again.
 */
export type EndReason =
  | "left"
  | "closed"
  | "redirected"
  | "crashed"
  | "unclaimed"
  | "shutdown"
  | "removed"
  | "replaced"
  | "disconnected";

/** The process, as far as a view or a component of it sees it. */
export interface ViewHost extends ActorHost {
  readonly params: Params;
  readonly url: URL;
  readonly session: Session;
  readonly context: ViewContext;
  readonly flash: Flash;
  /** Set if a client is joined, as opposed to a page that is being painted. */
  readonly connected: boolean;
  readonly ended: boolean;
  /** Number of the view's callbacks that have ended: the same as before if nothing else has run. */
  readonly callbackCount: number;
  pushEvent(name: string, payload: unknown): void;
  flush(): void;
  putFlash(kind: string, message: string): void;
  clearFlash(kind?: string): void;
  /** @param what the author's call @throws SessionError, RangeError if it does not fit into a cookie */
  changeSession(data: Session | undefined, what: string): Promise<void>;
  /** The page that a guard refused; it is told once. */
  takeReturnTo(): string | undefined;
  /** Redirects the page when the current callback has ended. @throws Error if it is redirected already */
  requestRedirect(redirect: Redirect): void;
  attachHook<Stage extends keyof LifecycleHooks>(stage: Stage, hook: LifecycleHooks[Stage]): () => void;
  /** Reports an error of a handler whose view or component has ended. */
  reportLateError?(event: string, error: unknown): void;
  /**
   * Runs something as soon as a client is joined: at once if one is, never if the view ends before. Its
   * result is not waited for.
   */
  whenConnected(run: () => void): void;
  /** Takes note of work beside the mailbox, which a test may wait for. @returns to be called when it is done */
  trackWork(what: string): () => void;
  /** Makes an upload known to the client. It ends with the view or the component. */
  registerUpload(upload: UploadEndpoint): void;
  /** Tells of a likely mistake of the author's, once, in development. */
  mistake?(problem: string): void;
  sendUpdate(Component: object, props: { readonly id: string; readonly [prop: string]: unknown }): void;
}

let entering: ViewHost | undefined;

/** Constructs a view that finds its host from its first field on. */
export function construct<V>(View: new () => V, host: ViewHost): V {
  const outer = entering;
  entering = host;
  try {
    return enterActor(host, () => new View());
  } finally {
    entering = outer;
  }
}

/** The host of the view that is being constructed. */
export const currentHost = (): ViewHost | undefined => entering;
