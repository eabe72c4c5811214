/** The `onMount` hooks of a live session: they run before a view's `mount`, until one of them redirects. */

import { nameOf } from "../view/actor.ts";
import { chain } from "../view/chain.ts";
import type { LiveView, OnMount } from "../view/live-view.ts";

/**
 * Runs the hooks in order. A promise only where one of them is asynchronous.
 * @param liveSession name of their live session, for the error
 * @param isOver tells if the view has ended, so that no further hook may run
 * @throws errors of the hooks; TypeError if one returns a value
 */
export function runOnMountHooks(
  view: LiveView,
  guards: readonly OnMount[],
  liveSession: string | undefined,
  isOver: () => boolean,
): void | Promise<void> {
  const next = (index: number): void | Promise<void> => {
    const guard = isOver() ? undefined : guards[index];
    if (!guard) return;
    return chain<unknown, void>(guard.call(view, view), (done) => {
      if (done === undefined) return next(index + 1);
      // A hook that returns a value probably meant to halt. Ignoring it could let an unauthorised user in.
      throw new TypeError(
        `${titleOf(guard, index, guards.length, liveSession)} must return nothing, but returned ${String(done)} for ${nameOf(view)}: redirect or throw to end it there.`,
      );
    });
  };
  return next(0);
}

function titleOf({ name }: OnMount, index: number, count: number, liveSession: string | undefined): string {
  const which = count > 1 ? `, number ${index + 1} of ${count},` : "";
  const of = liveSession === undefined ? "" : ` of the live session "${liveSession}"`;
  // A function written in the option itself gets the option's name.
  return `The onMount hook ${name && name !== "onMount" ? name : "without a name"}${which}${of}`;
}
