/**
 * Messages of Overwire to its own handlers through Hono's `env`. Symbols, so that no request can forge them.
 */
import type { ConnectionChildren } from "../runtime/child-registry.ts";
import type { ViewProcess } from "../runtime/view-process.ts";
import type { Flash } from "../view/flash.ts";
import type { ViewClass } from "../view/live-view.ts";
import type { Session } from "../view/view-host.ts";
import type { LiveSession } from "./live-session.ts";

/** A request that joins a view instead of painting it. */
export const ENV_JOIN = Symbol("overwire.join");
/** A request that asks for the app behind a socket's path. */
export const ENV_UPGRADE = Symbol("overwire.upgrade");
/** A request of a server that passes it on if the app has no route. */
export const ENV_PASS_THROUGH = Symbol("overwire.pass");
/** The path below which another framework has mounted the app. */
export const ENV_BASE = Symbol("overwire.base");
/** The session that views are to find, in place of the app's own, until one is set. */
export const ENV_SESSION = Symbol("overwire.session");

/** Told of errors that become an answer, with its status. */
export const ENV_ON_ERROR = Symbol("overwire.fail");

/** Conditions of a join for the live route that it reaches, and the result. */
export interface JoinAttempt {
  /** Tells if the page that joins may have a route of this view and live session. */
  readonly accepts: (View: ViewClass, liveSession: LiveSession) => boolean;
  /** Flash of the navigation. */
  readonly flash: Flash | undefined;
  readonly children: ConnectionChildren | undefined;
  /** The request mounts no view: it only finds out if the middleware lets it through to its route. */
  readonly asksOnly?: true;
  /** Told of the session that the route finds, if it mounts no view. */
  readonly gotSession?: (session: Session) => void;
  isReached?: true;
  /** The process while it is being mounted. */
  mounting?: ViewProcess;
  viewProcess?: ViewProcess;
  /** With which the view can be joined again. */
  token?: string;
  /** Title of the page, if it has one. */
  title?: string | undefined;
  /** The URL led to a live route that is not accepted. */
  astray?: true;
  /** Error of the view while it mounted. */
  error?: unknown;
}

/** Filled by the app that an upgrade reaches. */
export interface UpgradeTarget<App> {
  app?: App;
}

/** Set if no route fits. */
export interface PassThrough {
  missed?: true;
}

/** A session for tests. */
export interface GivenSession {
  /** Undefined once the app has set or cleared the session. */
  session: Session | undefined;
}

/** Hono's `env` as Overwire sees it. */
export interface OverwireEnv {
  readonly [ENV_JOIN]?: JoinAttempt;
  readonly [ENV_UPGRADE]?: UpgradeTarget<unknown>;
  readonly [ENV_PASS_THROUGH]?: PassThrough;
  readonly [ENV_BASE]?: string;
  readonly [ENV_SESSION]?: GivenSession;
  readonly [ENV_ON_ERROR]?: (error: Error, status: number) => void;
}
