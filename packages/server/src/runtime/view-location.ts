/** Location of a view: its params and URL, live patches, redirects, and the flash that goes along. */
import { END, type Navigation, type PushedEvent, type ServerFrame } from "@overwire/client/wire";
import { chain } from "../view/chain.ts";
import { type Flash, FlashBox } from "../view/flash.ts";
import { ownPath, type Redirect } from "../view/navigation/navigation.ts";
import type { Params } from "../view/navigation/params.ts";
import type { Sink } from "./services.ts";
import type { CompletedRedirect, ViewInit } from "./view-init.ts";

/** Live patches in a row, each pushed by the one before, after which it is a circle. */
const MOST_PATCHES = 20;

/** A live patch to a page of another view: the client navigates. */
export class ForeignUrlError extends Error {
  get code(): "elsewhere" {
    return "elsewhere";
  }

  constructor(url: string) {
    super(`${url.slice(0, 200)} is not a page of this view.`);
  }
}

/** @throws ForeignUrlError if middleware does not let the client see the page */
export function checkMayPatch(may: boolean, url: string): true {
  if (!may) throw new ForeignUrlError(url);
  return true;
}

export class ViewLocation {
  params: Params;
  url: URL;
  /** Redirect of the current callback. */
  pendingRedirect: Redirect | undefined;
  /** A live patch that `handleParams` pushed before there was a client to tell. */
  untoldPatch: Redirect | undefined;
  /** The client that is there, or was there last. */
  client: Pick<Sink, "mayPatch"> | undefined;
  /** Asks the view's own guards before a live patch. */
  mayEnter: ((url: URL, params: Params) => boolean | Promise<boolean>) | undefined;
  /** Number of callbacks that have ended. */
  callbackCount = 0;
  readonly #init: ViewInit;
  readonly #name: string;
  #flash: FlashBox | undefined;
  #patches = 0;

  constructor(init: ViewInit, name: string) {
    this.#init = init;
    this.#name = name;
    this.params = init.params;
    this.url = init.url;
    if (init.flash) this.#flash = new FlashBox(init.flash);
  }

  takeUntoldPatch(): Redirect | undefined {
    const patch = this.untoldPatch;
    this.untoldPatch = undefined;
    return patch;
  }

  get flash(): Flash {
    return this.#box.all;
  }

  get #box(): FlashBox {
    return (this.#flash ??= new FlashBox());
  }

  putFlash(kind: string, message: string): void {
    this.#box.put(kind, message);
  }

  clearFlash(kind?: string): void {
    this.#flash?.clear(kind);
  }

  /** A callback is over, and the page has stayed or has arrived. */
  callbackEnded(): void {
    this.#flash?.settle();
    this.#patches = 0;
    this.callbackCount++;
  }

  /** @throws Error if the page is redirected already, or is not there yet */
  requestRedirect(redirect: Redirect, mounting: boolean): void {
    if (mounting && redirect.kind === "patch") {
      throw new Error(
        `${this.#name} called pushPatch while it mounts: there is no page yet that could stay. Use pushNavigate in mount, or pushPatch in handleParams.`,
      );
    }
    if (this.pendingRedirect) {
      throw new Error(
        `${this.#name} goes to ${this.pendingRedirect.to} already, and cannot go to ${redirect.to} too.`,
      );
    }
    this.pendingRedirect = redirect;
  }

  /** A client's live patch. @throws ForeignUrlError */
  applyClientPatch(to: string, flash?: string): void {
    if (!this.#enter(to)) throw new ForeignUrlError(to);
    this.#flash?.clear();
    const messages = flash !== undefined && this.#init.readFlashToken?.(flash, this.#init.owner);
    for (const [kind, message] of Object.entries(messages || {})) if (message) this.#box.put(kind, message);
  }

  /** A live patch that the view pushed. @throws Error for a path that is not this view's, and for patches in a circle */
  applyPushedPatch({ to }: Redirect): void {
    this.pendingRedirect = undefined;
    if (!this.#enter(to)) {
      throw new Error(
        `pushPatch to ${to} leads to no page of ${this.#name} in its live session. Use pushNavigate or redirect.`,
      );
    }
    if (++this.#patches > MOST_PATCHES) {
      throw new Error(`${this.#name} pushed ${MOST_PATCHES} live patches in a row, the last one to ${to}.`);
    }
    this.#flash?.keepNew();
  }

  /**
   * The URL of a live patch, if middleware or a guard has to be asked about it: a page of this view.
   * @param orSame also if the page is there already
   */
  guardedUrl(to: string, orSame = false): URL | undefined {
    if (!this.#init.isGuarded && !this.mayEnter) return undefined;
    const url = this.#read(to);
    return url && (orSame || url.href !== this.url.href) && this.#init.resolve?.(url) ? url : undefined;
  }

  /** Tells if a live patch may lead to a URL: the app's middleware is asked, as the client, if it guards it. @param orSame see {@link guardedUrl} */
  mayPatch(to: string, orSame = false): boolean | Promise<boolean> {
    const url = this.guardedUrl(to, orSame);
    if (!url) return true;
    const { isGuarded, View } = this.#init;
    const passes = isGuarded ? (this.client?.mayPatch?.(url, View) ?? Promise.resolve(false)) : true;
    return chain(passes, (may) => {
      const params = may && this.mayEnter && this.#init.resolve?.(url);
      return params ? (this.mayEnter?.(url, params) ?? false) : may;
    });
  }

  #read(to: string): URL | undefined {
    const path = ownPath(to, this.url.href);
    return path && new URL(this.url.origin + path.pathname + path.search);
  }

  #enter(to: string): boolean {
    const url = this.#read(to);
    if (!url) return false;
    const params = this.#init.resolve?.(url);
    if (!params) return false;
    this.url = url;
    this.params = params;
    return true;
  }

  /** The way out, with the messages that go along. */
  withFlashToken(redirect: Redirect): CompletedRedirect {
    const travelling = this.#flash?.travelling;
    const { returnTo } = redirect;
    const travels = travelling || returnTo !== undefined;
    const token = travels && this.#init.createFlashToken?.(travelling ?? {}, this.#init.owner, returnTo);
    return token ? { ...redirect, flash: token } : redirect;
  }
}

/** Tells a client that the view had ended when it was to be joined. */
export const endedBeforeJoin = (view: number, redirect: CompletedRedirect | undefined): ServerFrame =>
  redirect
    ? [
        END,
        view,
        "redirected",
        `The view sends the page to ${redirect.to}.`,
        toNavigation(redirect),
        ...unseenEventsOf(redirect),
      ]
    : [END, view, "crashed", "The view ended before it was joined."];

/** As the client is told. */
export const toNavigation = ({ kind, to, replace, flash }: CompletedRedirect): Navigation => [
  kind,
  to,
  replace ? 1 : 0,
  ...(flash ? ([flash] as const) : ([] as const)),
];

/** Events that its page is told of before it goes there, as the end of a frame. @param seen number of the last patch that the client has shown */
export function unseenEventsOf(redirect: CompletedRedirect, seen = 0): [] | [events: readonly PushedEvent[]] {
  const events = redirect.unseen?.(seen) ?? [];
  return events.length ? [events] : [];
}
