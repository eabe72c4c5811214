/**
 * Features that not every page needs, loaded when one does: commands, hooks, live navigation, keys, recovery
 * of forms.
 */
import { createArrivals, createNavigator, type PageViews } from "./arrivals.ts";
import { createCommands } from "./behaviour/commands.ts";
import { bindFar } from "./behaviour/far.ts";
import { createRunForm } from "./behaviour/forms.ts";
import { createHookContext, startHook } from "./behaviour/hook-context.ts";
import { createHookLives } from "./behaviour/hook-life.ts";
import type { HookSocket, Hooks } from "./behaviour/hook-types.ts";
import type { Host } from "./behaviour/host.ts";
import { createJs } from "./behaviour/js.ts";
import { createNavigation } from "./behaviour/navigation.ts";
import { createRecover, createTellFilled } from "./behaviour/recovery.ts";
import { createRemoving } from "./behaviour/removing.ts";
import { watchScrolling } from "./behaviour/scrolling.ts";
import { applySubmitter } from "./behaviour/submitter.ts";
import { createTiming } from "./behaviour/timing.ts";
import { endWaiting, setPrefix, showWaiting } from "./dom/waiting.ts";
import { keepChoice } from "./patch/choice.ts";
import type { ShowStream } from "./patch/patching.ts";
import { isSame, tellAround } from "./patch/telling.ts";
import type { Started } from "./starting.ts";
import { createUploading } from "./uploading.ts";
import type { UploadsHost } from "./uploads.ts";
import { replaceChange } from "./waiting-changes.ts";

/** Shows changes of streams once that is loaded; the first one is shown without. */
function lazyStreams(): () => ShowStream | undefined {
  let shows: ShowStream | undefined;
  let asked = false;
  return () => {
    if (!asked)
      import("./patch/streams.ts").then(
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
  pageViews: PageViews,
): Started {
  setPrefix(host.win.document, host.prefix);
  const streams = lazyStreams();
  const commands = createCommands(host);
  const js = createJs(commands, host);
  const arrivals = createArrivals(pageViews);
  const removing = createRemoving(host, createCommands);
  const uploads = createUploading(host, () => import("./uploads.ts"));
  const hookHost = { liveSocket, js: () => js };
  host.timing = createTiming(host.win, host.prefix, host.immediate);
  host.runForm = createRunForm(host);
  host.away = bindFar(host);
  const navigating = createNavigation(createNavigator(host, pageViews, arrivals, removing));
  host.link = navigating.link;
  watchScrolling(host, () => import("./behaviour/viewport.ts"));
  return {
    get showStream() {
      return streams();
    },
    arrivals,
    // A file that cannot be loaded is done without.
    rare: (use) => void import("./rare.ts").then(use, () => {}),
    uploads,
    recover: createRecover(host, commands),
    removing,
    applySubmitter,
    js,
    commands,
    replaceChange,
    keepChoice,
    waiting: { showWaiting, endWaiting },
    telling: { isSame, tellAround },
    navigating,
    lives: createHookLives(
      host,
      hooks,
      uploads.need,
      createTellFilled(host, commands),
      (hook, el, name, signal, attempt) =>
        startHook(hook, createHookContext(host, hookHost, attempt, el, name, signal)),
    ),
  };
}
