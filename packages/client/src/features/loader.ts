/** The features: loaded when a page first needs them, and started. Code that needs none of them does not wait. */

import type { Commands, Host } from "../bindings/host.ts";
import { ownTarget, push, readBinding, type Target } from "../bindings/push.ts";
import type { Recover } from "../bindings/recovery.ts";
import type { RunRemoval } from "../bindings/remove.ts";
import type { Js } from "../commands/js.ts";
import type { LoadingState } from "../dom/loading-state.ts";
import { findAll, invoke } from "../dom/native.ts";
import type { HookManager } from "../hooks/hook-manager.ts";
import type { HookSocket, Hooks } from "../hooks/hook-types.ts";
import type { Navigating } from "../navigation/navigation.ts";
import type { SwapHost, ViewSwap } from "../navigation/view-swap.ts";
import type { KeepChoice, KeepRadios } from "../patch/fields.ts";
import type { ShowStream, UpdateNotices } from "../patch/patch-context.ts";
import type { Uploads, UploadsHost } from "../uploads/uploads.ts";
import type { ReplaceChange } from "../view/waiting-changes.ts";

/** The features that have started. */
export interface StartedFeatures {
  readonly commands: Commands;
  readonly navigating: Navigating;
  readonly lives: HookManager;
  readonly js: Js;
  readonly recover: Recover;
  readonly removing: RunRemoval;
  readonly applySubmitter: (form: HTMLFormElement) => void;
  readonly replaceChange: ReplaceChange;
  readonly telling: UpdateNotices;
  readonly keepChoice: KeepChoice;
  readonly keepRadios: KeepRadios;
  readonly waiting: LoadingState;
  readonly uploads: Uploads;
  readonly rare: (use: (rare: typeof import("./rare.ts")) => void) => unknown;
  readonly arrivals: ViewSwap;
  /** Undefined until it is loaded. */
  readonly showStream: ShowStream | undefined;
}

/** Parts that are loaded when a page needs them. */
export interface Features {
  startFeatures(
    host: Host & UploadsHost,
    hooks: Hooks,
    liveSocket: HookSocket,
    pageViews: SwapHost,
  ): StartedFeatures;
}

/**
 * Runs something as soon as the features are there: at once, if they are.
 * @param once element of the user's action: repeated actions there are ignored meanwhile
 */
export type WhenLoaded = (run: (started: StartedFeatures) => void, once?: Element) => void;

export interface FeatureLoader {
  readonly then: WhenLoaded;
  /** Undefined until they are there. */
  readonly started: StartedFeatures | undefined;
  /** Something waits for them, or for an upload. */
  readonly busy: boolean;
  /** Shows changes of streams, once it is loaded. */
  showStream(): ShowStream | undefined;
  /** Runs commands: at once if they are pushes to the view around them, or a component of it, that show no more than a class. */
  readonly run: Commands["run"];
}

/** @param onLoaded is called when they have come later */
export function createFeatureLoader(
  load: Features | (() => Promise<Features>),
  host: Host & UploadsHost,
  hooks: Hooks,
  liveSocket: HookSocket,
  pageViews: SwapHost,
  onLoaded: () => void,
): FeatureLoader {
  let started: StartedFeatures | undefined;
  let loading: Promise<void> | undefined;
  /** Element of the user's action that waits for the features. */
  let deferred: Element | undefined;
  const { prefix } = host;

  const start = (features: Features) => {
    started = features.startFeatures(host, hooks, liveSocket, pageViews);
  };

  const then: WhenLoaded = (run, once) => {
    if (started) return run(started);
    // A second click before the first one has run is none.
    if (typeof load !== "function" || (once && deferred === once)) return;
    deferred = once ?? deferred;
    loading ??= load().then(
      (features) => {
        start(features);
        onLoaded();
      },
      // A page that is offline asks again when it needs them again.
      () => {
        loading = undefined;
      },
    );
    void loading.then(() => {
      deferred = undefined;
      if (started) run(started);
    });
  };

  if (typeof load !== "function") start(load);
  else
    host.away = (event) => {
      if (!findAll(host.win.document, `[${host.prefix}click-away]`)[0]) return () => {};
      let run = () => {};
      then(() => {
        run = host.away(event);
      });
      return () => then(() => run());
    };
  return {
    then,
    get started() {
      return started;
    },
    get busy() {
      return started ? started.uploads.busy : !!loading;
    },
    showStream() {
      then(() => {});
      return started?.showStream;
    },
    run(binding, context) {
      if (started) return started.commands.run(binding, context);
      const list = readBinding(binding);
      const { source } = context;
      const attribute = (name: string) => invoke(source, "getAttribute", prefix + name);
      const targets = list.map(([op, args = {}]) =>
        op === "push" && !("optimistic" in args) && !args.loading && attribute("disable-with") === null
          ? ownTarget(host, source, args.target ?? attribute("target"))
          : undefined,
      );
      if (targets.includes(undefined))
        then(({ commands }) => commands.run(list, context), context.event && source);
      else
        for (const [index, [, args = {}]] of list.entries())
          push(host, args, context, targets[index] as Target[]);
    },
  };
}
