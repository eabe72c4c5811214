/** Attribution of errors that no handler catches: the view and the callback in which their work began. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Report } from "./services.ts";

/** A callback of a view. */
export interface TracedView {
  readonly viewName: string;
  /** Reports under the view's name. */
  trace(report: Report): void;
}

interface Place {
  readonly view: TracedView;
  readonly event: string;
}

let storage: AsyncLocalStorage<Place> | undefined;

/**
 * Begins to trace: work that callbacks begin carries their names. It makes all promises of the process
 * slower, so it is for development.
 */
export function startTracing(): void {
  storage ??= new AsyncLocalStorage();
}

/** Runs a callback under its name. */
export function traced<T>(view: TracedView, event: string, run: () => T): T {
  return storage ? storage.run({ view, event }, run) : run();
}

/** The callback in which the running work was begun; undefined if that is not known. */
export const tracedOrigin = (): Place | undefined => storage?.getStore();
