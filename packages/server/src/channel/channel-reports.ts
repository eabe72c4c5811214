/** Reports in the name of a channel's class: channels of one class share them. */
import type { Report } from "../runtime/services.ts";
import { ViewReports } from "../runtime/view-reports.ts";

export class ChannelReports extends ViewReports {
  override warnSlow(label: string, milliseconds: number): void {
    const seconds = Math.round(milliseconds / 1000);
    this.warn(
      label,
      `it has been running for ${seconds} seconds, and all else that the channel has to do waits for it. Give an event { overlap: "parallel" } if it takes long`,
    );
  }

  /** A value of a presence that clients cannot be told. */
  readonly noJson = (presence: string, key: string, error: unknown): void => {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    this.warn(
      "presence",
      `what is known of ${JSON.stringify(key)} in the presence ${JSON.stringify(presence)} has no JSON, so clients of channels are told without it: ${reason}. Track plain data without BigInt`,
    );
  };

  override lateError(event: string, error: unknown): void {
    // Work that stops because the channel has ended is no failure.
    if (error instanceof Error && error.name === "AbortError") return;
    this.crash(event, "it failed after its channel had ended", error);
  }
}

/** By the app's `report`. */
const known = new WeakMap<(report: Report) => void, WeakMap<object, ChannelReports>>();

/** @param report of the app */
export function channelReportsOf(
  Class: { readonly name: string },
  report: (report: Report) => void,
): ChannelReports {
  let ofApp = known.get(report);
  if (!ofApp) {
    ofApp = new WeakMap();
    known.set(report, ofApp);
  }
  let reports = ofApp.get(Class);
  if (!reports) {
    reports = new ChannelReports(Class.name || "anonymous channel", report);
    ofApp.set(Class, reports);
  }
  return reports;
}
