/** Errors that no handler catches, of a forgotten promise or a timer: reported, so that the other views go on. */
import type { Report } from "../runtime/services.ts";
import { startTracing, tracedOrigin } from "../runtime/tracing.ts";

/** A server that is told of them. */
export interface Catcher {
  readonly report: (report: Report) => void;
  /** The process exits after the report. */
  readonly exits: boolean;
}

const catchers = new Set<Catcher>();

/** @returns a function that stops it */
export function catchUncaught(catcher: Catcher): () => void {
  if (catchers.size === 0) {
    process.on("uncaughtException", caught);
    process.on("unhandledRejection", caught);
  }
  catchers.add(catcher);
  // It makes every promise of the process slower.
  if (process.env.NODE_ENV !== "production") startTracing();
  return () => {
    if (!catchers.delete(catcher) || catchers.size > 0) return;
    process.off("uncaughtException", caught);
    process.off("unhandledRejection", caught);
  };
}

function caught(error: unknown): void {
  const place = tracedOrigin();
  const message =
    "no handler caught an error: a promise that is not awaited, a timer or an event emitter of the author's";
  if (place) place.view.trace({ kind: "crash", event: place.event, message, error });
  else {
    // Once, however many servers there are.
    const [first] = catchers;
    first?.report({ kind: "crash", event: "uncaught", message, error });
  }
  for (const { exits } of catchers) if (exits) process.exit(1);
}
