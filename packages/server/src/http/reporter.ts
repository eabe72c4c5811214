/** The app's reports: errors of the author's function reach no other code, and floods become a count. */
import { Redactor } from "../runtime/redact.ts";
import { GIVEN, type Report } from "../runtime/services.ts";
import { logReport } from "./log-report.ts";

const MINUTE = 60_000;
/** Reports of one kind and place in a minute; further ones are counted. */
const MOST = 20;
/** Places that are told apart: names of events may come from clients. */
const MOST_PLACES = 1000;

/** Reports of one kind and place. */
interface Place {
  since: number;
  count: number;
  /** Reported when the minute has passed. */
  timer: NodeJS.Timeout | undefined;
}

function redactReport({ [GIVEN]: given, ...report }: Report, redactor: Redactor): Report {
  const hidden = redactor.valuesOf(...readGiven(given));
  const { message, event, error } = report;
  return {
    ...report,
    message: redactor.text(message, hidden),
    ...(event !== undefined && { event: redactor.text(event, hidden) }),
    ...(error !== undefined && { error: redactor.copy(error, hidden) }),
  };
}

function readGiven(given: Report[typeof GIVEN]): readonly unknown[] {
  try {
    return given?.() ?? [];
  } catch {
    return [];
  }
}

/** Names of events and paths that a client made up are not places of their own, or each would get its own lines. */
const placeOf = ({ kind, view, event }: Report): string =>
  kind === "refused" ? `${kind} ${view}` : `${kind} ${view} ${event?.replace(/^([A-Z]+) \/.*/s, "$1")}`;

/** Wraps the author's `report`, or the default log: neither gets a password, a token or a cookie. */
export function createReporter(
  own: (report: Report) => unknown = logReport,
  redactor = new Redactor(),
): (report: Report) => void {
  const guarded = guard(own);
  const tell = (report: Report) => guarded(redactReport(report, redactor));
  const places = new Map<string, Place>();
  const end = (key: string, { kind, view, event }: Report) => {
    const place = places.get(key);
    places.delete(key);
    if (!place) return;
    clearTimeout(place.timer);
    const omitted = place.count - MOST;
    if (omitted <= 0) return;
    const message = `${omitted} more reports of this kind were left out within a minute`;
    tell({ kind, message, ...(view && { view }), ...(event && kind !== "refused" && { event }) });
  };
  return (report) => {
    const now = Date.now();
    let key = placeOf(report);
    let place = places.get(key);
    if (place && now - place.since >= MINUTE) {
      end(key, report);
      place = undefined;
    }
    if (!place) {
      if (places.size >= MOST_PLACES) prune(places, now);
      if (places.size >= MOST_PLACES) key = "other";
      place = places.get(key) ?? { since: now, count: 0, timer: undefined };
      places.set(key, place);
    }
    place.count++;
    if (place.count <= MOST) tell(report);
    else place.timer ??= setTimeout(end, MINUTE, key, report).unref();
  };
}

function prune(places: Map<string, Place>, now: number): void {
  for (const [key, { since, timer }] of places) if (!timer && now - since >= MINUTE) places.delete(key);
}

/** Errors of the author's function go to the console, with the report that it failed at. */
function guard(own: (report: Report) => unknown): (report: Report) => void {
  const failed = (report: Report, error: unknown) => {
    try {
      logReport(report);
      logReport({ kind: "crash", event: "report", message: "the app's report function threw", error });
    } catch {
      // The console fails as well.
    }
  };
  return (report) => {
    try {
      const done = own(report);
      if (done instanceof Promise) done.catch((error) => failed(report, error));
    } catch (error) {
      failed(report, error);
    }
  };
}
