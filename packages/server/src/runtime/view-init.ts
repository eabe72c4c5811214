/** Parameters of a view process. */
import type { PushedEvent } from "@overwire/client/wire";
import type { Flash } from "../view/flash.ts";
import type { Guard } from "../view/guard.ts";
import type { OnMount, ViewClass } from "../view/live-view.ts";
import type { Redirect } from "../view/navigation/navigation.ts";
import type { Params } from "../view/navigation/params.ts";
import type { EndReason, Session, ViewContext } from "../view/view-host.ts";
import type { ViewOwner } from "./view-owner.ts";

/** Parameters of a view. */
export interface ViewInit {
  readonly View: ViewClass;
  readonly url: URL;
  readonly params: Params;
  /** It and the owner are others once a view of the page has set the session. */
  session: Session;
  owner?: ViewOwner | undefined;
  /** Makes the session of a view in this live session, or in this place, of the page's. */
  extendSession?(session: Session): Session;
  /** Context of the view around it; a view of its own begins with an empty one. */
  readonly context?: ViewContext | undefined;
  /** Messages that came along. */
  readonly flash?: Flash | undefined;
  /** The page that a guard refused, to which the user returns. */
  readonly returnTo?: string | undefined;
  /** Guards that stand before the view: those of middleware, and for a nested view those of the page. */
  readonly guards?: readonly object[] | undefined;
  /** Guards of the views around a nested view, each with the params of its view. */
  readonly around?: readonly GuardAround[] | undefined;
  /** A right may have been withdrawn while there was no client: its next join asks. */
  isDue?: boolean | undefined;
  /** Runs before `mount`. */
  readonly onMount?: readonly OnMount[] | undefined;
  /** Name of the live session that {@link onMount} is of. */
  readonly liveSession?: string | undefined;
  /** Set for a first paint, whose `pushPatch` is a redirect. */
  readonly painting?: boolean | undefined;
  /** Set for a nested view. */
  readonly child?: ChildViewInit | undefined;
  /** Params of a URL if a live patch to it stays with this view, otherwise undefined. */
  resolve?(url: URL): Params | undefined;
  /** Middleware is asked before a live patch leads to another URL. */
  readonly isGuarded?: boolean | undefined;
  /** A token for messages that go along when the page goes elsewhere. */
  createFlashToken?(flash: Flash, owner: ViewOwner | undefined, returnTo?: string): string;
  /** Opens such a token; undefined if it is not valid, or too old. */
  readFlashToken?(token: string, owner: ViewOwner | undefined): Flash | undefined;
  /** Takes care of nested views until their own join. */
  readonly childRegistry?: ChildRegistry | undefined;
}

/** A guard of a view around a nested view. */
export type GuardAround = readonly [guard: Guard, params: Params];

/** Parameters of nesting. */
export interface ChildViewInit {
  /** Id of its container. */
  readonly id: string;
  /** It outlives the view around it. */
  readonly sticky: boolean;
  readonly position: ChildPosition;
  /** The session has it beside that of the page. */
  readonly session: Session;
}

/** A nested view's place in the view around it. */
export interface ChildPosition {
  /** The one that is there now: after a crash it is another. */
  viewProcess: ChildView | undefined;
  /** The view around it has ended, or has put another in the same place. */
  isOver: boolean;
}

/** Redirect of a view's page, with its flash and events. */
export interface CompletedRedirect extends Redirect {
  /** Token of a flash. */
  readonly flash?: string | undefined;
  /** Events for the page that are newer than this message, the last one that the client was shown. */
  readonly unseen?: ((seen: number) => readonly PushedEvent[]) | undefined;
}

/** A nested view's process, as the view around it sees it. */
export interface ChildView {
  readonly id: string;
  readonly init: ViewInit;
  readonly ended: boolean;
  readonly failure: CrashInfo | undefined;
  readonly completedRedirect: CompletedRedirect | undefined;
  start(): void | Promise<void>;
  paint(): string | Promise<string>;
  end(reason: EndReason): void;
}

/** Nested views between being rendered and being joined. */
export interface ChildRegistry {
  /** Makes the process of a nested view. */
  spawn(init: ViewInit): ChildView;
  /** The token with which a process is joined. */
  token(viewProcess: ChildView): string;
  /** Keeps a process until its join adopts it. */
  wait(viewProcess: ChildView): void;
  /** A sticky view that the client has already, under the id of its container. */
  sticky(id: string): ChildView | undefined;
}

/** The callback of a crash, and its error. */
export interface CrashInfo {
  readonly event: string;
  readonly error: unknown;
}
