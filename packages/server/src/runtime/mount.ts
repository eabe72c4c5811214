/** Mounting a view, from the hooks of its live session to its params. */
import { chain } from "../view/chain.ts";
import type { LiveView, OnMount } from "../view/live-view.ts";
import type { Redirect } from "../view/navigation/navigation.ts";
import { runOnMountHooks } from "./on-mount-hooks.ts";
import type { PatchedView } from "./redirects.ts";
import type { ViewInit } from "./view-init.ts";
import type { ViewLocation } from "./view-location.ts";

/** Hooks of the live session, then the guard of the view itself: it may rely on what they have put into the context. */
function onMountHooks({ onMount, View: { guard } }: ViewInit): readonly OnMount[] | undefined {
  return guard && !onMount?.includes(guard.onMount) ? [...(onMount ?? []), guard.onMount] : onMount;
}

/** Callbacks of a view that has begun to live: its `mount`, then its first `handleParams`, when a page may be patched. */
export type MountPhase = "mounting" | "starting";

/**
 * Runs the `onMount` hooks, `mount` and `handleParams`, until one of them redirects or the view ends. A promise only
 * if the author's code is asynchronous.
 * @returns the redirect that mounting led to
 * @throws what the author's code throws
 */
export function mountView(
  view: LiveView,
  init: ViewInit,
  location: ViewLocation,
  viewProcess: Pick<PatchedView, "ended" | "handleParams">,
  enter: (phase: MountPhase) => void,
): Redirect | undefined | Promise<Redirect | undefined> {
  const isOver = () => viewProcess.ended || location.pendingRedirect !== undefined;

  const hooks = onMountHooks(init);
  const hooked = hooks && runOnMountHooks(view, hooks, init.liveSession, isOver);
  return chain(hooked, () => {
    if (isOver()) return location.pendingRedirect;
    enter("mounting");
    return chain<unknown, Redirect | undefined>(view.mount?.(), () => {
      if (isOver()) return location.pendingRedirect;
      enter("starting");
      return chain(init.child ? undefined : viewProcess.handleParams(), patched);
    });
  });

  /** Follows live patches that `handleParams` pushed: the client is told of the last one when it joins. */
  function patched(): Redirect | undefined | Promise<Redirect | undefined> {
    const redirect = location.pendingRedirect;
    if (viewProcess.ended || redirect?.kind !== "patch") return redirect;
    if (location.guardedUrl(redirect.to)) return { ...redirect, kind: "navigate" };
    if (init.painting) return redirect;
    location.applyPushedPatch(redirect);
    location.untoldPatch = redirect;
    return chain(viewProcess.handleParams(), patched);
  }
}
