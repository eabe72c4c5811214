/** Live patches and redirects, of a client or of a handler: followed until the page is there, or has left. */
import { chain } from "../view/chain.ts";
import type { Redirect } from "../view/navigation/navigation.ts";
import type { CompletedRedirect } from "./view-init.ts";
import { checkMayPatch, type ViewLocation } from "./view-location.ts";

/** The view that a live patch is for. */
export interface PatchedView {
  readonly ended: boolean;
  readonly isChild: boolean;
  handleParams(): unknown;
}

/** Ends of a redirect. */
export interface RedirectEnds {
  /** The view goes on, and shows its client the URL to which the page goes. */
  readonly stay: (label: string, to: CompletedRedirect) => void;
  /** The page leaves the view. */
  readonly leave: (to: CompletedRedirect) => void;
}

/**
 * Takes the page of a client to another URL of its view. A promise only if the author's code is asynchronous.
 * @param flash token of messages that a nested view sends along
 * @throws ForeignUrlError if the URL is not the view's
 */
export function patchFromClient(
  url: string,
  flash: string | undefined,
  location: ViewLocation,
  view: PatchedView,
): void | Promise<void> {
  return chain(location.mayPatch(url, true), (may) => {
    checkMayPatch(may, url);
    if (view.ended) return;
    location.applyClientPatch(url, flash);
    // The result is no reply.
    return chain<unknown, void>(view.handleParams(), () => {});
  });
}

/**
 * Goes where a handler sent the page, and where `handleParams` sends it from there. A promise only if the author's code
 * is asynchronous.
 */
export function followRedirect(
  redirect: Redirect,
  location: ViewLocation,
  view: PatchedView,
  ends: RedirectEnds,
): void | Promise<void> {
  if (redirect.kind !== "patch" || view.isChild) return leave(redirect);
  return chain(location.mayPatch(redirect.to), (may) => {
    if (view.ended) return;
    // Its middleware answers by itself: the page gets that answer.
    if (!may) return leave({ ...redirect, kind: "navigate" });
    location.applyPushedPatch(redirect);
    return chain<unknown, void>(view.handleParams(), () => {
      if (view.ended) return;
      const { pendingRedirect } = location;
      if (pendingRedirect) return followRedirect(pendingRedirect, location, view, ends);
      ends.stay("pushPatch", redirect);
    });
  });

  function leave(to: Redirect): void {
    location.pendingRedirect = undefined;
    const completed = location.withFlashToken(to);
    // A nested view goes on until the page takes it away.
    if (view.isChild) ends.stay(to.kind, completed);
    else ends.leave(completed);
  }
}
