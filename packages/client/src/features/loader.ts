/** The features: loaded when a page first needs them, and started. Code that needs none of them does not wait. */

import type { Commands, Host, UserActions } from "../bindings/host.ts";
import type { Recover } from "../bindings/recovery.ts";
import type { RunRemoval } from "../bindings/remove.ts";
import type { Js } from "../commands/js.ts";
import type { LoadingState } from "../dom/loading-state.ts";
import type { HookManager } from "../hooks/hook-manager.ts";
import type { HookSocket, Hooks } from "../hooks/hook-types.ts";
import type { Navigating } from "../navigation/navigation.ts";
import type { PageSigns, SwapHost, ViewSwap } from "../navigation/view-swap.ts";
import type { KeepChoice, KeepRadios } from "../patch/fields.ts";
import type { ShowStream, UpdateNotices } from "../patch/patch-context.ts";
import type { Uploads, UploadsHost } from "../uploads/uploads.ts";
import type { ReplaceChange } from "../view/waiting-changes.ts";

/** The features that have started. */
export interface StartedFeatures extends UserActions {
  readonly commands: Commands;
  readonly navigating: Navigating;
  readonly hookManager: HookManager;
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
    lifecycle: PageSigns,
  ): StartedFeatures;
}

/**
 * Runs something as soon as the features are there: at once, if they are.
 * @param once element of the user's action: repeated actions there are ignored meanwhile
 */
export type WhenLoaded = (run: (started: StartedFeatures) => void, once?: Element) => void;

export interface FeatureLoader {
  readonly whenLoaded: WhenLoaded;
  /** Undefined until they are there. */
  readonly started: StartedFeatures | undefined;
  /** Something waits for them, or for an upload. */
  readonly busy: boolean;
  /** Shows changes of streams, once it is loaded. */
  showStream(): ShowStream | undefined;
  /** Runs something with the parts that few pages ever need, if they can be loaded. */
  rare(...args: Parameters<StartedFeatures["rare"]>): void;
  /**
   * From now on features may be needed. To be called once.
   * @param start is called when they are there
   * @param onLoaded is called when they have come later
   */
  begin(start: (features: Features) => StartedFeatures, onLoaded: () => void): void;
}

/** @param load the features, or a way to load them */
export function createFeatureLoader(load: Features | (() => Promise<Features>)): FeatureLoader {
  let started: StartedFeatures | undefined;
  let loading: Promise<void> | undefined;
  /** Element of the user's action that waits for the features. */
  let deferred: Element | undefined;
  let onFeatures: (features: Features) => void;

  const whenLoaded: WhenLoaded = (run, once) => {
    if (started) return run(started);
    // Repeated actions on an element are ignored until the features have loaded.
    if (typeof load !== "function" || (once && deferred === once)) return;
    deferred = once ?? deferred;
    // A page that is offline asks again when it needs them again.
    loading ??= load().then(onFeatures, () => {
      loading = undefined;
    });
    void loading.then(() => {
      deferred = undefined;
      if (started) run(started);
    });
  };

  return {
    whenLoaded,
    get started() {
      return started;
    },
    get busy() {
      return started ? started.uploads.busy : !!loading;
    },
    showStream() {
      whenLoaded(() => {});
      return started?.showStream;
    },
    rare: (use) => whenLoaded(({ rare }) => rare(use)),
    begin(start, onLoaded) {
      if (typeof load !== "function") started = start(load);
      else
        onFeatures = (features) => {
          started = start(features);
          onLoaded();
        };
    },
  };
}
