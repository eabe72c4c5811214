/**
 * Features that not every page needs, loaded when one does: commands, hooks, live navigation, keys, recovery
 * of forms.
 */

import { createRunForm } from "../bindings/forms.ts";
import type { Host } from "../bindings/host.ts";
import { createRateLimit } from "../bindings/rate-limit.ts";
import { createRecover, createTellFilled } from "../bindings/recovery.ts";
import { createRemoval } from "../bindings/remove.ts";
import { watchScrolling } from "../bindings/scrolling.ts";
import { applySubmitter } from "../bindings/submitter.ts";
import { bindWindow } from "../bindings/window-bindings.ts";
import { createCommands } from "../commands/commands.ts";
import { createJs } from "../commands/js.ts";
import { endLoading, setPrefix, showLoading } from "../dom/loading-state.ts";
import { createHookContext, startHook } from "../hooks/hook-context.ts";
import { createHookManager } from "../hooks/hook-manager.ts";
import type { HookSocket, Hooks } from "../hooks/hook-types.ts";
import { createNavigation } from "../navigation/navigation.ts";
import { createNavigator, createViewSwap, type PageSigns, type SwapHost } from "../navigation/view-swap.ts";
import { keepChoice } from "../patch/chosen-options.ts";
import type { ShowStream } from "../patch/patch-context.ts";
import { createKeepRadios } from "../patch/radios.ts";
import { isSame, notifyAncestors } from "../patch/update-notices.ts";
import { createUploadsLoader } from "../uploads/loader.ts";
import type { UploadsHost } from "../uploads/uploads.ts";
import { replaceChange } from "../view/waiting-changes.ts";
import type { StartedFeatures } from "./loader.ts";

/** Shows changes of streams once that is loaded; the first one is shown without. */
function lazyStreams(): () => ShowStream | undefined {
  let shows: ShowStream | undefined;
  let asked = false;
  return () => {
    if (!asked)
      import("../patch/streams.ts").then(
        ({ showStream }) => (shows = showStream),
        () => (asked = false),
      );
    asked = true;
    return shows;
  };
}

export function startFeatures(
  host: Host & UploadsHost,
  hooks: Hooks,
  liveSocket: HookSocket,
  pageViews: SwapHost,
  lifecycle: PageSigns,
): StartedFeatures {
  setPrefix(host.win.document, host.prefix);
  const streams = lazyStreams();
  const commands = createCommands(host);
  const js = createJs(commands, host);
  const arrivals = createViewSwap(pageViews);
  const removing = createRemoval(host, createCommands);
  const uploads = createUploadsLoader(host, () => import("../uploads/uploads.ts"));
  const hookHost = { liveSocket, js: () => js };
  const rateLimit = createRateLimit(host.win, host.prefix, host.immediate);
  const runForm = createRunForm(host);
  const away = bindWindow(host);
  // A file that cannot be loaded is done without.
  const rare: StartedFeatures["rare"] = (use) => void import("./rare.ts").then(use, () => {});
  const navigating = createNavigation(
    createNavigator(host, pageViews, lifecycle, arrivals, removing),
    (...args) => rare(({ fetchSession }) => fetchSession(host, ...args)),
  );
  watchScrolling(host, () => import("../bindings/viewport.ts"));
  return {
    get showStream() {
      return streams();
    },
    arrivals,
    rare,
    uploads,
    recover: createRecover(host, commands),
    removing,
    applySubmitter,
    js,
    commands,
    replaceChange,
    keepChoice,
    keepRadios: createKeepRadios(host.win.document),
    waiting: { showLoading, endLoading },
    telling: { isSame, notifyAncestors },
    navigating,
    rateLimit,
    runForm,
    away,
    link: navigating.link,
    hookManager: createHookManager(
      host,
      hooks,
      uploads.need,
      createTellFilled(host, commands),
      (hook, el, name, signal, attempt) =>
        startHook(hook, createHookContext(host, hookHost, attempt, el, name, signal)),
    ),
  };
}
