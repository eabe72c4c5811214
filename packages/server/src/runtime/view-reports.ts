/** Reports in the name of a view. */
import type { ViewClass } from "../view/live-view.ts";
import { GIVEN, type Given, type Report } from "./services.ts";
import type { TracedView } from "./tracing.ts";

export class ViewReports implements TracedView {
  readonly viewName: string;
  readonly #report: (report: Report) => void;

  /** @param report of the app */
  constructor(viewName: string, report: (report: Report) => void) {
    this.viewName = viewName;
    this.#report = report;
  }

  report(report: Report): void {
    const send = this.#report;
    send({ view: this.viewName, ...report });
  }

  trace(report: Report): void {
    this.report(report);
  }

  /** A mistake that does not stop anything. */
  warn(event: string, message: string, error?: unknown): void {
    this.report({ kind: "warning", event, message, error });
  }

  /**
   * @param message its consequence
   * @param given data that the error may quote
   */
  crash(event: string, message: string, error: unknown, given?: Given): void {
    this.report({ kind: "crash", event, message, error, ...(given && { [GIVEN]: given }) });
  }

  /** An optimistic change could not be kept. */
  rolledBack(event: string, error: Error): void {
    this.warn(event, `An optimistic change was taken back: ${error.message}`, error);
  }

  /** A handler has been running for longer than it should. */
  warnSlow(label: string, milliseconds: number): void {
    const seconds = Math.round(milliseconds / 1000);
    this.warn(
      label,
      `it has been running for ${seconds} seconds, and all else that the view has to do waits for it. Use startAsync for long work`,
    );
  }

  /** Code of the author's has failed after its view had ended. */
  lateError(event: string, error: unknown): void {
    // Work that stops because the view has ended is no failure.
    if (error instanceof Error && error.name === "AbortError") return;
    this.crash(event, "it failed after its view had ended", error);
  }
}

/** By the app's `report`: views of one class share them. */
const known = new WeakMap<(report: Report) => void, WeakMap<ViewClass, ViewReports>>();

/** Reports in the name of the views of a class. @param report of the app */
export function reportsOf(View: ViewClass, report: (report: Report) => void): ViewReports {
  let ofApp = known.get(report);
  if (!ofApp) {
    ofApp = new WeakMap();
    known.set(report, ofApp);
  }
  let reports = ofApp.get(View);
  if (!reports) {
    reports = new ViewReports(View.name || "anonymous view", report);
    ofApp.set(View, reports);
  }
  return reports;
}
